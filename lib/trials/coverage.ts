/** How often each rule and each row of a table decided: in tests, in a span of the journal. */
import type { ConfiguredEndpoint } from "../config/schema.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { DeliveryFilter } from "../journal/delivery_filter.ts";
import type { Journal } from "../journal/journal.ts";
import { type Decision, namesThatDecide } from "../rules/decision.ts";
import { createRowFinder } from "./covered_rows.ts";
import { nextTurn } from "../util/waiting.ts";
import type { RuleTestResult } from "./rule_tests/run.ts";

/** Where decisions are counted. */
export type CoverageSource = "tests" | "journal";

/** How often a rule or a row decided; an order item is a decision of its own. */
export interface RuleCoverage {
  /** Its name, `otherwise`, or `null` for what nothing decides. */
  readonly rule: string | null;
  readonly tests: number;
  readonly journal: number;
  /** When it decided last in the journal, in milliseconds since the epoch; `null` when never. */
  readonly lastAt: number | null;
}

/** What decided at an endpoint. */
export interface EndpointCoverage {
  readonly endpoint: string;
  readonly kind: string;
  /** All that the config has, those that never decided first, then the rare ones. */
  readonly rules: readonly RuleCoverage[];
  /** What decided and is no rule of the config: one of before, a rate of a tax, nothing at all. */
  readonly others: readonly RuleCoverage[];
}

/** Counts what decides. */
export interface CoverageCount {
  /**
   * Counts decisions; those of an endpoint that the config does not have are left out.
   *
   * @param source Where they were made.
   * @param endpoint The endpoint's path.
   * @param decisions The decisions of one delivery or test.
   * @param at When, in milliseconds since the epoch.
   */
  count(
    source: CoverageSource,
    endpoint: string,
    decisions: readonly Pick<Decision, "rule" | "row">[],
    at?: number,
  ): void;
  /** What was counted so far. */
  result(): readonly EndpointCoverage[];
}

type Counted = { -readonly [Key in keyof RuleCoverage]: RuleCoverage[Key] };

/**
 * Starts to count what decides at the endpoints of a config.
 *
 * @param endpoints The endpoints, opened.
 * @param configured The same, as the config describes them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rules = [{ name: "large", when: "order.total > 500" }, { name: "vip", when: "true" }];
 * const coverage = createCoverage([{ path: "/a", kind: "k", rules }], []);
 * coverage.count("tests", "/a", [{ rule: "large" }]);
 * const [{ rules: counted } = { rules: [] }] = coverage.result();
 * assertEquals(counted.map(({ rule, tests }) => [rule, tests]), [["vip", 0], ["large", 1]]);
 * ```
 */
export function createCoverage(
  endpoints: readonly Pick<Endpoint, "path" | "kind" | "rules" | "linesOf" | "rowsOf">[],
  configured: readonly Pick<ConfiguredEndpoint, "path" | "settings">[],
): CoverageCount {
  const byPath = new Map(endpoints.map((endpoint) => {
    const settings = configured.find(({ path }) => path === endpoint.path)?.settings;
    const names = namesThatDecide(endpoint);
    const all = settings?.otherwise === undefined ? names : [...names, "otherwise"];
    const known = new Map<string | null, Counted>(all.map((rule) => [rule, newCount(rule)]));
    const tables = new Set(
      endpoint.rules?.flatMap(({ name, table }) => table === undefined ? [] : [name]),
    );
    const findRow = createRowFinder(endpoint);
    const others = new Map<string | null, Counted>();
    return [endpoint.path, { endpoint, known, tables, others, findRow }];
  }));
  return {
    count(source, path, decisions, at) {
      const found = byPath.get(path);
      if (found === undefined) return;
      const { known, tables, others, findRow } = found;
      for (const decision of decisions) {
        const { rule, isThere } = findRow(decision);
        // Its rows decide about the parts of what it decided about, and are counted there.
        if (rule !== null && tables.has(rule) && !known.has(rule)) continue;
        const own = isThere ? known.get(rule) : undefined;
        const counted = own ?? others.get(rule) ?? newCount(rule);
        if (own === undefined) others.set(rule, counted);
        counted[source]++;
        if (at !== undefined) counted.lastAt = Math.max(at, counted.lastAt ?? at);
      }
    },
    result: () =>
      Array.from(byPath.values(), ({ endpoint: { path, kind }, known, others }) => ({
        endpoint: path,
        kind,
        rules: rareFirst(known.values()),
        others: rareFirst(others.values()),
      })),
  };
}

function newCount(rule: string | null): Counted {
  return { rule, tests: 0, journal: 0, lastAt: null };
}

/** Those that decided as often stay in their order. */
function rareFirst(counts: Iterable<Counted>): readonly RuleCoverage[] {
  return Array.from(counts, (one) => ({ ...one }))
    .toSorted((a, b) => a.tests + a.journal - b.tests - b.journal);
}

/**
 * Counts what decided in tests.
 *
 * @param coverage What counts.
 * @param results What became of the tests.
 */
export function coverTests(coverage: CoverageCount, results: readonly RuleTestResult[]): void {
  for (const { test, decided } of results) {
    coverage.count("tests", test.endpoint.path, decided?.decisions ?? []);
  }
}

/** How a journal is walked through. */
export interface CoverageWalk {
  /** Ends it sooner; what was counted until then stays. */
  readonly signal?: AbortSignal;
  /** Told how many deliveries were looked at. */
  readonly onProgress?: (done: number) => void;
}

/** A page of a list, which reads no body. */
const PAGE = 500;

/**
 * Counts what decided in the accepted deliveries of a journal, newest first.
 *
 * @param coverage What counts.
 * @param journal The journal.
 * @param filter Which deliveries.
 * @param walk How.
 * @returns How many deliveries were looked at.
 */
export async function coverJournal(
  coverage: CoverageCount,
  journal: Pick<Journal, "list">,
  filter: DeliveryFilter,
  { signal, onProgress }: CoverageWalk = {},
): Promise<number> {
  let done = 0;
  let cursor: string | null | undefined;
  while (cursor !== null && signal?.aborted !== true) {
    const page = await journal.list({
      ...filter,
      verified: true,
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { endpoint, decisions, receivedAt } of page.deliveries) {
      coverage.count("journal", endpoint, decisions, receivedAt);
    }
    done += page.deliveries.length;
    onProgress?.(done);
    cursor = page.next;
    // Whoever has the journal open answers requests, too.
    await nextTurn();
  }
  return done;
}
