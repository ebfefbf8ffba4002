/**
 * The cases in which a condition is true, by what its parts may be. A part is a field or anything
 * else that has a value, such as `order.items.size()` or `order.note.contains('x')`; nothing is
 * known of it but that it is the same wherever it stands. Most parts may also fail.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { rewrite } from "../cel/rewrite.ts";
import type { Vocabulary } from "../vocabulary.ts";
import {
  allBut,
  bothOf,
  type Comparison,
  eitherOf,
  flagOf,
  isNone,
  numbersThat,
  textsOf,
  type ValueSet,
} from "./value_set.ts";

/** What a part may be. */
export interface Possible {
  readonly values: ValueSet;
  /** Whether it may fail, e.g. for a property that is not there. */
  readonly failure: boolean;
  /** Whether it could fail at all. */
  readonly canFail: boolean;
}

/** What each part has to be; a part that is not in it may be anything. */
export type Case = ReadonlyMap<string, Possible>;

/** More are not looked at: what a person reads has fewer. */
const MAX_CASES = 100;

/** A condition has more cases than are looked at. */
export class TooManyCases extends Error {
  override readonly name = "TooManyCases";
}

/**
 * Lists the cases in which a condition is true.
 *
 * @param vocabulary What it may speak of.
 * @param node The root of a condition that passed the type check.
 * @returns The cases; none where it can't be true.
 * @throws {TooManyCases} When there are more than are looked at.
 */
export function casesOf(vocabulary: Vocabulary, node: ASTNode): readonly Case[] {
  return when(node, true);

  /** The language passes over a failure beside `||` and `&&` where the other side decides. */
  function when(node: ASTNode, wanted: boolean): readonly Case[] {
    switch (node.op) {
      case "!_":
        return when(node.args, !wanted);
      case "&&":
      case "||": {
        const [left, right] = node.args.map((side) => when(side, wanted));
        const sides = [left ?? [], right ?? []] as const;
        return (node.op === "&&") === wanted ? inBoth(...sides) : limited(sides.flat());
      }
      case "value":
        return node.args === wanted ? [new Map()] : [];
      default:
        return [atom(node, wanted)].filter((one) => !isImpossible(one));
    }
  }

  function atom(node: ASTNode, wanted: boolean): Case {
    const found = comparisonIn(node) ?? membershipIn(node) ?? presenceIn(node) ??
      { part: partOf(node), values: flagOf(true) };
    const { part, values } = found;
    if (values !== "present") return caseOf(part, wanted ? values : allBut(values));
    const none = textsOf([]);
    return new Map([[part.key, {
      values: wanted ? allBut(none) : none,
      failure: !wanted,
      canFail: true,
    }]]);
  }

  /** `part < 5`, `5 > part`, `part == 'x'`. */
  function comparisonIn(node: ASTNode): Constraint | undefined {
    switch (node.op) {
      case "<":
      case "<=":
      case ">":
      case ">=":
      case "==":
      case "!=": {
        const [left, right] = node.args;
        const [onLeft, onRight] = [literalOf(left), literalOf(right)];
        if (onLeft === undefined && onRight !== undefined) return compare(left, node.op, onRight);
        if (onLeft === undefined || onRight !== undefined) return undefined;
        return compare(right, MIRRORED[node.op], onLeft);
      }
      default:
        return undefined;
    }
  }

  function compare(node: ASTNode, comparison: Comparison, value: Literal): Constraint | undefined {
    const part = partOf(node);
    if (typeof value === "number") return { part, values: numbersThat(comparison, value) };
    if (comparison !== "==" && comparison !== "!=") return undefined;
    return { part, values: comparison === "==" ? justThis(value) : allBut(justThis(value)) };
  }

  /** `part in ['a', 'b']`, and `'key' in map`. */
  function membershipIn(node: ASTNode): Constraint | undefined {
    if (node.op !== "in") return undefined;
    const [left, right] = node.args;
    const key = literalOf(left);
    if (typeof key === "string" && isMap(right)) {
      return { part: entryOf(right, key), values: "present" };
    }
    if (right.op !== "list" || key !== undefined) return undefined;
    const literals = right.args.map(literalOf);
    const [first, ...others] = literals.filter((value) => value !== undefined).map(justThis);
    if (first === undefined || others.length + 1 < literals.length) return undefined;
    return { part: partOf(left), values: others.reduce(eitherOf, first) };
  }

  /** `has(map.key)`. */
  function presenceIn(node: ASTNode): Constraint | undefined {
    if (node.op !== "call" || node.args[0] !== "has") return undefined;
    const [argument] = node.args[1];
    if (argument?.op !== "." || !isMap(argument.args[0])) return undefined;
    return { part: entryOf(argument.args[0], argument.args[1]), values: "present" };
  }

  function partOf(node: ASTNode): Part {
    if (node.op === "." && isMap(node.args[0])) return entryOf(node.args[0], node.args[1]);
    if (node.op === "[]" && isMap(node.args[0])) {
      const key = literalOf(node.args[1]);
      if (typeof key === "string") return entryOf(node.args[0], key);
    }
    // A field of the document can always be read, or no rule decides at all.
    return { key: rewrite(node), canFail: typeOfField(node) === undefined };
  }

  /** The type of a variable or of a field of an object, in the words of the vocabulary. */
  function typeOfField(node: ASTNode): string | undefined {
    const { types, variables } = vocabulary.definition;
    if (node.op === "id") {
      const [name] = Object.keys(variables).filter((one) =>
        (vocabulary.aliases.get(one) ?? one) === node.args
      );
      return name === undefined ? undefined : variables[name];
    }
    if (node.op !== ".") return undefined;
    const owner = typeOfField(node.args[0]);
    const fields = owner === undefined || !Object.hasOwn(types, owner) ? undefined : types[owner];
    return fields !== undefined && Object.hasOwn(fields, node.args[1])
      ? fields[node.args[1]]
      : undefined;
  }

  function isMap(node: ASTNode): boolean {
    return typeOfField(node)?.startsWith("map<") ?? false;
  }
}

/** A part of a condition, by its canonical text. */
interface Part {
  readonly key: string;
  readonly canFail: boolean;
}

interface Constraint {
  readonly part: Part;
  /** What it has to be; `present` for a key of a map that has to be there. */
  readonly values: ValueSet | "present";
}

type Literal = string | number | boolean;

const MIRRORED = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
} as const;

function entryOf(map: ASTNode, key: string): Part {
  return { key: `${rewrite(map)}[${JSON.stringify(key)}]`, canFail: true };
}

function caseOf({ key, canFail }: Part, values: ValueSet): Case {
  return new Map([[key, { values, failure: false, canFail }]]);
}

function literalOf(node: ASTNode): Literal | undefined {
  if (node.op === "-_") {
    const value = literalOf(node.args);
    return typeof value === "number" ? -value : undefined;
  }
  if (node.op !== "value") return undefined;
  const value: unknown = node.args;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
}

function justThis(value: Literal): ValueSet {
  if (typeof value === "number") return numbersThat("==", value);
  return typeof value === "string" ? textsOf([value]) : flagOf(value);
}

function isImpossible(one: Case): boolean {
  return [...one.values()].some(({ values, failure }) => isNone(values) && !failure);
}

function limited(cases: readonly Case[]): readonly Case[] {
  if (cases.length > MAX_CASES) throw new TooManyCases();
  return cases;
}

function inBoth(left: readonly Case[], right: readonly Case[]): readonly Case[] {
  if (left.length * right.length > MAX_CASES) throw new TooManyCases();
  return left.flatMap((one) => right.map((other) => merged(one, other)))
    .filter((one) => !isImpossible(one));
}

/** Both at once. */
export function merged(one: Case, other: Case): Case {
  const both = new Map(one);
  for (const [key, possible] of other) {
    const known = both.get(key);
    both.set(key, known === undefined ? possible : narrowed(known, possible));
  }
  return both;
}

function narrowed(a: Possible, b: Possible): Possible {
  return { ...a, values: bothOf(a.values, b.values), failure: a.failure && b.failure };
}

/**
 * Takes a case out of others.
 *
 * @param cases The others.
 * @param taken The case.
 * @returns What is left of them.
 * @throws {TooManyCases} When that are more than are looked at.
 */
export function without(cases: readonly Case[], taken: Case): readonly Case[] {
  return limited(cases.flatMap((one) => {
    const left: Case[] = [];
    // What agrees with the part before is looked at by the next part.
    let agreeing = one;
    for (const [key, { values, failure, canFail }] of taken) {
      const other = { values: allBut(values), failure: canFail && !failure, canFail };
      left.push(merged(agreeing, new Map([[key, other]])));
      agreeing = merged(agreeing, new Map([[key, { values, failure, canFail }]]));
    }
    return left.filter((part) => !isImpossible(part));
  }));
}
