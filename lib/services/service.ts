import { type Question, understand, type Understood } from "./answer.ts";
import {
  exchange,
  type FailureKind,
  type ServiceEndpoint,
  ServiceFailure,
  type ServiceRequest,
} from "./exchange.ts";
import { importKey } from "../auth/hmac.ts";
import { startDeadline } from "../util/waiting.ts";
import { openConnection } from "../util/connection.ts";
import { log } from "../observe/log.ts";
import { type Breaker, type BreakerChange, createBreaker } from "./breaker.ts";
import type { ServiceSettings } from "./settings.ts";

/** A third party that can be asked. */
export interface Service {
  readonly name: string;
  /** Asks it. Never throws for what the service does. */
  ask<Said>(request: ServiceRequest, question: Question<Said>): Promise<Reply<Said>>;
}

/** How a service was asked. */
export interface ServiceCall {
  /** Its name. */
  readonly service: string;
  /** How often it was asked; 0 when the breaker kept it from that. */
  readonly attempts: number;
  /** The HTTP status of the answer; `null` where there was none. */
  readonly status: number | null;
  readonly durationMs: number;
}

/** What came of asking. */
export type Reply<Said> =
  & { readonly call: ServiceCall }
  & (
    | { readonly said: Said }
    /** It refuses the order as uStore's webhooks do, with a message to the shopper. */
    | { readonly refusal: string }
    | {
      /** Why there is no answer that can be used. */
      readonly failure: string;
      /** In how many milliseconds it can be asked again; 0 when at once. */
      readonly waitMs: number;
    }
  );

/** What is told of every call, for those who count. */
export interface ServiceCallEvent extends ServiceCall {
  readonly outcome: "answered" | "refused" | FailureKind;
}

/** What a service works with, beside its settings. */
export interface ServiceTools {
  /** Told of every call, once it has ended. */
  readonly onCall?: ((event: ServiceCallEvent) => void) | undefined;
  /** Tells the time, in milliseconds; it never goes back. */
  readonly now?: () => number;
}

/**
 * Makes the services of a config.
 *
 * @param settings Their settings, by name.
 * @param tools What they work with.
 * @returns They, by name.
 */
export async function createServices(
  settings: ReadonlyMap<string, ServiceSettings>,
  tools: ServiceTools = {},
): Promise<ReadonlyMap<string, Service>> {
  return new Map(
    await Promise.all(
      [...settings].map(async ([name, one]) =>
        [name, await createService(name, one, tools)] as const
      ),
    ),
  );
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
  const endpoint = { ...settings, connection: openConnection(settings), key };
  const source = { name, endpoint, breaker };
  return {
    name,
    async ask(request, question) {
      const startedAt = now();
      const { attempts, outcome, status, result } = await callOnce(source, request, question);
      const durationMs = Math.round((now() - startedAt) * 10) / 10;
      const call: ServiceCall = { service: name, attempts, status, durationMs };
      onCall?.({ ...call, outcome });
      if (!("failure" in result)) return { call, ...result };
      const { failure } = result;
      const { requestId } = request;
      log.warn("Service {service} decided nothing: it {failure}", { ...call, failure, requestId });
      return { call, failure, waitMs: breaker.waitMs() };
    },
  };
}

interface Source {
  readonly name: string;
  readonly endpoint: ServiceEndpoint;
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
  { name, endpoint, breaker }: Source,
  request: ServiceRequest,
  question: Question<Said>,
): Promise<Called<Said>> {
  const pass = breaker.enter();
  if (pass === undefined) {
    const failure = "is not asked for a while, since it failed several times in a row";
    return { attempts: 0, status: null, outcome: "breaker_open", result: { failure } };
  }
  let attempts = 0;
  let isAnswered = false;
  const deadline = startDeadline(undefined, endpoint.timeoutMs);
  try {
    const answer = await exchange(endpoint, request, deadline, () => attempts++);
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
