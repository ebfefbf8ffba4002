import * as z from "zod";
import type { OpenContext, ServiceReference } from "../../lib/config/endpoints/endpoint_kind.ts";
import type { Incoming } from "../../lib/http/endpoint.ts";
import type { AskedService, Decision } from "../../lib/rules/decision.ts";
import { WrongAnswer } from "../../lib/services/exchange.ts";
import { askService, type Followed, readAnswer } from "./ask.ts";
import type { ServiceReferences } from "./settings.ts";
import { type ItemOutcome, manufacturerIdOf, namedManufacturer, type Routing } from "./routing.ts";
import type { Item } from "./order.ts";

/** An item with the decision about it. */
export interface DecidedItem {
  readonly id: string;
  readonly item: Item;
  readonly decision: Decision;
  /** The name of the service to which it is left; absent when it is decided here. */
  readonly service?: string;
  /** What was decided here; `null` when nothing decided, or it is left to a service. */
  readonly outcome: ItemOutcome | null;
}

/** What a service said of items, or what takes its place. */
type ItemAnswer = Followed<ReadonlyMap<string, string>, ItemOutcome>;

/** What services said of items, by their names. */
export type ItemAnswers = ReadonlyMap<string, ItemAnswer>;

/**
 * Asks each service that items are left to, once for all of its items, and all of them at once.
 *
 * @param incoming The delivery.
 * @param items Every item of the order.
 * @param needService Finds a service by its name.
 * @param known The ids of the manufacturers that a service may name.
 * @returns What came of it, by the service's name.
 * @throws {NotAsked} When nobody is to be asked.
 */
export async function askForItems(
  incoming: Incoming,
  items: readonly DecidedItem[],
  needService: (name: string) => ServiceReference<ItemOutcome>,
  known: ReadonlySet<string>,
): Promise<ItemAnswers> {
  const names = new Set(items.flatMap(({ service }) => service ?? []));
  const decisions = items.map(({ decision }) => decision);
  return new Map(
    await Promise.all([...names].map(async (name): Promise<[string, ItemAnswer]> => {
      const about = items.filter(({ service }) => service === name).map(({ id }) => id);
      const question = {
        about,
        read: (document: unknown) => readManufacturers(document, about, known),
      };
      return [name, await askService(incoming, needService(name), question, decisions)];
    })),
  );
}

/**
 * Carries out what was decided of one item.
 *
 * @param decided The item.
 * @param answers What the services said.
 * @param routing The answer, which the item is added to.
 * @returns The decision, with how a service was asked.
 */
export function routeItem(
  { id, item, decision, service, outcome }: DecidedItem,
  answers: ItemAnswers,
  routing: Routing,
): Decision {
  const answer = service === undefined ? undefined : answers.get(service);
  if (answer === undefined) {
    routing.assign(id, item, outcome);
    return decision;
  }
  return { ...decision, asked: follow(id, item, answer, routing) };
}

function follow(id: string, item: Item, answer: ItemAnswer, routing: Routing): AskedService {
  const { asked } = answer;
  if ("said" in answer) {
    const said = answer.said.get(id);
    routing.take(id, item, said);
    return { ...asked, said };
  }
  if ("problem" in answer) routing.refuse(answer.problem);
  else routing.assign(id, item, answer.outcome);
  return asked;
}

const routingAnswer = z.record(z.string(), z.string().regex(/^\d{1,10}$/));

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
  const answer = new Map(Object.entries(readAnswer(routingAnswer, document)));
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
 * @param references The services that the endpoint asks.
 * @param context Where mistakes go.
 * @returns The ids.
 */
export function knownManufacturers(
  ids: ReadonlyMap<string, string>,
  outcomes: readonly object[],
  references: ServiceReferences<unknown>,
  { report }: Pick<OpenContext, "report">,
): ReadonlySet<string> {
  const named = outcomes.flatMap((outcome) => {
    const { data } = namedManufacturer.safeParse(outcome);
    return data === undefined ? [] : manufacturerIdOf(data.manufacturer, ids) ?? [];
  });
  const known = new Set([...ids.values(), ...named]);
  if (references.size > 0 && known.size === 0) {
    report(
      ["manufacturers"],
      "found nothing, wanted the manufacturers that a service may name",
      'For example: "manufacturers": { "hanover": 2 }',
    );
  }
  return known;
}
