/** The rules of an endpoint, and how often each decided. */
import type { Role } from "../../journal/console.ts";
import type { ConsoleContext } from "../context.ts";
import type { RuleHits } from "../reader/reader.ts";
import { seesPeople, withoutAddresses } from "./privacy.ts";

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
  /** Whether it decided nothing in a span of which all was seen. */
  readonly isNeverHit: boolean;
}

/** The rules of an endpoint. */
export interface RulesOfEndpoint extends Pick<RuleHits, "deliveries" | "lookedBackTo"> {
  readonly endpoint: string;
  readonly kind: string;
  /** Since when it was counted, in ISO 8601. */
  readonly since: string;
  readonly rules: readonly RuleWithHits[];
  /** How often no rule matched, and what stands behind them decided. */
  readonly otherwise: number;
  /** How often nothing decided. */
  readonly undecided: number;
  /** What decided then and is no rule now, with how often. */
  readonly gone: readonly { readonly name: string; readonly hits: number }[];
}

const OTHERWISE = "otherwise";

/**
 * Counts how often each rule of an endpoint decided.
 *
 * @param context What the console is given.
 * @param path The path of the endpoint.
 * @param span Since and until when, in milliseconds since the epoch.
 * @param role Who looks.
 * @returns The rules; `undefined` where there is no such endpoint.
 */
export async function rulesOfEndpoint(
  { served, reader }: Pick<ConsoleContext, "served" | "reader">,
  path: string,
  span: { readonly since: number; readonly until?: number },
  role: Role,
): Promise<RulesOfEndpoint | undefined> {
  const endpoint = served().endpoints.find((one) => one.path === path);
  if (endpoint === undefined) return undefined;
  const { rules, deliveries, lookedBackTo } = await reader.ruleHits(path, span);
  const byName = new Map(rules.map((one) => [one.name, one]));
  const names = new Set(endpoint.rules.map(({ name }) => name));
  const shown: RulesOfEndpoint = {
    endpoint: path,
    kind: endpoint.kind,
    since: new Date(span.since).toISOString(),
    deliveries,
    lookedBackTo,
    rules: endpoint.rules.map(({ name, when }) => {
      const { hits = 0, failures = 0, lastHitAt = null } = byName.get(name) ?? {};
      const isNeverHit = hits === 0 && lookedBackTo === null && deliveries > 0;
      return { name, when: when ?? null, hits, failures, lastHitAt, isNeverHit };
    }),
    otherwise: byName.get(OTHERWISE)?.hits ?? 0,
    undecided: byName.get("")?.hits ?? 0,
    gone: rules.filter(({ name, hits }) =>
      hits > 0 && name !== "" && name !== OTHERWISE && !names.has(name)
    ).map(({ name, hits }) => ({ name, hits })),
  };
  return seesPeople(role) ? shown : withoutAddresses(shown);
}
