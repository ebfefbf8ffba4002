/** What is left to a third party: an order's approval, an item's manufacturer, and what follows from the answer. */
import * as z from "zod";
import type { OpenContext, ServiceReference } from "../../lib/config/endpoints/endpoint_kind.ts";
import type { Incoming } from "../../lib/http/endpoint.ts";
import { Problem } from "../../lib/http/problem/problem.ts";
import { type AskedService, type Decision, NotAsked } from "../../lib/rules/decision.ts";
import { type Question, WrongAnswer } from "../../lib/services/exchange.ts";
import { isJsonNumber, type JsonNumber, withPlainNumbers } from "../../lib/util/json_text.ts";
import {
  failureOutcomesOf,
  id,
  type OutcomeSettings,
  outcomesOf,
  type ServiceReferences,
} from "./settings.ts";
import { type ItemOutcome, manufacturerIdOf, namedManufacturer, type Routing } from "./routing.ts";
import type { Item } from "./order.ts";

/** What follows from asking a service. */
export type Followed<Said, Outcome> =
  & { /** The facts for the decision, without what it said. */ readonly asked: AskedService }
  & (
    | { readonly said: Said }
    /** The service failed, and this outcome of the config takes the place of its answer. */
    | { readonly outcome: Outcome }
    /** The service refused, or failed without an outcome to take the place of its answer. */
    | { readonly problem: Problem }
  );

/**
 * Asks a service, and draws the consequence of its reply.
 *
 * @param incoming The delivery.
 * @param reference The service.
 * @param question What is wanted of it.
 * @param decisions All decisions of the delivery, for when nobody is to be asked.
 * @returns What follows.
 * @throws {NotAsked} When nobody is to be asked.
 */
export async function askService<Said, Outcome extends object>(
  incoming: Incoming,
  { service, onFailure }: ServiceReference<Outcome>,
  question: Question<Said>,
  decisions: readonly Decision[],
): Promise<Followed<Said, Outcome>> {
  const reply = await incoming.ask(service, question);
  if (reply === undefined) throw new NotAsked(decisions);
  const { call } = reply;
  if ("said" in reply) return { asked: call, said: reply.said };
  if ("refusal" in reply) {
    const { refusal } = reply;
    return {
      asked: { ...call, refusal },
      problem: new Problem("refused", { messages: refusal }),
    };
  }
  const { failure, waitMs } = reply;
  const asked = { ...call, failure, onFailure: onFailure ?? null };
  return onFailure === undefined
    ? { asked, problem: serviceFailed(waitMs) }
    : { asked, outcome: onFailure };
}

/** Whoever is told to come back is told when the service may be asked again. */
function serviceFailed(waitMs: number): Problem {
  if (waitMs === 0) return new Problem("service_failed");
  const seconds = Math.ceil(waitMs / 1000);
  return new Problem("service_failed", { headers: { "Retry-After": String(seconds) } });
}

const LONGEST_PLACE = 60;

/**
 * Reads an answer by its schema.
 *
 * @param schema The form of uStore's answer.
 * @param document The answer of a service.
 * @returns What the schema makes of it, with plain numbers.
 * @throws {WrongAnswer} When it has another form. The reason names the first place alone: a value
 * may be about a person.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import * as z from "zod";
 * import { WrongAnswer } from "../../lib/services/exchange.ts";
 *
 * const schema = z.object({ total: z.number() });
 * assertThrows(
 *   () => readAnswer(schema, { total: "a lot" }),
 *   WrongAnswer,
 *   'answered in another form than uStore\'s, at "total"',
 * );
 * ```
 */
export function readAnswer<Output>(schema: z.ZodType<Output>, document: unknown): Output {
  const { data, error } = schema.safeParse(withPlainNumbers(document));
  if (error === undefined) return data;
  const place = error.issues[0]?.path.map(String).join(".").slice(0, LONGEST_PLACE) ?? "";
  const where = place === "" ? "" : `, at ${JSON.stringify(place)}`;
  throw new WrongAnswer(`answered in another form than uStore's${where}`);
}

const approvalAnswer = z.strictObject({ ApprovalGroupId: id, IsApprovalNeeded: z.boolean() });

const said = z.object({ ApprovalGroupId: z.custom<JsonNumber>(isJsonNumber) });

const groupOutcome = z.object({ group: id });

/**
 * Reads a service's answer to an order approval.
 *
 * @param document The parsed JSON.
 * @param groups The groups that it may name. Where no approval is needed, the group says nothing.
 * @returns The answer, in uStore's form.
 * @throws {WrongAnswer} When it has another form, or names another group.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const answer = { ApprovalGroupId: 10065, IsApprovalNeeded: true };
 * assertEquals(readApproval(answer, new Set([10065])), answer);
 * ```
 */
export function readApproval(document: unknown, groups: ReadonlySet<number>): object {
  const answer = readAnswer(approvalAnswer, document);
  const { ApprovalGroupId: group, IsApprovalNeeded: isNeeded } = answer;
  if (isNeeded && !groups.has(group)) {
    throw new WrongAnswer(`named the group ${group}, which the config does not know`);
  }
  // The group as it was said, e.g. 10065.0.
  return { ApprovalGroupId: said.parse(document).ApprovalGroupId, IsApprovalNeeded: isNeeded };
}

/** The groups of an endpoint, as its settings hold them. */
export interface GroupSettings extends OutcomeSettings {
  readonly groups?: readonly number[] | undefined;
  readonly defaultGroup: number;
}

/**
 * Collects the groups that a service may name: one of another store would leave the order to
 * nobody. Reports when a service is asked and there are none.
 *
 * @param settings The groups of the endpoint.
 * @param references The services that it asks, whose `onFailure` may name a group too.
 * @param context Where mistakes go.
 * @returns Their ids.
 */
export function knownGroups(
  settings: GroupSettings,
  references: ServiceReferences<object>,
  { report }: Pick<OpenContext, "report">,
): ReadonlySet<number> {
  const { groups, defaultGroup } = settings;
  const outcomes = [
    ...outcomesOf(settings),
    ...[...references.values()].flatMap(failureOutcomesOf),
  ];
  const named = outcomes.flatMap(({ outcome }) =>
    groupOutcome.safeParse(outcome).data?.group ?? []
  );
  // 0 is what stands for no group.
  const known = new Set(groups ?? [...named, ...(defaultGroup === 0 ? [] : [defaultGroup])]);
  if (references.size > 0 && known.size === 0) {
    report(
      ["groups"],
      "found nothing, wanted the ids of the groups that a service may name",
      'For example: "groups": [10065]',
    );
  }
  return known;
}

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
