import { describeRefusal, type Refusal } from "../auth/refusals.ts";
import type { Decision } from "../rules/decision.ts";
import { withoutValues } from "../rules/cel/evaluation.ts";
import { log, logOften } from "../observe/log.ts";
import type { RequestMeter } from "../observe/metrics/requests.ts";
import { type Attributes, isTracing, nameRequest } from "../observe/trace.ts";
import type { Endpoint } from "./endpoint.ts";
import type { RequestContext } from "./verify.ts";
import { type Problem, problemLink } from "./problem/problem.ts";

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
