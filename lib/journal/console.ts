/** What the console keeps in the journal: who is signed in, what was done, and how much came. */

/** What somebody may do in the console; each may do what those before may. */
export const ROLES = ["viewer", "operator", "admin"] as const;

/** One of {@linkcode ROLES}. */
export type Role = (typeof ROLES)[number];

/** How somebody was known: by a password, a link that `storehook console` prints, or a token. */
export type SignedInBy = "password" | "link" | "token";

/** Somebody who is signed in. */
export interface ConsoleSession {
  /** A SHA-256 of the cookie's value, in hex: the value itself is kept nowhere. */
  readonly hash: string;
  /** The user's name; that of whoever came by a link is `console`. */
  readonly name: string;
  readonly by: Exclude<SignedInBy, "token">;
  /** What it gives, where no user of the config says so. */
  readonly role: Role;
  /** A SHA-256 of what the user's password was then kept as; it ends with that. */
  readonly credential: string;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A link that signs in once. */
export interface SignInLink extends Pick<ConsoleSession, "hash" | "role" | "expiresAt"> {}

/** Something that was done in the console, or looked at. */
export interface AuditEntry {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** Who did it; `""` where nobody was signed in. */
  readonly who: string;
  readonly by: SignedInBy | "nothing";
  /** From which address. */
  readonly address: string;
  /** What, e.g. `forwards retry`, `look at body`. */
  readonly action: string;
  /** On what, e.g. an id, the name of a destination. */
  readonly target: string;
  /** What came of it, e.g. `3 forwards`, `refused`. */
  readonly result: string;
}

/** An entry as it is listed. */
export interface ListedAudit extends AuditEntry {
  /** Its number: they grow. */
  readonly seq: number;
}

/** A part of the audit, newest first. */
export interface AuditPage {
  readonly entries: readonly ListedAudit[];
  /** Continues the list; `null` behind its end. */
  readonly next: string | null;
}

/** Which part of the audit is wanted; every field that is given must hold. */
export interface AuditOptions {
  readonly who?: string;
  readonly action?: string;
  /** Done at this time or later, in milliseconds since the epoch. */
  readonly since?: number;
  /** Done before this time, in milliseconds since the epoch. */
  readonly until?: number;
  /** The length of a page; 50 unless given. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** How a delivery ended, for counts. */
export const TRAFFIC_RESULTS = ["answered", "refused", "failed"] as const;

/**
 * One of {@linkcode TRAFFIC_RESULTS}: with a 2xx; not verified, or told that it is wrong; or with a
 * 5xx.
 */
export type TrafficResult = (typeof TRAFFIC_RESULTS)[number];

/** How many deliveries came in a span of time. */
export interface TrafficCount {
  /** When the span begins, in milliseconds since the epoch. */
  readonly at: number;
  readonly endpoint: string;
  readonly result: TrafficResult;
  readonly count: number;
}

/** How long the spans are for which traffic is counted, in milliseconds. */
export const TRAFFIC_SPANS = { minute: 60_000, hour: 3_600_000 } as const;

/** How often a rule decided on a day. */
export interface RuleCount {
  /** When the day begins, in UTC, in milliseconds since the epoch. */
  readonly at: number;
  readonly endpoint: string;
  /** Its name; `""` stands for what nothing decided. */
  readonly rule: string;
  readonly hits: number;
  /** How often it failed while it was tried. */
  readonly failures: number;
  /** When it decided for the last time, in milliseconds since the epoch; `null` where it did not. */
  readonly lastHitAt: number | null;
}

/** How often each rule of an endpoint decided since a day. */
export interface CountedRules {
  readonly rules: readonly Omit<RuleCount, "at" | "endpoint">[];
  /** Since when it is counted at all, in milliseconds since the epoch; `null` where nothing was. */
  readonly countedSince: number | null;
}

/** How long a day is for which rules are counted, in milliseconds. */
export const RULES_SPAN_MS = 86_400_000;

/** What changes the console's part of the journal, in a value that can be sent to another thread. */
export type ConsoleChange =
  | { readonly kind: "begin session"; readonly session: ConsoleSession }
  | { readonly kind: "end session"; readonly hash: string }
  | { readonly kind: "offer link"; readonly link: SignInLink; readonly now: number }
  /** Gives `true` when there was such a link that had not run out. It is gone then. */
  | { readonly kind: "use link"; readonly hash: string; readonly now: number }
  | { readonly kind: "audit"; readonly entries: readonly AuditEntry[] }
  /**
   * The counts of whole minutes, each once, and what rules decided since they were counted for the last
   * time; what is older than is shown goes.
   */
  | {
    readonly kind: "count traffic";
    readonly counts: readonly TrafficCount[];
    readonly rules?: readonly RuleCount[];
    readonly now: number;
  };

/** What the console keeps in the journal. */
export interface JournalConsole {
  /**
   * Changes it. `use link` gives `false` where there was none; all else gives `true`.
   *
   * @throws {JournalUnavailable} When it can't be written.
   */
  change(change: ConsoleChange): Promise<boolean>;
  /** Finds a session, whether it has run out or not. */
  session(hash: string): Promise<ConsoleSession | undefined>;
  /** Finds a link, whether it has run out or not. */
  link(hash: string): Promise<SignInLink | undefined>;
  /**
   * Lists what was done, newest first.
   *
   * @throws {SyntaxError} When the cursor is not one.
   */
  audit(options?: AuditOptions): Promise<AuditPage>;
  /** Gives the counts of spans that begin at this time or later, oldest first. */
  traffic(span: keyof typeof TRAFFIC_SPANS, since: number): Promise<readonly TrafficCount[]>;
  /** Tells how often each rule of an endpoint decided, from the day on in which this time lies. */
  ruleCounts(endpoint: string, since: number): Promise<CountedRules>;
}

/** The part that changes nothing. */
export type ReadingConsole = Omit<JournalConsole, "change">;

/** How many entries of the audit are kept at most, and how many of those of nobody signed in. */
export const MOST_AUDIT = { all: 200_000, ofNobody: 10_000 } as const;

/** How many sessions and links are kept at most: the oldest goes. */
export const MOST_SESSIONS = 1000;

/** How long counts by the minute and by the hour are kept, in milliseconds. */
export const TRAFFIC_KEPT_MS = { minute: 26 * 3_600_000, hour: 63 * 24 * 3_600_000 } as const;

/**
 * Reads the cursor of the audit.
 *
 * @param cursor The text.
 * @returns The number behind which the list goes on.
 * @throws {SyntaxError} When it is not a cursor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAuditCursor("17"), 17);
 * ```
 */
export function parseAuditCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new SyntaxError(`Cannot parse cursor "${cursor}": it must be copied from a list`);
}

/** What stands before the name of a rule, where its counts stand beside those of traffic. */
const RULE_MARKS = { hits: "rule ", failures: "failed ", lastHitAt: "last " } as const;

/**
 * Writes the count of a rule as the rows in which stores keep it.
 *
 * @param count The count.
 * @returns The name and the number of each; `isLatest` where the greater one counts, not the sum.
 */
export function rowsOfRule(
  { rule, hits, failures, lastHitAt }: RuleCount,
): readonly { readonly result: string; readonly n: number; readonly isLatest: boolean }[] {
  return [
    { result: `${RULE_MARKS.hits}${rule}`, n: hits, isLatest: false },
    { result: `${RULE_MARKS.failures}${rule}`, n: failures, isLatest: false },
    { result: `${RULE_MARKS.lastHitAt}${rule}`, n: lastHitAt ?? 0, isLatest: true },
  ].filter(({ n }) => n > 0);
}

/**
 * Reads the counts of rules from rows.
 *
 * @param rows Their names, with the sum and the greatest number of the days.
 * @returns The counts by rule.
 */
export function rulesOfRows(
  rows: readonly { readonly result: string; readonly sum: number; readonly latest: number }[],
): CountedRules["rules"] {
  const rules = new Map<string, { hits: number; failures: number; lastHitAt: number | null }>();
  for (const { result, sum, latest } of rows) {
    const [kind, mark] = Object.entries(RULE_MARKS).find(([, one]) => result.startsWith(one)) ?? [];
    if (mark === undefined) continue;
    const rule = result.slice(mark.length);
    const known = rules.get(rule) ?? { hits: 0, failures: 0, lastHitAt: null };
    rules.set(rule, known);
    if (kind === "hits") known.hits = sum;
    else if (kind === "failures") known.failures = sum;
    else known.lastHitAt = latest;
  }
  return [...rules].map(([rule, one]) => ({ rule, ...one }));
}
