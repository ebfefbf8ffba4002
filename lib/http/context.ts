/** What is known of a request on its way, who sent it, and what is told of it afterwards. */
import type { Verified } from "../auth/authenticator.ts";
import { describeRefusal, type Refusal, refuseAddress, refuseAt } from "../auth/refusals.ts";
import type { Decision } from "../rules/decision.ts";
import type { ReceivedEvent } from "../events/event.ts";
import { withoutValues } from "../rules/cel/evaluation.ts";
import { log, logOften } from "../observe/log.ts";
import type { RequestMeter } from "../observe/metrics/requests.ts";
import { type Attributes, isTracing, nameRequest } from "../observe/trace.ts";
import type { ArrivingBody } from "./limits.ts";
import type { Endpoint, Exported } from "./endpoint.ts";
import type { Peer } from "./listen/listener.ts";
import { Problem, problemLink } from "./problem/problem.ts";
import { requestUrlOf } from "./request.ts";

/** A request on its way through the pipeline, with what the steps found out so far. */
export interface RequestContext {
  readonly endpoint: Endpoint;
  readonly headers: Headers;
  readonly requestId: string;
  readonly remoteAddress: string;
  /** In milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The bytes as received; empty until they are read, and when they are too many. */
  body: Uint8Array<ArrayBuffer>;
  /** Who sent it; `undefined` when that was not found out, or not looked at. */
  verified: Verified | undefined;
  /** Why it is not known who sent it; `undefined` too when another refusal came before. */
  refusal: Refusal | undefined;
  decisions: readonly Decision[];
  exported: Exported | undefined;
  /** By which numbers people look for it; `undefined` when nobody read its document. */
  numbers: readonly string[] | undefined;
  events: readonly ReceivedEvent[];
  /** What is answered instead of a 200. */
  problem: Problem | undefined;
  /** Gives back its place among the requests that are worked on; `undefined` while it has none. */
  leave: (() => void) | undefined;
}

/** Who sent a request. */
export interface RequestSender {
  /** The address of the client, also behind trusted proxies. */
  readonly address: string;
  /** Its connection, where connections are limited. */
  readonly connection?: Peer["connection"];
  /** Its body on its way, or in memory while nobody knows whose it is. */
  arrival: ArrivingBody | undefined;
}

/**
 * Tells a refusal from a verification.
 *
 * @param verification What an authenticator said.
 * @returns Whether it refused.
 */
export function isRefusal(verification: object): verification is Refusal {
  return "disprovedHeader" in verification;
}

/**
 * Finds out who sent a request, and notes it in the context, or why that is not known.
 *
 * @param context The request, with the bytes of its body.
 * @param request The same as it came.
 * @param judgeElsewhere Looks whether a refused signature is right for another endpoint.
 * @throws {Problem} When it is not known (`signature_mismatch`).
 */
export async function verifyRequest(
  context: RequestContext,
  request: Request,
  judgeElsewhere?: JudgeElsewhere,
): Promise<void> {
  const { endpoint, headers, body, remoteAddress } = context;
  const { auth, addresses } = endpoint;
  // The address first: from where nothing may come, nothing is worked on.
  const verification = addresses?.has(remoteAddress) ?? true
    ? await auth.verify(headers, body, { remoteAddress, url: () => requestUrlOf(request.url) })
    : refuseAddress(remoteAddress);
  if (!isRefusal(verification)) {
    context.verified = verification;
    return;
  }
  context.refusal = judgeElsewhere === undefined
    ? verification
    : await judgeElsewhere(endpoint, verification, headers, body);
  // Why is for the log and the journal alone: the answer is the same, whatever was wrong.
  const { challenge } = auth;
  throw new Problem("signature_mismatch", challenge === undefined ? {} : { headers: challenge });
}

/** Judges a refusal anew by the keys of all endpoints. */
export type JudgeElsewhere = (
  endpoint: Endpoint,
  refusal: Refusal,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
) => Promise<Refusal>;

/** Of a refused delivery no more is kept, so that nobody could examine its signature later. */
const MOST_BYTES = 65_536;

/**
 * Makes what looks whether a signature that one endpoint refuses is right for another: then the URL
 * is the mistake, and the signature must not stay readable.
 *
 * @param endpoints All endpoints of the server.
 * @returns What gives the refusal, or another one in its place.
 */
export function createJudgeElsewhere(endpoints: readonly Endpoint[]): JudgeElsewhere {
  return async (endpoint, refusal, headers, body) => {
    if (refusal.disprovedHeader === undefined) return refusal;
    if (body.length > MOST_BYTES) return { ...refusal, disprovedHeader: undefined };
    const tried = new Set(endpoint.auth.keyFingerprints);
    for (const { path, auth } of endpoints) {
      if (auth.scheme !== endpoint.auth.scheme) continue;
      if (auth.keyFingerprints.every((key) => tried.has(key))) continue;
      for (const key of auth.keyFingerprints) tried.add(key);
      if (!isRefusal(await auth.verify(headers, body))) return refuseAt(path);
    }
    return refusal;
  };
}

/** What tells of deliveries. */
export interface ReportTools {
  /** Counts what is answered. */
  readonly meter?: RequestMeter;
  /** Where the pages of the documentation are served, to name the one that explains an error. */
  readonly docsUrl?: string;
}

/** How a delivery was answered. */
export interface Report {
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

/**
 * Tells of a delivery that was answered: to the log, to the metrics and to the trace.
 *
 * @param context What was received and found.
 * @param report How it was answered.
 * @param tools What counts it, if anything does, and where errors are explained.
 */
export function reportDelivery(
  context: RequestContext,
  report: Report,
  { meter, docsUrl }: ReportTools,
): void {
  logDelivery(context, report, docsUrl);
  meter?.answered(context, report.status, report.durationMs);
  if (isTracing) {
    nameRequest(`${report.method} ${context.endpoint.path}`, () => attributesOf(context));
  }
}

function logDelivery(
  { endpoint, requestId, decisions, problem, refusal, verified }: RequestContext,
  { status, durationMs }: Report,
  docsUrl: string | undefined,
): void {
  for (const { rule, reason, times } of failuresOf(decisions)) {
    const often = times === 1 ? "" : ", {times} times";
    log.warn(`Rule {rule} of {endpoint} failed and counts as no match: {reason}${often}`, {
      rule,
      endpoint: endpoint.path,
      reason,
      ...(times > 1 && { times }),
      requestId,
    });
  }
  if (verified?.warning !== undefined) warnSeldom(endpoint, verified.warning, requestId);
  const rules = rulesOf(decisions);
  const by = rules === "" ? "" : " by {rules}";
  const because = problem === undefined ? "" : ": {reason}, see {link}";
  logOften(`{endpoint} answered {status}${by} in {durationMs} ms${because}`, {
    endpoint: endpoint.path,
    status,
    ...(rules === "" ? {} : { rules }),
    durationMs: Math.round(durationMs * 1000) / 1000,
    requestId,
    ...(problem === undefined ? {} : {
      code: problem.code,
      reason: describeFailure(problem, refusal),
      link: problemLink(problem.code, docsUrl),
    }),
  }, refusal === undefined ? "info" : "warning");
}

/** What went wrong; of a refused signature, what was found and what to do. */
function describeFailure({ message }: Problem, refusal: Refusal | undefined): string {
  return refusal === undefined ? message : `${message}. ${describeRefusal(refusal)}`;
}

const WARNING_PAUSE_MS = 60_000;
const warnedAt = new WeakMap<Endpoint, number>();

/** Where a platform signs in a way that is worth a warning, it does so every time. */
function warnSeldom(endpoint: Endpoint, warning: string, requestId: string): void {
  const now = performance.now();
  if (now - (warnedAt.get(endpoint) ?? -Infinity) < WARNING_PAUSE_MS) return;
  warnedAt.set(endpoint, now);
  const properties = { endpoint: endpoint.path, warning, requestId };
  log.warn("{endpoint} accepted a delivery: {warning}", properties);
}

interface CountedFailure {
  readonly rule: string;
  readonly reason: string;
  times: number;
}

/** A rule that fails for each of ten thousand items is one line of the log. */
function failuresOf(decisions: readonly Decision[]): readonly CountedFailure[] {
  if (decisions.every(({ failures }) => failures.length === 0)) return [];
  const counted = new Map<string, CountedFailure>();
  for (const { rule, reason: words } of decisions.flatMap(({ failures }) => failures)) {
    const reason = withoutValues(words);
    const key = JSON.stringify([rule, reason]);
    const known = counted.get(key);
    if (known === undefined) counted.set(key, { rule, reason, times: 1 });
    else known.times++;
  }
  return [...counted.values()];
}

function attributesOf({ endpoint, requestId, decisions, problem }: RequestContext): Attributes {
  const rules = rulesOf(decisions);
  return {
    "http.route": endpoint.path,
    "storehook.kind": endpoint.kind,
    "storehook.request_id": requestId,
    ...(rules === "" ? {} : { "storehook.rule": rules }),
    ...(problem === undefined ? {} : { "storehook.code": problem.code }),
  };
}

/** The rules that decided, each named once. */
function rulesOf(decisions: readonly Decision[]): string {
  if (!decisions.some(({ rule }) => rule !== null)) return "";
  return [...new Set(decisions.map(({ rule }) => rule ?? "no rule"))].join(", ");
}
