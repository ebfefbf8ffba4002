import type * as z from "zod";
import type { ServiceReference } from "../../lib/config/endpoints/endpoint_kind.ts";
import type { Incoming } from "../../lib/http/endpoint.ts";
import { Problem } from "../../lib/http/problem/problem.ts";
import { type AskedService, type Decision, NotAsked } from "../../lib/rules/decision.ts";
import { type Question, WrongAnswer } from "../../lib/services/answer.ts";
import { withPlainNumbers } from "../../lib/util/exact_json.ts";

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
 * import { WrongAnswer } from "../../lib/services/answer.ts";
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
