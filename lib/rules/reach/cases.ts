/**
 * The cases in which a condition is true, by what its parts may be. A part is a field or anything
 * else that has a value, such as `order.items.size()` or `order.note.contains('x')`; nothing is
 * known of it but that it is the same wherever it stands. Most parts may also fail.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Vocabulary } from "../vocabulary.ts";
import { isMap, type Literal, literalOf } from "./operands.ts";
import { type ConditionPart, entryOf, neverIn, neverIs, partOf } from "./parts.ts";
import {
  allBut,
  bothOf,
  type Comparison,
  flagOf,
  isNone,
  justThese,
  MIRRORED,
  textsFrom,
  type ValueSet,
  valuesThat,
} from "./value_set.ts";

/** What a part may be. */
export interface Possible {
  readonly values: ValueSet;
  /** Whether it may fail, e.g. for a property that is not there. */
  readonly failure: boolean;
  /** Whether it could fail at all. */
  readonly canFail: boolean;
  /** The values that it could have at all; all of its type unless given. */
  readonly domain?: ValueSet | undefined;
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
 * @param wanted What it is to be, `true` unless given.
 * @returns The cases; none where it can't be that.
 * @throws {TooManyCases} When there are more than are looked at.
 */
export function casesOf(
  vocabulary: Vocabulary,
  node: ASTNode,
  wanted = true,
): readonly Case[] {
  /** What was listed: a result of `? :` may be a condition of another, which is asked both ways. */
  const known = {
    true: new Map<ASTNode, readonly Case[]>(),
    false: new Map<ASTNode, readonly Case[]>(),
  };
  return when(node, wanted);

  function when(node: ASTNode, wanted: boolean): readonly Case[] {
    const listed = known[`${wanted}`];
    let cases = listed.get(node);
    if (cases === undefined) listed.set(node, cases = list(node, wanted));
    return cases;
  }

  /** The language passes over a failure beside `||` and `&&` where the other side decides. */
  function list(node: ASTNode, wanted: boolean): readonly Case[] {
    switch (node.op) {
      case "!_":
        return when(node.args, !wanted);
      case "&&":
      case "||": {
        const [left, right] = node.args.map((side) => when(side, wanted));
        const sides = [left ?? [], right ?? []] as const;
        return (node.op === "&&") === wanted ? inBoth(...sides) : limited(sides.flat());
      }
      case "?:": {
        const [condition, yes, no] = node.args;
        return limited([
          ...inBoth(when(condition, true), when(yes, wanted)),
          ...inBoth(when(condition, false), when(no, wanted)),
        ]);
      }
      case "value":
        return node.args === wanted ? [new Map()] : [];
      case "==":
      case "rcall":
        if (wanted && neverIn(vocabulary, node).length > 0) return [];
        return [atom(node, wanted)].filter((one) => !isImpossible(one));
      default:
        return [atom(node, wanted)].filter((one) => !isImpossible(one));
    }
  }

  function atom(node: ASTNode, wanted: boolean): Case {
    const found = comparisonIn(node) ?? membershipIn(node) ?? presenceIn(node) ??
      { part: partOf(vocabulary, node), values: flagOf(true) };
    const { part, values } = found;
    if (values !== "present") return caseOf(part, wanted ? values : allBut(values));
    const none = justThese([]);
    return new Map([[part.key, {
      values: wanted ? allBut(none) : none,
      failure: !wanted,
      canFail: true,
    }]]);
  }

  /** `part < 5`, `5 > part`, `part == 'x'`, `part.startsWith('x')`. */
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
      case "rcall": {
        const [name, receiver, [first]] = node.args;
        const prefix = first === undefined ? undefined : literalOf(first);
        if (name !== "startsWith" || typeof prefix !== "string") return undefined;
        return { part: partOf(vocabulary, receiver), values: textsFrom(prefix) };
      }
      default:
        return undefined;
    }
  }

  function compare(node: ASTNode, comparison: Comparison, value: Literal): Constraint | undefined {
    const part = partOf(vocabulary, node);
    if (typeof value !== "boolean") return { part, values: valuesThat(comparison, value) };
    if (comparison !== "==" && comparison !== "!=") return undefined;
    return { part, values: flagOf(comparison === "==" ? value : !value) };
  }

  /** `part in ['a', 'b']`, and `'key' in map`. */
  function membershipIn(node: ASTNode): Constraint | undefined {
    if (node.op !== "in") return undefined;
    const [left, right] = node.args;
    const key = literalOf(left);
    if (typeof key === "string" && isMap(vocabulary, right)) {
      return { part: entryOf(right, key), values: "present" };
    }
    if (right.op !== "list" || key !== undefined) return undefined;
    const literals = right.args.map(literalOf).filter((value) =>
      typeof value === "string" || typeof value === "number"
    );
    if (literals.length === 0 || literals.length < right.args.length) return undefined;
    const possible = literals.filter((value) => neverIs(vocabulary, left, value) === undefined);
    // Of the type of the list, even if nothing of it can be.
    const values = possible.length > 0 ? justThese(possible) : bothOf(
      justThese(literals),
      allBut(justThese(literals)),
    );
    return { part: partOf(vocabulary, left), values };
  }

  /** `has(map.key)`. */
  function presenceIn(node: ASTNode): Constraint | undefined {
    if (node.op !== "call" || node.args[0] !== "has") return undefined;
    const [argument] = node.args[1];
    if (argument?.op !== "." || !isMap(vocabulary, argument.args[0])) return undefined;
    return { part: entryOf(argument.args[0], argument.args[1]), values: "present" };
  }
}

interface Constraint {
  readonly part: ConditionPart;
  /** What it has to be; `present` for a key of a map that has to be there. */
  readonly values: ValueSet | "present";
}

/**
 * The case in which a part has one of some values.
 *
 * @param part The part.
 * @param values The values.
 */
export function caseOf({ key, canFail, domain }: ConditionPart, values: ValueSet): Case {
  const possible = domain === undefined || domain.kind !== values.kind
    ? values
    : bothOf(values, domain);
  return new Map([[key, { values: possible, failure: false, canFail, domain }]]);
}

/** Whether no document meets it. */
export function isImpossible(one: Case): boolean {
  return [...one.values()].some(({ values, failure }) => isNone(values) && !failure);
}

function limited(cases: readonly Case[]): readonly Case[] {
  if (cases.length > MAX_CASES) throw new TooManyCases();
  return cases;
}

/**
 * What is in one of some cases and in one of others.
 *
 * @throws {TooManyCases} When that are more than are looked at.
 */
export function inBoth(left: readonly Case[], right: readonly Case[]): readonly Case[] {
  if (left.length * right.length > MAX_CASES) throw new TooManyCases();
  return left.flatMap((one) => right.map((other) => merged(one, other)))
    .filter((one) => !isImpossible(one));
}

/** Whether no document is in both, as far as one part of it tells. */
export function areApart(one: Case, other: Case): boolean {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  for (const [key, possible] of small) {
    const known = large.get(key);
    if (known === undefined || (known.failure && possible.failure)) continue;
    if (isNone(bothOf(known.values, possible.values))) return true;
  }
  return false;
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
    if (areApart(one, taken)) return [one];
    const left: Case[] = [];
    // What agrees with the part before is looked at by the next part.
    let agreeing = one;
    for (const [key, { values, failure, canFail, domain }] of taken) {
      const rest = allBut(values);
      const other = {
        values: domain === undefined || domain.kind !== rest.kind ? rest : bothOf(rest, domain),
        failure: canFail && !failure,
        canFail,
        domain,
      };
      left.push(merged(agreeing, new Map([[key, other]])));
      agreeing = merged(agreeing, new Map([[key, { values, failure, canFail, domain }]]));
    }
    return left.filter((part) => !isImpossible(part));
  }));
}
