/** A delivery that was just answered, decided by another config too. */
import type { Endpoint } from "../http/endpoint.ts";
import type { Delivery } from "../journal/delivery.ts";
import type { Decision } from "../rules/decision.ts";
import { decideAgain } from "./backtest/again.ts";
import { compare, type Difference, type Side } from "./backtest/compare.ts";
import { type BriefedKind, orderTotalOf } from "./backtest/range.ts";

/** What a shadow gets of a delivery. */
export type ShadowDelivery = Pick<
  Delivery,
  | "id"
  | "endpoint"
  | "kind"
  | "requestId"
  | "receivedAt"
  | "headers"
  | "body"
  | "status"
  | "answer"
  | "decisions"
>;

/** Decides deliveries by the config that is tried. */
export type ShadowJudge = (delivery: ShadowDelivery) => Promise<Difference | undefined>;

/**
 * Makes what decides deliveries by another config. No service is asked: what one said counts again.
 *
 * @param endpoints The endpoints of the config that is tried.
 * @param kinds The kinds, to tell what an order costs.
 * @returns What finds how a delivery would be decided otherwise; in the place of the answers it
 * holds the outcomes, which are the configs' own words.
 */
export function createShadowJudge(
  endpoints: readonly Endpoint[],
  kinds: readonly BriefedKind[],
): ShadowJudge {
  const again = decideAgain(endpoints, { findExport: () => Promise.resolve(undefined) });
  const briefs = new Map(kinds.map(({ kind, brief }) => [kind, brief]));
  return async (delivery) => {
    const stored = {
      ...delivery,
      ...{ answeredAt: delivery.receivedAt, remoteAddress: "", verifiedBy: "", rules: [] },
      ...{ bodyBytes: delivery.body.length, repeatOf: null, erasedAt: null },
    };
    const decided = await again.decide(stored, again.takerOf(stored).endpoint);
    const difference = compare(stored, decided);
    if (difference === undefined) return undefined;
    const total = orderTotalOf(delivery.body, briefs.get(delivery.kind));
    return {
      ...difference,
      ...(total !== undefined && { total }),
      then: sideOf(difference.then, difference.now, delivery.decisions, decided.decisions),
      now: sideOf(difference.now, difference.then, decided.decisions, delivery.decisions),
    };
  };
}

/** Of many items the first that differ. */
const MOST_OUTCOMES = 20;

function sideOf(
  own: Side,
  other: Side,
  decisions: readonly Decision[],
  others: readonly Decision[],
): Side {
  const before = new Map(other.rules.map(({ subject, rule }) => [subject, rule]));
  const changed = own.rules.filter(({ subject, rule }) => before.get(subject) !== rule);
  const rules = (changed.length > 0 ? changed : own.rules).slice(0, MOST_OUTCOMES);
  return { ...own, rules, answer: outcomesOf(decisions, others) };
}

function outcomesOf(own: readonly Decision[], others: readonly Decision[]): string {
  const [whole] = own;
  if (whole === undefined) return "";
  if (own.length === 1 && whole.subject === undefined) return JSON.stringify(whole.outcome);
  const before = new Map(others.map((one) => [one.subject, JSON.stringify(one.outcome)]));
  const changed = own.filter(({ subject, outcome }) =>
    before.get(subject) !== JSON.stringify(outcome)
  );
  return JSON.stringify(Object.fromEntries(
    changed.slice(0, MOST_OUTCOMES).map(({ subject = "", outcome }) => [subject, outcome]),
  ));
}
