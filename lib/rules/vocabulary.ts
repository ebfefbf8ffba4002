import { Environment } from "@marcbachmann/cel-js";
import { aliasOf } from "./cel/syntax_tree.ts";
import type { NamedParts } from "./names/define.ts";
import { addLookups } from "./names/lookup.ts";
import { lazy } from "../util/memory.ts";
import { addComputingFunctions, addFunctions } from "./cel/functions.ts";
import {
  createContextClass,
  createReaderClass,
  type ReaderClass,
  STEP_NAME,
  TIME_LIMIT_NAME,
  TIME_ZONE_NAME,
  TimeLimit,
} from "./cel/evaluation.ts";

/** The types of the fields of one type: `string`, `number`, `bool`, a type's name, `list<…>`, `map<string, string>`. */
export type FieldTypes = Readonly<Record<string, string>>;

/** What rules may speak of. */
export interface VocabularyDefinition {
  /** The types, by name, with their fields. */
  readonly types: Readonly<Record<string, FieldTypes>>;
  /** What a rule starts from, e.g. `order`, each with its type. */
  readonly variables: FieldTypes;
  /**
   * The variables that differ between evaluations that share a cache. Where there are some, what
   * does not name them is computed once for all of them.
   */
  readonly changing?: readonly string[];
  /**
   * What a field gives where a text is sent, e.g. of `Address.country`: it never has a text of
   * which it makes another.
   */
  readonly normalized?: Readonly<Record<string, (text: string) => string>>;
}

/** What rules may speak of, ready to compile and to evaluate them. */
export interface Vocabulary {
  readonly definition: VocabularyDefinition;
  /** What stands for variables whose names the language has taken, see `aliasOf`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Checks what people write. */
  readonly checking: Environment;
  /** Evaluates what `rewrite.ts` makes of it. */
  readonly computing: Environment;
  /** What a config adds to it. */
  readonly named?: NamedParts;
  /**
   * The class of what one evaluation starts from: made of an object with the variables, whose fields
   * may be getters, and of what it shares with other evaluations of the same document.
   */
  readonly Context: ReaderClass;
}

/** What a person may write; a list of a thousand postcodes still fits. */
const LIMITS = { maxAstNodes: 5_000, maxDepth: 50, maxListElements: 2_000, maxCallArguments: 16 };

/** What is rewritten nests deeper: a sum of `n` numbers becomes `n` nested calls. */
const COMPUTING_LIMITS = { ...LIMITS, maxAstNodes: 20_000, maxDepth: 10_000 };

const PLAIN_TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "string"],
  ["number", "double"],
  ["bool", "bool"],
  ["map<string, string>", "map<string, string>"],
]);

/**
 * Creates a vocabulary.
 *
 * @param definition Its types and variables.
 * @returns The vocabulary, for any number of rules.
 * @throws {TypeError} When a field's type is unknown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const vocabulary = createVocabulary({
 *   types: { Order: { total: "number" } },
 *   variables: { order: "Order" },
 * });
 * assertEquals(vocabulary.checking.check("order.total > 500").valid, true);
 * ```
 */
export function createVocabulary(definition: VocabularyDefinition): Vocabulary {
  const { types, variables } = definition;
  const celFields = new Map(
    Object.entries(types).map(([name, fields]) => [name, celTypes(fields, types)]),
  );
  const celVariables = celTypes(variables, types);
  let made: Language | undefined;
  // A config uses few of the vocabularies that there are, or none.
  const language = () => made ??= makeLanguage(definition, celFields, celVariables);
  return {
    definition,
    get aliases() {
      return language().aliases;
    },
    get checking() {
      return language().checking;
    },
    get computing() {
      return language().computing;
    },
    get Context() {
      return language().Context;
    },
  };
}

/**
 * Adds to a vocabulary what a config gives names to. The names of `named.defines` are to be there
 * when the vocabulary is first used, or to be registered with its `checking` later.
 *
 * @param base The vocabulary.
 * @param named What is added.
 */
export function extendVocabulary(base: Vocabulary, named: NamedParts): Vocabulary {
  const add = (environment: Environment) => {
    const extended = environment.clone();
    addLookups(extended, named.lookup);
    return extended;
  };
  const checking = lazy(() => add(base.checking));
  const computing = lazy(() => add(base.computing));
  return {
    definition: base.definition,
    named,
    get aliases() {
      return base.aliases;
    },
    get checking() {
      return checking();
    },
    get computing() {
      return computing();
    },
    get Context() {
      return base.Context;
    },
  };
}

/** What a vocabulary makes of the language of rules. */
type Language = Pick<Vocabulary, "aliases" | "checking" | "computing" | "Context">;

function makeLanguage(
  { types, variables }: VocabularyDefinition,
  celFields: ReadonlyMap<string, FieldTypes>,
  celVariables: FieldTypes,
): Language {
  const checking = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS });
  const readers = new Map<string, ReaderClass>();
  for (const [name, fields] of Object.entries(types)) {
    const Reader = createReaderClass(fields, readers);
    readers.set(name, Reader);
    checking.registerType(name, { ctor: Reader, fields: celFields.get(name) ?? {} });
  }
  const taken = Object.keys(variables).filter((name) => checking.hasVariable(name));
  const aliases = new Map(taken.map((name) => [name, aliasOf(name)]));
  for (const [name, type] of Object.entries(celVariables)) {
    checking.registerVariable(aliases.get(name) ?? name, type);
  }
  addFunctions(checking);
  const computing = checking.clone({ limits: COMPUTING_LIMITS });
  computing.registerType("TimeLimit", { ctor: TimeLimit, fields: {} });
  addComputingFunctions(computing);
  computing.registerVariable(STEP_NAME, "bool")
    .registerVariable(TIME_LIMIT_NAME, "TimeLimit")
    .registerVariable(TIME_ZONE_NAME, "string");
  const Context = createContextClass(createReaderClass(variables, readers, aliases));
  return { aliases, checking, computing, Context };
}

function celTypes(fields: FieldTypes, types: VocabularyDefinition["types"]): FieldTypes {
  return Object.fromEntries(
    Object.entries(fields).map(([field, type]) => [field, celType(type, types)]),
  );
}

function celType(type: string, types: VocabularyDefinition["types"]): string {
  const item = /^list<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) return `list<${celType(item, types)}>`;
  const known = PLAIN_TYPES.get(type) ?? (Object.hasOwn(types, type) ? type : undefined);
  if (known === undefined) throw new TypeError(`Cannot create vocabulary: unknown type "${type}"`);
  return known;
}
