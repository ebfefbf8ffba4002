/** The rules of an endpoint, and how often each decided. */
import { RULES_SPAN_MS } from "../../journal/console.ts";
import type { ConsoleContext } from "../context.ts";
import { isoOrNull } from "./records.ts";

/** A rule and how often it decided. */
export interface RuleWithHits {
  readonly name: string;
  /** Its condition. */
  readonly when: string | null;
  readonly hits: number;
  /** How often it failed while it was tried. */
  readonly failures: number;
  /** When it decided for the last time, in ISO 8601. */
  readonly lastHitAt: string | null;
  /** Whether it decided nothing though something came. */
  readonly isNeverHit: boolean;
}

/** The rules of an endpoint. */
export interface RulesOfEndpoint {
  readonly endpoint: string;
  readonly kind: string;
  /** Whether endpoints of its kind decide by rules at all. */
  readonly decidesByRules: boolean;
  /** Since when it is told, in ISO 8601: from the beginning of that day on, in UTC. */
  readonly since: string;
  /** Since when it was counted, in ISO 8601, where that is later; `null` where all was counted. */
  readonly lookedBackTo: string | null;
  /** How many deliveries came since then. */
  readonly deliveries: number;
  readonly rules: readonly RuleWithHits[];
  /** How often no rule matched, and what stands behind them decided. */
  readonly otherwise: number;
  /** How often nothing decided. */
  readonly undecided: number;
  /** What decided then and is no rule now, with how often. */
  readonly gone: readonly { readonly name: string; readonly hits: number }[];
}

const OTHERWISE = "otherwise";
const MOST_GONE = 200;
const LONGEST_NAME = 300;

/**
 * Tells how often each rule of an endpoint decided.
 *
 * @param context What the console is given.
 * @param path The path of the endpoint.
 * @param since From which day on, in milliseconds since the epoch.
 * @returns The rules; `undefined` where there is no such endpoint.
 */
export async function rulesOfEndpoint(
  { served, reader, traffic, handlers }: Pick<
    ConsoleContext,
    "served" | "reader" | "traffic" | "handlers"
  >,
  path: string,
  since: number,
): Promise<RulesOfEndpoint | undefined> {
  const endpoint = served().endpoints.find((one) => one.path === path);
  if (endpoint === undefined) return undefined;
  const from = since - since % RULES_SPAN_MS;
  const [{ rules, countedSince }, hours] = await Promise.all([
    traffic.rules(path, from),
    reader.traffic("hour", from),
  ]);
  const isLater = countedSince !== null && countedSince > from;
  const stored = hours.filter((one) => one.endpoint === path)
    .reduce((sum, { count }) => sum + count, 0);
  // What is not stored yet has decided already.
  const deliveries = Math.max(stored, ...rules.map(({ hits }) => hits));
  const byName = new Map(rules.map((one) => [one.rule, one]));
  const names = new Set(endpoint.rules.map(({ name }) => name));
  return {
    endpoint: path,
    kind: endpoint.kind,
    decidesByRules: handlers.some(({ kind, sight }) =>
      kind === endpoint.kind && sight !== undefined
    ),
    since: new Date(from).toISOString(),
    deliveries,
    lookedBackTo: isLater ? new Date(countedSince).toISOString() : null,
    rules: endpoint.rules.map(({ name, when }) => {
      const { hits = 0, failures = 0, lastHitAt = null } = byName.get(name) ?? {};
      const isNeverHit = hits === 0 && deliveries > 0;
      const last = isoOrNull(lastHitAt);
      return { name, when: when ?? null, hits, failures, lastHitAt: last, isNeverHit };
    }),
    otherwise: byName.get(OTHERWISE)?.hits ?? 0,
    undecided: byName.get("")?.hits ?? 0,
    gone: rules.filter(({ rule, hits }) =>
      hits > 0 && rule !== "" && rule !== OTHERWISE && !names.has(rule)
    ).slice(0, MOST_GONE).map(({ rule, hits }) => ({ name: rule.slice(0, LONGEST_NAME), hits })),
  };
}
