/** What a viewer sees of the server itself: how it fares, by the names that the config gives. */
import type { DestinationHealth } from "../queries/destinations.ts";
import type { Attention, InstanceOverview, Overview } from "../queries/overview.ts";
import type { RulesOfEndpoint, RuleWithHits } from "../queries/rules.ts";
import type { ServiceHealth } from "../queries/services.ts";
import { withoutLiterals } from "./conditions.ts";
import type { Surroundings } from "../pages/surroundings.ts";
import { each, fields, HIDDEN, hidden, named, orNull, plain } from "./policy.ts";

/** What is wrong is told in words of ours: the reasons may quote the config, and name files. */
const WITHOUT_REASON: Readonly<Partial<Record<Attention["kind"], string>>> = {
  "not ready": "The server takes nothing in",
  "config not served": "The config file is not served: it has mistakes",
  "instances differ": "Those that share the journal differ",
};

function attention(one: Attention): Attention {
  const { subject, ...shown } = named({ ...one, text: WITHOUT_REASON[one.kind] ?? one.text });
  // The config is not theirs to look at, and a name that is not shown stands in the query, too.
  const isTheirs = one.kind !== "config not served";
  const href = subject === one.subject ? one.href : one.href.replace(/\?.*$/, "");
  return { ...shown, subject, href: isTheirs ? href : "/" };
}

/** Of the overview. */
export const overviewForViewers = fields<Overview>({
  version: plain,
  startedAt: plain,
  now: plain,
  ready: plain,
  attention: each(attention),
  endpoints: named,
  figures: named,
  traffic: named,
  instances: each(fields<InstanceOverview>({
    host: hidden,
    version: plain,
    config: plain,
    startedAt: plain,
    silentSeconds: plain,
    isThis: plain,
  })),
});

/** Of the rules of an endpoint. */
export const rulesForViewers = fields<RulesOfEndpoint>({
  endpoint: named,
  kind: plain,
  decidesByRules: plain,
  since: plain,
  lookedBackTo: plain,
  deliveries: plain,
  rules: each(fields<RuleWithHits>({
    name: named,
    when: orNull(withoutLiterals),
    hits: plain,
    failures: plain,
    lastHitAt: plain,
    isNeverHit: plain,
  })),
  otherwise: plain,
  undecided: plain,
  gone: named,
});

/** A path may name somebody as well as a query; a folder may be that of a person. */
function hostOnly(target: string): string {
  const url = URL.parse(target);
  const isShown = url !== null && /^(?:https?|smtps?):$/.test(url.protocol) && url.host !== "";
  return isShown ? named(`${url.protocol}//${url.host}`) : target === "" ? "" : HIDDEN;
}

/** Of a destination. */
export const destinationForViewers = fields<DestinationHealth>({
  name: named,
  type: plain,
  target: hostOnly,
  state: plain,
  running: plain,
  failuresInRow: plain,
  failingSince: plain,
  lastError: hidden,
  notDone: plain,
  paused: plain,
  disabled: plain,
});

/** Of a service. */
export const serviceForViewers = fields<ServiceHealth>({
  name: named,
  url: hostOnly,
  calls: plain,
  failures: plain,
  lastCalls: plain,
  isLeftAlone: plain,
});

/**
 * Of what stands around every page. Whoever may know no more is told which part of the server cannot
 * work, as at `/readyz`.
 *
 * @param around What stands there.
 */
export function surroundingsForViewers(
  { readiness, publicUrl, endpoints, ...around }: Surroundings,
): Surroundings {
  const { ready, part, reason = "" } = readiness;
  return {
    ...named(around),
    // What is sought by its name is not offered where the name is not shown.
    endpoints: endpoints.map(({ rules, ...endpoint }) => ({
      ...named(endpoint),
      rules: rules.filter((rule) => named(rule) === rule),
    })),
    publicUrl: hostOnly(publicUrl),
    readiness: ready ? { ready } : { ready, reason: part ?? reason },
  };
}
