import * as z from "zod";
import { Problem } from "../../lib/http/problem/problem.ts";
import { LARGEST_ID, unreadableConfiguration } from "./settings.ts";
import { lenient } from "./elements.ts";
import { bareCustomConfig, type Item, type Order } from "./order.ts";

/** What a rule says of an item, as the config writes it. */
export type ItemOutcome =
  | PlainItemOutcome
  | { readonly customConfiguration: true | { readonly otherwise: PlainItemOutcome } };

/** One that needs no look at the order. */
type PlainItemOutcome =
  | { readonly manufacturer: string | number }
  | { readonly keep: true }
  | { readonly reject: string | Readonly<Record<string, string>> };

/** The manufacturers that an order names itself, by position; `undefined` when that is unreadable. */
export type Configuration = () => ReadonlyMap<number, string> | undefined;

/**
 * Tells what is to be carried out of `customConfiguration`.
 *
 * @param outcome The outcome.
 * @param item The item.
 * @param order The order.
 * @param configurationOf Reads what the order says.
 * @returns Where the order says nothing of the item, what takes its place.
 */
export function orItsFallback<Fallback>(
  { customConfiguration }: {
    readonly customConfiguration: true | { readonly otherwise: Fallback };
  },
  item: Item,
  order: Order,
  configurationOf: Configuration,
): Fallback | { readonly customConfiguration: true } {
  if (customConfiguration === true) return { customConfiguration };
  const saysNothing = order.customConfig === "" ||
    configurationOf()?.has(item.position) === false;
  return saysNothing ? customConfiguration.otherwise : { customConfiguration: true };
}

/** An outcome that names a manufacturer. */
export const namedManufacturer = z.object({ manufacturer: z.union([z.string(), z.number()]) });

/** The answer to a manufacturer webhook while it is put together, item by item. */
export interface Routing {
  /**
   * Carries out the outcome for one item.
   *
   * @param id The item's id.
   * @param item The item.
   * @param outcome What was decided; `null` when nothing decided.
   */
  assign(id: string, item: Item, outcome: ItemOutcome | null): void;
  /**
   * Puts an item where a service says.
   *
   * @param manufacturer The manufacturer's id; `undefined` when the service says nothing of it.
   */
  take(id: string, item: Item, manufacturer: string | undefined): void;
  /** Gives no answer but a problem. The first one counts. */
  refuse(problem: Problem): void;
  /** The answer's JSON text, or the problem for which there is none. */
  answer(): string | Problem;
}

/**
 * Finds the id of a manufacturer.
 *
 * @param manufacturer A name, or an id as a number or in digits. A name is looked up first.
 * @param ids The ids by name.
 * @returns The id as the answer writes it, `undefined` when it is neither.
 */
export function manufacturerIdOf(
  manufacturer: string | number,
  ids: ReadonlyMap<string, string>,
): string | undefined {
  const name = String(manufacturer);
  const isId = /^\d{1,10}$/.test(name) && Number(name) <= LARGEST_ID;
  return ids.get(name) ?? (isId ? String(Number(name)) : undefined);
}

/**
 * Starts an answer.
 *
 * Every item is in it exactly once, but for those that are kept. An item that cannot be assigned
 * makes the whole answer a problem: a missing item would be a guess.
 *
 * @param order The order.
 * @param configurationOf Reads its custom configuration; `undefined` when that cannot be read.
 * @param ids The ids of the manufacturers by name.
 */
export function createRouting(
  order: Order,
  configurationOf: Configuration,
  ids: ReadonlyMap<string, string>,
): Routing {
  /** The manufacturer by item, `null` for an item that is kept, in the order's order. */
  const assigned = new Map<string, string | null>();
  /** What a shopper knows the items by, by their ids. */
  const unassigned = new Map<string, string>();
  let problem: Problem | undefined;

  function resolve(item: Item, found: ItemOutcome): string | null | undefined {
    const outcome = "customConfiguration" in found
      ? orItsFallback(found, item, order, configurationOf)
      : found;
    if ("keep" in outcome) return null;
    if ("manufacturer" in outcome) return manufacturerIdOf(outcome.manufacturer, ids);
    if ("reject" in outcome) {
      problem ??= new Problem("refused", { messages: outcome.reject });
      return null;
    }
    const configuration = configurationOf();
    if (configuration === undefined) {
      problem ??= unreadableConfiguration(order.customConfig, "1:2;2:1");
      return null;
    }
    return configuration.get(item.position);
  }

  function put(id: string, item: Item, manufacturer: string | null | undefined): void {
    if (manufacturer === undefined) unassigned.set(id, nameOf(id, item));
    else if (!assigned.has(id)) assigned.set(id, manufacturer);
    else if (assigned.get(id) !== manufacturer) {
      problem ??= new Problem("conflicting_items", { params: { item: id } });
    }
  }

  return {
    assign: (id, item, outcome) =>
      put(id, item, outcome === null ? undefined : resolve(item, outcome)),
    take: put,
    refuse(found) {
      problem ??= found;
    },
    answer() {
      if (problem !== undefined) return problem;
      if (unassigned.size > 0) {
        const items = [...unassigned.values()].join(", ");
        return new Problem("unassigned_items", { params: { items } });
      }
      return toText(assigned);
    },
  };
}

function nameOf(id: string, item: Item): string {
  const name = lenient(() => item.product.name, "").trim();
  return name === "" ? id : `${name} (${id})`;
}

/** Written by hand: an object would list ids that look like integers in another order. */
function toText(assigned: ReadonlyMap<string, string | null>): string {
  const pairs: string[] = [];
  for (const [id, manufacturer] of assigned) {
    if (manufacturer !== null) pairs.push(`${JSON.stringify(id)}:${JSON.stringify(manufacturer)}`);
  }
  return `{${pairs.join(",")}}`;
}

/**
 * Reads the manufacturer form of an order's CustomConfig, `<position of the order item, from
 * 1>:<manufacturer id>;…`. It is inferred from the vendor's examples, which it matches exactly.
 *
 * @param text E.g. `1:2;2:1;3:3`.
 * @returns The manufacturer's id by position, or `undefined` when any part cannot be read or two
 * parts contradict each other. Positions beyond the order's items are fine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseManufacturerConfiguration("1:2;2:1"), new Map([[1, "2"], [2, "1"]]));
 * assertEquals(parseManufacturerConfiguration("1:2;1:3"), undefined);
 * ```
 */
export function parseManufacturerConfiguration(
  text: string,
): ReadonlyMap<number, string> | undefined {
  const ids = new Map<number, string>();
  for (const part of bareCustomConfig(text).split(";")) {
    const [, position = "", id = ""] = /^\s*(\d{1,6})\s*:\s*(\d{1,10})\s*$/.exec(part) ?? [];
    if (Number(position) < 1 || id === "" || Number(id) > LARGEST_ID) return undefined;
    const plain = String(Number(id));
    if ((ids.get(Number(position)) ?? plain) !== plain) return undefined;
    ids.set(Number(position), plain);
  }
  return ids;
}
