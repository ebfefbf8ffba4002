/** What is known of a request on its way: its id, who sent it, and what is told of it afterwards. */
import type { Verified } from "../auth/authenticator.ts";
import { describeRefusal, type Refusal, refuseAddress } from "../auth/refusals.ts";
import type { Decision } from "../rules/decision.ts";
import type { ReceivedEvent } from "../events/event.ts";
import { withoutValues } from "../rules/cel/evaluation.ts";
import { log, logOften } from "../observe/log.ts";
import type { RequestMeter } from "../observe/metrics/requests.ts";
import { type Attributes, isTracing, nameRequest } from "../observe/trace.ts";
import { type AddressList, createAddressList, plainAddress } from "../util/addresses.ts";
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
  /** Whether it comes after the end began, and is to be refused. */
  readonly isLate?: boolean;
  /** Its body on its way, or in memory while nobody knows whose it is. */
  arrival: ArrivingBody | undefined;
}

/** What is kept of the outside: short, and safe in a header, a log line and a file name. */
const ACCEPTED = /^[\w-]{1,64}$/;

/**
 * Names a request, for the answer, the log and the journal.
 *
 * @param headers The request's headers; a good `X-Request-Id` is kept.
 * @returns The id.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(requestIdOf(new Headers({ "X-Request-Id": "order-4068" })), "order-4068");
 * ```
 */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("X-Request-Id");
  return given !== null && ACCEPTED.test(given) ? given : crypto.randomUUID();
}

/** Tells who sent a request, by its connection and its headers. */
export type ClientAddress = (remoteAddress: string, headers: Headers) => string;

/**
 * Makes what tells the address of a client that may come through proxies.
 *
 * `X-Forwarded-For` is believed only when a trusted proxy sent it, and only as far as trusted
 * proxies wrote it: from its end up to the first address that is of none of them. What stands
 * before that, the client may have written itself.
 *
 * @param trustedProxies The proxies' addresses and networks.
 * @returns What tells it.
 * @throws {SyntaxError} When one is no address and no network.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const addressOf = createClientAddress(["10.0.0.0/8"]);
 * const headers = new Headers({ "X-Forwarded-For": "1.1.1.1, 192.0.2.7, 10.0.0.9" });
 * assertEquals(addressOf("10.0.0.1", headers), "192.0.2.7");
 * assertEquals(addressOf("192.0.2.99", headers), "192.0.2.99");
 * ```
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = createAddressList(trustedProxies);
  return (remoteAddress, headers) => {
    const own = withoutWrapping(remoteAddress);
    if (trustedProxies.length === 0 || !trusted.has(own)) return own;
    return lastUntrusted(own, headers.get("x-forwarded-for") ?? "", trusted);
  };
}

function lastUntrusted(proxy: string, forwardedFor: string, trusted: AddressList): string {
  let nearest = proxy;
  for (const entry of forwardedFor.split(",").toReversed()) {
    const address = withoutWrapping(withoutPort(entry.trim()));
    // What is no address (`unknown`, a name, nothing) ends what can be known.
    if (plainAddress(address) === undefined) return nearest;
    nearest = address;
    if (!trusted.has(address)) return nearest;
  }
  return nearest;
}

/** IIS writes `192.0.2.7:50123` and `[2001:db8::7]:50123`. */
function withoutPort(entry: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return bracketed;
  const [, ipv4] = /^(\d+(?:\.\d+){3}):\d+$/.exec(entry) ?? [];
  return ipv4 ?? entry;
}

/** A listener on `::` sees the clients of IPv4 as `::ffff:192.0.2.7`. */
function withoutWrapping(address: string): string {
  const plain = address.includes(":") ? plainAddress(address) : undefined;
  return plain === undefined || plain.includes(":") ? address : plain;
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
  if (decisions.length === 1) return decisions[0]?.rule ?? "";
  if (!decisions.some(({ rule }) => rule !== null)) return "";
  return [...new Set(decisions.map(({ rule }) => rule ?? "no rule"))].join(", ");
}
