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
