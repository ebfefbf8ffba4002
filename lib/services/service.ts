/** A third party that is asked: its settings, its retries, and what is said of it. */
import * as z from "zod";
import { importKey } from "../auth/x_signature.ts";
import { startDeadline } from "../util/deadline.ts";
import { openConnection } from "../util/connection.ts";
import { log } from "../observe/log.ts";
import { lazy } from "../util/memory.ts";
import { authorityFile, httpUrl, milliseconds, proxySetting } from "../util/settings.ts";
import {
  exchange,
  type FailureKind,
  type Question,
  type ServiceEndpoint,
  ServiceFailure,
  type ServiceRequest,
  understand,
  type Understood,
} from "./exchange.ts";
import { type Breaker, type BreakerChange, createBreaker } from "./breaker.ts";

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

const breaker = lazy(() =>
  z.strictObject({
    failures: z.int().min(1).max(1000).default(5).meta({
      description: "After how many failures in a row the service is not asked for a while.",
    }),
    resetMs: milliseconds.default(30_000).meta({
      description: "For how long, in milliseconds. Then one question is a trial: when it is " +
        "answered the service is asked again, else it gets the same time again.",
    }),
  })
);

/** A third party that rules can ask. */
export const serviceSettings = lazy(() =>
  z.strictObject({
    url: httpUrl().meta({ description: "Where the service is asked, as a POST." }),
    signatureKey: z.string().min(1).regex(/\S/, "wanted a key, found white space alone").optional()
      .meta({
        description: "The key that signs the question and verifies the answer, in uStore's way. " +
          "Without it neither is signed.",
      }),
    proxy: proxySetting(),
    caFile: authorityFile(),
    timeoutMs: milliseconds.default(3_000).meta({
      description: "How long the service may take in all, in milliseconds: every attempt and the " +
        "last byte of the answer.",
    }),
    maxAnswerBytes: z.int().min(1).max(67_108_864).default(1_048_576).meta({
      description: "The largest answer of the service, in bytes.",
    }),
    breaker: breaker().prefault({}).meta({
      description: "When the service is left alone, so that shoppers do not wait for it in vain.",
    }),
    onFailure: z.record(z.string(), z.unknown()).optional().meta({
      description: "The outcome when the service gives no answer that can be used: one of the " +
        "endpoint that asks, but no ask. Without it such a delivery is answered with 503.",
    }),
  })
);

/** The settings of a service. Hold a secret: never print them. */
export type ServiceSettings = z.output<ReturnType<typeof serviceSettings>> & {
  /** What is in `caFile`, once that was read. */
  readonly authority?: string | undefined;
};
