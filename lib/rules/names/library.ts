/** What a config gives its rules beside their kind: names for conditions, and tables. */
import { freeNames } from "../cel/syntax_tree.ts";
import { atOnce, type Steps } from "../../util/waiting.ts";
import { compileValue } from "../expression.ts";
import type { RuleTable, TableFinding } from "../tables/rule_table.ts";
import { extendVocabulary, type Vocabulary } from "../vocabulary.ts";
import {
  type DefinedName,
  definedName,
  findCircles,
  type NamedParts,
  type UnusableName,
} from "./define.ts";
import { tablesNamedIn } from "./lookup.ts";
import { type LookupTable, openLookup } from "./lookup_table.ts";

/** What a config gives names to. */
export interface LibrarySettings {
  /** Expressions by their names. */
  readonly defines: Readonly<Record<string, string>>;
  readonly tables: readonly RuleTable[];
  /** All that rules of any kind may speak of: what a name clashes with. */
  readonly vocabularies: readonly Vocabulary[];
}

/** The named parts of a config, for its rules. */
export interface RuleLibrary {
  /**
   * Opens the tables in which texts look something up. What is wrong with one is told when a rule is
   * compiled that does.
   *
   * @param texts The texts of the config, whatever they are.
   */
  openLookups(texts: Iterable<string>): Steps<void>;
  /** What rules of a kind may speak of, with what the config adds. */
  vocabulary(base: Vocabulary): Vocabulary;
  /** What was found up to now: what is wrong, and what works but can't be meant. */
  findings(): {
    readonly mistakes: readonly TableFinding[];
    readonly warnings: readonly TableFinding[];
  };
  /** What nothing has used up to now, to be asked when all has been opened. */
  unused(): readonly TableFinding[];
}

/**
 * Makes the library of a config.
 *
 * @param settings What the config gives names to.
 */
export function createRuleLibrary({ defines, tables, vocabularies }: LibrarySettings): RuleLibrary {
  const mistakes = new Findings();
  const warnings = new Findings();
  const byName = new Map(tables.map((table) => [table.name, table]));
  const names = Object.keys(defines);
  const sound = new Set(names.filter((name) => {
    const finding = judgeName(name, vocabularies);
    if (finding !== undefined) mistakes.add({ at: ["define", name], ...finding });
    return finding === undefined;
  }));
  const free = new Map(names.map((name) => [name, namesIn(defines[name] ?? "", vocabularies)]));
  const references = new Map(
    [...free].map(([name, others]) => [name, others.filter((other) => sound.has(other))]),
  );
  const circular = new Set<string>();
  for (const circle of findCircles(references)) {
    for (const name of circle) circular.add(name);
    const [first = ""] = circle;
    mistakes.add({
      at: ["define", first],
      message: `found a circle: ${circle.join(" → ")}`,
      hint: "Write out one of these names",
    });
  }

  const opened = new Map<string, OpenedLookup>();
  function* open(name: string): Steps<OpenedLookup> {
    const found = { mistakes: new Findings(), warnings: new Findings() };
    const table = byName.get(name);
    const lookup = table?.sheet === undefined || table.sheet.mistakes.length > 0
      ? undefined
      : yield* openLookup(table, table.sheet, found.mistakes.add, found.warnings.add);
    return { lookup, ...found };
  }
  const lookups = new Map<string, LookupTable | undefined>();
  function lookup(name: string): LookupTable | undefined {
    if (!lookups.has(name)) {
      const found = opened.get(name) ?? atOnce(open(name));
      for (const finding of found.mistakes.list()) mistakes.add(finding);
      for (const finding of found.warnings.list()) warnings.add(finding);
      lookups.set(name, found.lookup);
    }
    return lookups.get(name);
  }

  const used = new Set<string>();
  /** What each name uses itself, whichever kind of rules it is for. */
  const usedBy = new Map<string, Set<string>>();
  let user: string | undefined;
  function use(what: "define" | "tables", name: string): void {
    const key = `${what}.${name}`;
    if (user === undefined) used.add(key);
    else usedBy.set(user, (usedBy.get(user) ?? new Set<string>()).add(key));
  }

  const extended = new Map<Vocabulary, Vocabulary>();
  /** A variable of other kinds of rules, of which a name speaks. */
  function strangeTo({ definition }: Vocabulary, name: string): string | undefined {
    return free.get(name)?.find((one) =>
      !Object.hasOwn(definition.variables, one) &&
      vocabularies.some((other) => Object.hasOwn(other.definition.variables, one))
    );
  }

  function extend(base: Vocabulary): Vocabulary {
    const known = new Map<string, DefinedName>();
    const unusable = new Map<string, UnusableName>();
    const named: NamedParts = {
      defines: known,
      unusable,
      tables: byName,
      lookup,
      tell: mistakes.add,
      warn: warnings.add,
      use,
    };
    const vocabulary = extendVocabulary(base, named);
    const visit = (name: string): void => {
      if (known.has(name) || unusable.has(name)) return;
      if (circular.has(name)) {
        unusable.set(name, { message: "it stands in a circle" });
        return;
      }
      const strange = strangeTo(base, name);
      if (strange !== undefined) {
        const seen = Object.keys(base.definition.variables).join(", ");
        unusable.set(name, { message: `it speaks of ${strange}, and rules here see ${seen}` });
        return;
      }
      for (const other of references.get(name) ?? []) visit(other);
      user = `define.${name}`;
      const compiled = compileValue(vocabulary, defines[name] ?? "");
      user = undefined;
      if ("message" in compiled) {
        const { line, column, message, hint } = compiled;
        const place = `${line === 1 ? "" : `line ${line}, `}column ${column}`;
        unusable.set(name, { message: `${place}: ${message}`, hint });
        return;
      }
      const define = definedName(compiled);
      known.set(name, define);
      vocabulary.checking.registerVariable(name, define.type);
    };
    for (const name of sound) visit(name);
    return vocabulary;
  }

  function vocabulary(base: Vocabulary): Vocabulary {
    let found = extended.get(base);
    if (found === undefined) extended.set(base, found = extend(base));
    return found;
  }

  /** A name that is for no rules at all. */
  function judgeDefines(): void {
    for (const name of sound) {
      if (circular.has(name) || isUsable(name)) continue;
      const bases = [...extended.keys(), ...vocabularies];
      const reasons = bases.map((base) => vocabulary(base).named?.unusable.get(name));
      if (reasons.some((reason) => reason === undefined)) continue;
      const reason = reasons.find((one) => one?.message.includes("it speaks of") === false) ??
        reasons[0];
      mistakes.add({
        at: ["define", name],
        message: `In ${JSON.stringify(name)}, ${reason?.message}`,
        hint: reason?.hint,
      });
    }
  }

  function isUsable(name: string): boolean {
    return [...extended.values()].some(({ named }) => named?.defines.has(name));
  }

  function allUsed(): ReadonlySet<string> {
    const all = new Set(used);
    for (const one of all) for (const other of usedBy.get(one) ?? []) all.add(other);
    return all;
  }

  return {
    *openLookups(texts) {
      for (const text of texts) {
        for (const name of tablesNamedIn(text)) {
          if (!opened.has(name)) opened.set(name, yield* open(name));
        }
        yield;
      }
    },
    vocabulary,
    findings() {
      judgeDefines();
      return { mistakes: mistakes.list(), warnings: warnings.list() };
    },
    unused() {
      const all = allUsed();
      return [
        ...names.filter((name) => !all.has(`define.${name}`)).map((name) => ({
          at: ["define", name],
          message: "found a name that nothing uses",
          hint: "Use it in a rule, a table or a filter, or take it out",
        })),
        ...tables.filter(({ name }) => !all.has(`tables.${name}`)).map(({ name }) => ({
          at: ["tables", name],
          message: "found a table that nothing uses",
          hint: `A rule that uses it: { "name": ${JSON.stringify(name)}, "table": ${
            JSON.stringify(name)
          } }`,
        })),
      ];
    },
  };
}

/** A table that was opened before rules look something up in it, and what is to be told of it then. */
interface OpenedLookup {
  readonly lookup: LookupTable | undefined;
  readonly mistakes: Findings;
  readonly warnings: Findings;
}

/** What was found, each once: two endpoints find the same in one table. */
class Findings {
  readonly #found = new Map<string, TableFinding>();

  readonly add = (finding: TableFinding): void => {
    const key = JSON.stringify([finding.at, finding.message]);
    if (!this.#found.has(key)) this.#found.set(key, finding);
  };

  list(): readonly TableFinding[] {
    return [...this.#found.values()];
  }
}

/** Words of the language, and what every rule may write. */
const TAKEN: ReadonlySet<string> = new Set([
  ...["true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function"],
  ...["if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"],
  ...["has", "lookup", "row"],
]);

function judgeName(
  name: string,
  vocabularies: readonly Vocabulary[],
): Pick<TableFinding, "message" | "hint"> | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.startsWith("__")) {
    const hint = "A name has letters, digits and _, e.g. isVip";
    return { message: `found ${JSON.stringify(name)}, wanted a name`, hint };
  }
  const clash = vocabularies.find(({ definition, checking }) =>
    Object.hasOwn(definition.variables, name) || checking.hasVariable(name)
  );
  if (clash === undefined && !TAKEN.has(name)) return undefined;
  return {
    message: `found ${JSON.stringify(name)}, which means something in rules already`,
    hint: `Give it another name, e.g. is${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  };
}

/** The names that an expression speaks of, as far as it can be read. */
function namesIn(source: string, [vocabulary]: readonly Vocabulary[]): readonly string[] {
  try {
    return vocabulary === undefined ? [] : [...freeNames(vocabulary.checking.parse(source).ast)];
  } catch {
    return [];
  }
}
