import {
  type ConsoleChange,
  type ConsoleSession,
  type JournalConsole,
  type ListedAudit,
  parseAuditCursor,
  type RuleCount,
  RULES_SPAN_MS,
  type SignInLink,
  TRAFFIC_SPANS,
  type TrafficCount,
} from "../../../../lib/journal/console.ts";

/**
 * Makes the console's part of a journal in memory.
 *
 * @param ifOpen Makes a change unless the journal is closed.
 */
export function createMemoryConsole(
  ifOpen: <T>(change: () => T) => Promise<T>,
): JournalConsole {
  const sessions = new Map<string, ConsoleSession>();
  const links = new Map<string, SignInLink>();
  const minutes = new Map<string, TrafficCount>();
  let rules: RuleCount[] = [];
  let audit: ListedAudit[] = [];
  let seq = 0;

  function make(change: ConsoleChange): boolean {
    if (change.kind === "begin session") sessions.set(change.session.hash, change.session);
    else if (change.kind === "end session") sessions.delete(change.hash);
    else if (change.kind === "offer link") links.set(change.link.hash, change.link);
    else if (change.kind === "use link") {
      const link = links.get(change.hash);
      links.delete(change.hash);
      return link !== undefined && link.expiresAt > change.now;
    } else if (change.kind === "audit") {
      audit = [...audit, ...change.entries.map((entry) => ({ seq: ++seq, ...entry }))];
    } else {
      rules = [...rules, ...change.rules ?? []];
      for (const one of change.counts) {
        minutes.set(`${one.at} ${one.result} ${one.endpoint}`, one);
      }
    }
    return true;
  }

  return {
    change: (change) => ifOpen(() => make(change)),
    session: (hash) => Promise.resolve(sessions.get(hash)),
    link: (hash) => Promise.resolve(links.get(hash)),
    audit: ({ who, action, since = 0, until = Infinity, limit = 50, cursor } = {}) =>
      Promise.try(() => {
        const before = cursor === undefined ? Infinity : parseAuditCursor(cursor);
        const found = audit.toReversed().filter((one) =>
          one.seq < before && one.at >= since && one.at < until &&
          (who === undefined || one.who === who) &&
          (action === undefined || one.action === action)
        );
        const entries = found.slice(0, limit);
        return { entries, next: found.length > limit ? String(entries.at(-1)?.seq) : null };
      }),
    ruleCounts(endpoint, since) {
      const from = since - since % RULES_SPAN_MS;
      const sums = new Map<string, Omit<RuleCount, "at" | "endpoint">>();
      for (const { at, endpoint: of, ...one } of rules) {
        if (of !== endpoint || at < from) continue;
        const { hits = 0, failures = 0, lastHitAt = null } = sums.get(one.rule) ?? {};
        sums.set(one.rule, {
          rule: one.rule,
          hits: hits + one.hits,
          failures: failures + one.failures,
          lastHitAt: one.lastHitAt === null ? lastHitAt : Math.max(one.lastHitAt, lastHitAt ?? 0),
        });
      }
      const first = rules.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
      return Promise.resolve({
        rules: [...sums.values()],
        countedSince: Number.isFinite(first) ? first : null,
      });
    },
    traffic: (span, since) => {
      const sums = new Map<string, TrafficCount>();
      for (const one of minutes.values()) {
        const at = one.at - one.at % TRAFFIC_SPANS[span];
        const key = `${at} ${one.result} ${one.endpoint}`;
        sums.set(key, { ...one, at, count: one.count + (sums.get(key)?.count ?? 0) });
      }
      const counts = [...sums.values()].filter(({ at }) => at >= since);
      return Promise.resolve(counts.sort((a, b) => a.at - b.at));
    },
  };
}
