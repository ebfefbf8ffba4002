import type { AskedService } from "../../rules/decision.ts";
import type { Incoming } from "../../http/endpoint.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { WrongAnswer } from "../../services/answer.ts";
import type { Reply, ServiceCall } from "../../services/service.ts";

/**
 * Makes what stands in for services: they reply as they did then, and are never asked.
 *
 * @param delivery The recorded delivery.
 * @returns The `ask` of a delivery. Where a service was not asked about the same then, there is no
 * reply.
 */
export function recordedReplies({ decisions }: StoredDelivery): Incoming["ask"] {
  return ({ name }, { read, about }) => {
    const recorded = new Map<string | undefined, AskedService>();
    for (const { subject, asked } of decisions) {
      if (asked?.service === name) recorded.set(subject, asked);
    }
    const subjects: readonly (string | undefined)[] = about ?? [undefined];
    const asked = subjects.flatMap((subject) => recorded.get(subject) ?? []);
    const [first] = asked;
    if (first === undefined || asked.length < subjects.length) return Promise.resolve(undefined);
    return Promise.resolve(replyOf(first, () => read(documentOf(recorded, about))));
  };
}

/** What the service said, put together again. */
function documentOf(
  recorded: ReadonlyMap<string | undefined, AskedService>,
  about: readonly string[] | undefined,
): unknown {
  if (about === undefined) return recorded.get(undefined)?.said;
  return Object.fromEntries(about.map((subject) => [subject, recorded.get(subject)?.said]));
}

/** All parts of a delivery that were left to one service have the same call. */
function replyOf<Said>(asked: AskedService, read: () => Said): Reply<Said> {
  const { service, attempts, status, durationMs, refusal, failure } = asked;
  const call: ServiceCall = { service, attempts, status, durationMs };
  if (refusal !== undefined) return { call, refusal };
  if (failure !== undefined) return { call, failure, waitMs: 0 };
  try {
    return { call, said: read() };
  } catch (error) {
    // What was known then need not be known to the config that is tried.
    if (!(error instanceof WrongAnswer)) throw error;
    return { call, failure: error.reason, waitMs: 0 };
  }
}
