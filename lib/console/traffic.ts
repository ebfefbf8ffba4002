/** How many deliveries came, by the minute: counted as they are answered, never by looking. */
import { log } from "../observe/log.ts";
import {
  type CountedRules,
  type JournalConsole,
  type RuleCount,
  RULES_SPAN_MS,
  TRAFFIC_RESULTS,
  TRAFFIC_SPANS,
  type TrafficCount,
  type TrafficResult,
} from "../journal/console.ts";
import type { Decision } from "../rules/decision.ts";
import type { DeliverySummary } from "../journal/delivery.ts";
import type { Journal } from "../journal/journal.ts";
import type { RequestMeter } from "../observe/metrics/requests.ts";
import { pause } from "../util/waiting.ts";
import { CHART_SPANS, type ChartSpan, seriesOf, type TrafficSeries } from "./traffic_series.ts";

/** Counts deliveries. */
export interface Traffic {
  /**
   * Counts every delivery that is answered.
   *
   * @param other Counts them, too.
   */
  meter(other: RequestMeter): RequestMeter;
  /**
   * Tells when a key verified something at an endpoint for the last time since the program runs, in
   * milliseconds since the epoch.
   */
  keySeenAt(endpoint: string, fingerprint: string): number | undefined;
  /**
   * Tells when a delivery came to an endpoint for the last time, in milliseconds since the epoch; of
   * before the start of the program, to the minute where the journal has it no more.
   */
  lastAt(endpoint: string): number | undefined;
  /** Reads how often each rule of an endpoint decided, from the day on in which a time lies. */
  rules(endpoint: string, since: number): Promise<CountedRules>;
  /** Reads what came until now. */
  series(span: ChartSpan): Promise<TrafficSeries>;
  /** Stores what was counted, and counts no more. */
  stop(): Promise<void>;
}

/** What counting works with. */
interface TrafficTools {
  /** Where counts are stored, and deliveries of before are found. */
  readonly journal: Pick<Journal, "list"> & {
    readonly console: Pick<JournalConsole, "change" | "traffic">;
  };
  /** Where counts are read for charts. */
  readonly reader: Pick<JournalConsole, "traffic" | "ruleCounts">;
  readonly now: () => number;
  /** How long deliveries of before are not looked for, in milliseconds; 0 unless given. */
  readonly fillAfterMs?: number;
}

const MINUTE_MS = TRAFFIC_SPANS.minute;
/** Nobody is to notice that what came before is counted. */
const FILL = { page: 100, restMs: 50, most: 50_000 } as const;

/** What of a decision is counted. */
type RuleDecision = Pick<Decision, "rule" | "failures">;

interface CountedRule {
  hits: number;
  failures: number;
  lastHitAt: number | null;
}

type MinuteCounts = Map<
  string,
  Record<TrafficResult, number> & { readonly rules: Map<string, CountedRule> }
>;

/**
 * Begins to count. What came since counts were stored for the last time is counted from the journal.
 *
 * @param tools What it works with.
 * @returns What counts.
 */
export function startTraffic(
  { journal, reader, now, fillAfterMs = 0 }: TrafficTools,
): Traffic {
  const minutes = new Map<number, MinuteCounts>();
  const lastAt = new Map<string, number>();
  const keysSeen = new Map<string, number>();
  const ending = new AbortController();
  const startedAt = now();

  function count(
    endpoint: string,
    result: TrafficResult,
    at: number,
    decisions: readonly RuleDecision[] = [],
  ): void {
    const minute = at - at % MINUTE_MS;
    let counts = minutes.get(minute);
    if (counts === undefined) minutes.set(minute, counts = new Map());
    let ofEndpoint = counts.get(endpoint);
    if (ofEndpoint === undefined) {
      counts.set(endpoint, ofEndpoint = { answered: 0, refused: 0, failed: 0, rules: new Map() });
    }
    ofEndpoint[result]++;
    for (const decision of decisions) countDecision(ofEndpoint.rules, decision, at);
    lastAt.set(endpoint, Math.max(at, lastAt.get(endpoint) ?? 0));
  }

  const filled = fillUp();

  async function fillUp(): Promise<void> {
    if (fillAfterMs > 0) await pause(fillAfterMs, ending.signal);
    try {
      const stored = await journal.console.traffic("minute", startedAt - CHART_SPANS.day.spanMs);
      // Where nothing was ever counted, what a chart of a month and the rules can show.
      const last = stored.at(-1)?.at ?? startedAt - CHART_SPANS.month.spanMs;
      for (const { endpoint, at } of stored) {
        lastAt.set(endpoint, Math.max(at, lastAt.get(endpoint) ?? 0));
      }
      let cursor: string | null | undefined;
      for (let seen = 0; cursor !== null && seen < FILL.most; seen += FILL.page) {
        const page = await journal.list({
          since: last - last % MINUTE_MS,
          until: startedAt,
          limit: FILL.page,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const one of page.deliveries) {
          // Those of the last minute that was stored are among its rules already.
          const decisions = stored.length > 0 && one.receivedAt < last + MINUTE_MS
            ? []
            : one.decisions;
          const result = resultOf(one.status, one.verifiedBy !== null);
          count(one.endpoint, result, one.receivedAt, decisions);
        }
        cursor = page.next;
        if (cursor !== null) await pause(FILL.restMs, ending.signal);
        if (ending.signal.aborted) return;
      }
      await findLast(new Map(stored.map(({ endpoint, at }) => [endpoint, at])));
    } catch (error) {
      log.warn("Cannot count the deliveries of before: {error}", { error });
    }
  }

  /** Within the minute in which the last one came of each endpoint, few are looked at. */
  async function findLast(minuteOf: ReadonlyMap<string, number>): Promise<void> {
    for (const [endpoint, since] of minuteOf) {
      const { deliveries: [last] } = await journal.list(
        { endpoint, since, until: since + MINUTE_MS, limit: 1 },
      );
      if (last !== undefined) {
        lastAt.set(endpoint, Math.max(last.receivedAt, lastAt.get(endpoint) ?? 0));
      }
      if (ending.signal.aborted) return;
    }
  }

  function pending(before: number): readonly TrafficCount[] {
    return [...minutes].filter(([at]) => at < before).flatMap(([at, counts]) =>
      [...counts].flatMap(([endpoint, results]) =>
        TRAFFIC_RESULTS.filter((result) => results[result] > 0)
          .map((result) => ({ at, endpoint, result, count: results[result] }))
      )
    );
  }

  function pendingRules(before: number): readonly RuleCount[] {
    return [...minutes].filter(([at]) => at < before).flatMap(([minute, counts]) =>
      [...counts].flatMap(([endpoint, { rules }]) =>
        [...rules].map(([rule, counted]) => ({
          at: minute - minute % RULES_SPAN_MS,
          endpoint,
          rule,
          ...counted,
        }))
      )
    );
  }

  async function store(before: number): Promise<void> {
    await filled;
    const counts = pending(before);
    if (counts.length === 0) return;
    try {
      const rules = pendingRules(before);
      await journal.console.change({ kind: "count traffic", counts, rules, now: now() });
      for (const { at } of counts) minutes.delete(at);
    } catch {
      // The journal is told of elsewhere, and they are stored with what comes next.
    }
  }

  const timer = setInterval(() => {
    const at = now();
    store(at - at % MINUTE_MS);
  }, MINUTE_MS);

  return {
    meter: (other) => ({
      ...other,
      answered(request, status, durationMs) {
        other.answered(request, status, durationMs);
        const { endpoint: { path, auth }, verified, receivedAt, decisions } = request;
        count(path, resultOf(status, verified !== undefined), receivedAt, decisions);
        const fingerprint = auth.keyFingerprints[verified?.keyIndex ?? -1];
        if (fingerprint !== undefined) keysSeen.set(keyAt(path, fingerprint), receivedAt);
      },
    }),
    keySeenAt: (endpoint, fingerprint) => keysSeen.get(keyAt(endpoint, fingerprint)),
    lastAt: (endpoint) => lastAt.get(endpoint),
    async rules(endpoint, since) {
      const { rules, countedSince } = await reader.ruleCounts(endpoint, since);
      const sums = new Map(rules.map(({ rule, ...counted }) => [rule, { ...counted }]));
      for (const { endpoint: of, at, rule, ...fresh } of pendingRules(Infinity)) {
        if (of !== endpoint || at < since - since % RULES_SPAN_MS) continue;
        const known = sums.get(rule) ?? { hits: 0, failures: 0, lastHitAt: null };
        known.hits += fresh.hits;
        known.failures += fresh.failures;
        if (fresh.lastHitAt !== null) {
          known.lastHitAt = Math.max(fresh.lastHitAt, known.lastHitAt ?? 0);
        }
        sums.set(rule, known);
      }
      return {
        rules: [...sums].map(([rule, counted]) => ({ rule, ...counted })),
        countedSince: countedSince ?? startedAt,
      };
    },
    async series(span) {
      const { spanMs, stepMs, counted } = CHART_SPANS[span];
      const end = now();
      const from = end - end % stepMs - spanMs + stepMs;
      const stored = await reader.traffic(counted, from);
      // What is not stored yet; a minute that is stored again is that of before with more in it.
      const fresh = pending(Infinity).filter(({ at }) => at >= from);
      const known = counted === "hour"
        ? stored
        : stored.filter((one) =>
          !fresh.some(({ at, endpoint, result }) =>
            at === one.at && endpoint === one.endpoint && result === one.result
          )
        );
      return seriesOf(span, from, [...known, ...fresh]);
    },
    async stop() {
      clearInterval(timer);
      ending.abort();
      await store(Infinity);
    },
  };
}

function keyAt(endpoint: string, fingerprint: string): string {
  return `${fingerprint} ${endpoint}`;
}

function countDecision(
  rules: Map<string, CountedRule>,
  { rule, failures }: RuleDecision,
  at: number,
): void {
  const of = (name: string) => {
    let known = rules.get(name);
    if (known === undefined) rules.set(name, known = { hits: 0, failures: 0, lastHitAt: null });
    return known;
  };
  const decided = of(rule ?? "");
  decided.hits++;
  decided.lastHitAt = Math.max(at, decided.lastHitAt ?? 0);
  for (const failure of failures) of(failure.rule).failures++;
}

/** Of a delivery: `verifiedBy` is known for refused ones, too. */
function resultOf(
  status: DeliverySummary["status"],
  isVerified: boolean,
): TrafficResult {
  if (status >= 500) return "failed";
  return isVerified && status < 400 ? "answered" : "refused";
}
