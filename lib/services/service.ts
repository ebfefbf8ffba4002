import { importKey } from "../auth/hmac.ts";
import { startDeadline } from "../util/deadline.ts";
import { openConnection } from "../util/connection.ts";
import { log } from "../observe/log.ts";
import { type Breaker, type BreakerChange, createBreaker } from "./breaker.ts";
import { exchange, type Way } from "./exchange.ts";
import { ServiceFailure } from "./failure.ts";
import type { Question, Service, ServiceCall, ServiceCallEvent, Subject } from "./reply.ts";
import type { ServiceSettings } from "./settings.ts";
import { understand, type Understood } from "./understand.ts";

/** What a service works with, beside its settings. */
export interface ServiceTools {
  /** Told of every call, once it has ended. */
  readonly onCall?: ((event: ServiceCallEvent) => void) | undefined;
  /** Tells the time, in milliseconds; it never goes back. */
  readonly now?: () => number;
}

/**
 * Makes a service of its settings.
 *
 * @param name Its name in the config.
 * @param settings Where it is asked, and how.
 * @param tools What it works with.
 * @returns The service. Nothing is asked yet.
 */
export async function createService(
  name: string,
  settings: ServiceSettings,
  { onCall, now = () => performance.now() }: ServiceTools = {},
): Promise<Service> {
  const { signatureKey } = settings;
  const key = signatureKey === undefined ? undefined : await importKey(signatureKey);
  const breaker = createBreaker(settings.breaker, now);
  const source = { name, way: { ...settings, connection: openConnection(settings), key }, breaker };
  return {
    name,
    async ask(subject, question) {
      const startedAt = now();
      const { attempts, outcome, status, result } = await callOnce(source, subject, question);
      const durationMs = Math.round((now() - startedAt) * 10) / 10;
      const call: ServiceCall = { service: name, attempts, status, durationMs };
      onCall?.({ ...call, outcome });
      if (!("failure" in result)) return { call, ...result };
      const { failure } = result;
      const { requestId } = subject;
      log.warn("Service {service} decided nothing: it {failure}", { ...call, failure, requestId });
      return { call, failure, waitMs: breaker.waitMs() };
    },
  };
}

interface Source {
  readonly name: string;
  readonly way: Way;
  readonly breaker: Breaker;
}

/** What a call came to. */
interface Called<Said> {
  readonly attempts: number;
  readonly status: number | null;
  readonly outcome: ServiceCallEvent["outcome"];
  readonly result: Understood<Said> | { readonly failure: string };
}

async function callOnce<Said>(
  { name, way, breaker }: Source,
  subject: Subject,
  question: Question<Said>,
): Promise<Called<Said>> {
  const pass = breaker.enter();
  if (pass === undefined) {
    const failure = "is not asked for a while, since it failed several times in a row";
    return { attempts: 0, status: null, outcome: "breaker_open", result: { failure } };
  }
  let attempts = 0;
  let isAnswered = false;
  const deadline = startDeadline(undefined, way.timeoutMs);
  try {
    const answer = await exchange(way, subject, deadline, () => attempts++);
    isAnswered = true;
    const result = understand(answer, question);
    const outcome = "said" in result ? "answered" : "refused";
    return { attempts, status: answer.status, outcome, result };
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    const { kind, status, message } = error;
    return { attempts, status, outcome: kind, result: { failure: message } };
  } finally {
    deadline.end();
    // Whatever was answered in time and signed says that the service is there: one order that it
    // cannot decide must not keep others from it.
    tell(name, pass.end(isAnswered));
  }
}

function tell(service: string, change: BreakerChange): void {
  if (change === "opened") {
    log.error("Service {service} is not asked for a while, since it keeps failing", { service });
  }
  if (change === "closed") log.info("Service {service} answers again", { service });
}
