import * as z from "zod";
import type { OpenContext } from "../../../lib/config/endpoints/endpoint_kind.ts";
import { WrongAnswer } from "../../../lib/services/failure.ts";
import { manufacturerIdOf, namedManufacturer } from "../routing.ts";
import type { Askables } from "./outcome.ts";
import { readAnswer } from "./read_answer.ts";

const shape = z.record(z.string(), z.string().regex(/^\d{1,10}$/));

/**
 * Reads a service's answer to a manufacturer webhook.
 *
 * @param document The parsed JSON.
 * @param items The ids of the items about which it was asked; what it says of others is not read.
 * @param known The ids of the manufacturers that it may name.
 * @returns The manufacturer's id by the item's.
 * @throws {WrongAnswer} When it has another form, leaves an item out, or names another
 * manufacturer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const answer = { "3087": "2", "3088": "1" };
 * assertEquals(readManufacturers(answer, ["3087"], new Set(["2"])), new Map([["3087", "2"]]));
 * ```
 */
export function readManufacturers(
  document: unknown,
  items: readonly string[],
  known: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const answer = new Map(Object.entries(readAnswer(shape, document)));
  return new Map(items.map((item) => {
    const said = answer.get(item);
    if (said === undefined) throw new WrongAnswer(`left out the item ${JSON.stringify(item)}`);
    const manufacturer = String(Number(said));
    if (!known.has(manufacturer)) {
      throw new WrongAnswer(`named the manufacturer ${said}, which the config does not know`);
    }
    return [item, manufacturer];
  }));
}

/**
 * Collects the manufacturers that a service may name. Reports when one is asked and there are none.
 *
 * @param ids The ids by name.
 * @param outcomes The outcomes of the endpoint and of its services, which may name further ids.
 * @param askables The services that the endpoint asks.
 * @param context Where mistakes go.
 * @returns The ids.
 */
export function knownManufacturers(
  ids: ReadonlyMap<string, string>,
  outcomes: readonly object[],
  askables: Askables<unknown>,
  { report }: Pick<OpenContext, "report">,
): ReadonlySet<string> {
  const named = outcomes.flatMap((outcome) => {
    const { data } = namedManufacturer.safeParse(outcome);
    return data === undefined ? [] : manufacturerIdOf(data.manufacturer, ids) ?? [];
  });
  const known = new Set([...ids.values(), ...named]);
  if (askables.size > 0 && known.size === 0) {
    report(
      ["manufacturers"],
      "found nothing, wanted the manufacturers that a service may name",
      'For example: "manufacturers": { "hanover": 2 }',
    );
  }
  return known;
}
