/** Names for conditions, which a config gives with `define`: each stands for its expression. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { binderOf, childrenOf, freeNames } from "../cel/syntax_tree.ts";
import type { MistakeAtOffset } from "../mistakes/syntax.ts";
import type { RuleTable, TellOfTable } from "../tables/rule_table.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { LookupTable } from "./lookup_table.ts";

/** A name that rules of one kind may use. */
export interface DefinedName {
  /** The type of its expression, in the library's words. */
  readonly type: string;
  /** Its expression, with the names in it written out. */
  readonly expanded: string;
  /** The variables that it speaks of. */
  readonly free: ReadonlySet<string>;
  /** Whether it stands by itself without parentheses around it. */
  readonly isTight: boolean;
}

/** Why a name is not for rules of a kind. */
export interface UnusableName {
  /** For a sentence that begins with the name. */
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What a config adds to what rules of one kind may speak of. */
export interface NamedParts {
  readonly defines: ReadonlyMap<string, DefinedName>;
  /** Why a name is not for rules of this kind. */
  readonly unusable: ReadonlyMap<string, UnusableName>;
  readonly tables: ReadonlyMap<string, RuleTable>;
  /** Opens a table to look something up; `undefined` where it has mistakes. */
  lookup(table: string): LookupTable | undefined;
  /** Takes a mistake of a table. */
  readonly tell: TellOfTable;
  /** Takes what of a table works but can't be meant. */
  readonly warn: TellOfTable;
  /** Notes that something is used. */
  use(what: "define" | "tables", name: string): void;
}

/**
 * Writes out the names of a config.
 *
 * @param vocabulary What the expression may speak of.
 * @param node The root of an expression that passed the type check.
 * @param source Its text.
 * @param maxLength How long it may become.
 * @returns The text without the names, or why they cannot be written out.
 */
export function expandNames(
  { named }: Vocabulary,
  node: ASTNode,
  source: string,
  maxLength: number,
): string | MistakeAtOffset {
  if (named === undefined || named.defines.size === 0) return source;
  const { defines, use } = named;
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  let mistake: MistakeAtOffset | undefined;

  function visit(part: ASTNode, bound: ReadonlySet<string>): void {
    if (part.op === "id") {
      const define = bound.has(part.args) ? undefined : defines.get(part.args);
      if (define === undefined) return;
      use("define", part.args);
      const captured = [...define.free].find((name) => bound.has(name));
      if (captured !== undefined) {
        mistake ??= {
          message: `${JSON.stringify(part.args)} speaks of ${captured}, which is an element here`,
          offset: part.start,
          hint: "Give the element another name",
        };
      }
      const isAlone = part === node;
      const text = define.isTight || isAlone ? define.expanded : `(${define.expanded})`;
      edits.push({ start: part.start, end: part.end, text });
      return;
    }
    const binder = binderOf(part);
    if (binder === undefined) {
      for (const child of childrenOf(part)) visit(child, bound);
      return;
    }
    visit(binder.receiver, bound);
    const inside = new Set([...bound, binder.variable]);
    for (const child of binder.body) visit(child, inside);
  }

  visit(node, new Set());
  if (mistake !== undefined) return mistake;
  const length = edits.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
  if (source.length + length > maxLength) {
    return {
      message: `With its names written out the expression has ${source.length + length} ` +
        `characters, at most ${maxLength} are read`,
      offset: 0,
      hint: "Split it into several rules",
    };
  }
  return edits.toSorted((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source);
}

/** Parts of an expression that stand by themselves wherever they are put. */
const TIGHT: ReadonlySet<string> = new Set([
  "value",
  "id",
  ".",
  "[]",
  "call",
  "rcall",
  "list",
  "map",
]);

/**
 * Makes a name of a compiled expression.
 *
 * @param expression The expression.
 */
export function definedName(
  { type, expanded, ast }: {
    readonly type: string;
    readonly expanded: string;
    readonly ast: ASTNode;
  },
): DefinedName {
  // What follows a comment would be one too.
  const text = expanded.includes("//") ? `${expanded}\n` : expanded.trim();
  const isTight = TIGHT.has(ast.op) && !expanded.includes("//");
  return { type, expanded: text, free: freeNames(ast), isTight };
}

/**
 * Finds names that stand for themselves by way of others.
 *
 * @param uses The names that each name uses.
 * @returns Each circle once, from a name back to it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const uses = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]]);
 * assertEquals(findCircles(uses), [["b", "c", "b"]]);
 * ```
 */
export function findCircles(
  uses: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  const done = new Set<string>();
  function walk(name: string, trail: readonly string[]): void {
    const start = trail.indexOf(name);
    if (start !== -1) circles.push([...trail.slice(start), name]);
    if (start !== -1 || done.has(name)) return;
    for (const next of uses.get(name) ?? []) walk(next, [...trail, name]);
    done.add(name);
  }
  for (const name of uses.keys()) walk(name, []);
  return circles;
}
