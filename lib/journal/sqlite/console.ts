import * as z from "zod/mini";
import type { DatabaseSync } from "node:sqlite";
import {
  type AuditEntry,
  type AuditOptions,
  type AuditPage,
  type ConsoleChange,
  type ConsoleSession,
  type CountedRules,
  type ListedAudit,
  MOST_AUDIT,
  MOST_SESSIONS,
  parseAuditCursor,
  ROLES,
  rowsOfRule,
  type RuleCount,
  RULES_SPAN_MS,
  rulesOfRows,
  type SignInLink,
  TRAFFIC_KEPT_MS,
  TRAFFIC_RESULTS,
  TRAFFIC_SPANS,
  type TrafficCount,
} from "../console.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { type Condition, type Row, textColumn, wholeTexts } from "./rows.ts";

/** The tables of the console. */
export const consoleTables = `
  CREATE TABLE console_sessions (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE console_audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    signed_in_by TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    result TEXT NOT NULL
  ) STRICT;
  CREATE TABLE console_traffic (
    span INTEGER NOT NULL,
    at INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    result TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (span, at, endpoint, result)
  ) STRICT, WITHOUT ROWID;
`;

/** What the console keeps; what writes belongs inside a transaction. */
export interface ConsoleTable {
  readonly change: (change: ConsoleChange) => boolean;
  readonly session: (hash: string) => ConsoleSession | undefined;
  readonly link: (hash: string) => SignInLink | undefined;
  readonly audit: (options?: AuditOptions) => AuditPage;
  readonly ruleCounts: (endpoint: string, since: number) => CountedRules;
  /** Removes what was done before this time, in milliseconds since the epoch. */
  readonly forget: (before: number) => void;
  readonly traffic: (
    span: keyof typeof TRAFFIC_SPANS,
    since: number,
  ) => readonly TrafficCount[];
}

const roleSchema = z.enum(ROLES);
const kindSchema = z.enum(["password", "link"]);
const signedInBySchema = z.enum(["password", "link", "token", "nothing"]);
const resultSchema = z.enum(TRAFFIC_RESULTS);

/** What is a link on the way to a session: its row has no name and no credential. */
const OFFER = "offer";
const LIST_LIMIT = 50;
/** After so many further entries those beyond the limits go. */
const TRIM_EVERY = 500;

/**
 * Makes what reads and writes the console's tables. Their statements are prepared when they are
 * used: whoever only records deliveries prepares none.
 *
 * @param database An open database.
 * @returns The tables.
 */
export function createConsoleTable(database: DatabaseSync): ConsoleTable {
  const run = (sql: string, ...values: readonly (string | number)[]) =>
    Number(database.prepare(sql).run(...values).changes);
  const rowOf = (hash: string) =>
    database.prepare("SELECT * FROM console_sessions WHERE hash = ?").get(hash);

  function keepSession(session: ConsoleSession | SignInLink, now: number): void {
    run("DELETE FROM console_sessions WHERE expires_at <= ?", Math.round(now));
    run(
      `DELETE FROM console_sessions WHERE hash IN (SELECT hash FROM console_sessions
        ORDER BY expires_at LIMIT max(0, (SELECT count(*) FROM console_sessions) - ?))`,
      MOST_SESSIONS - 1,
    );
    const { hash, role, expiresAt } = session;
    const whole = "name" in session
      ? [hash, session.by, session.name, role, session.credential]
      : [hash, OFFER, "", role, ""];
    run(
      `INSERT OR REPLACE INTO console_sessions
        (hash, kind, name, role, credential, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...whole,
      Math.round(now),
      Math.round(expiresAt),
    );
  }

  function note(entries: readonly AuditEntry[]): void {
    const insertion = database.prepare(
      `INSERT INTO console_audit (at, who, signed_in_by, address, action, target, result)
        VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const { at, who, by, address, action, target, result } of entries) {
      insertion.run(Math.round(at), who, by, address, action, target, result);
    }
    const { last } = database.prepare("SELECT max(seq) AS last FROM console_audit").get() ?? {};
    // Looked through seldom: there may be a few more than that.
    if (typeof last !== "number" || last % TRIM_EVERY >= entries.length) return;
    run("DELETE FROM console_audit WHERE seq <= ?", last - MOST_AUDIT.all);
    run(
      `DELETE FROM console_audit WHERE signed_in_by = 'nothing' AND seq <= (SELECT seq
        FROM console_audit WHERE signed_in_by = 'nothing' ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
      MOST_AUDIT.ofNobody,
    );
  }

  function count(counts: readonly TrafficCount[], now: number): void {
    const before = database.prepare(
      "SELECT n FROM console_traffic WHERE span = ? AND at = ? AND endpoint = ? AND result = ?",
    );
    const put = database.prepare(`INSERT INTO console_traffic (span, at, endpoint, result, n)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`);
    for (const { at, endpoint, result, count } of counts) {
      // A minute that stands there was counted: whoever counts it again starts anew with it.
      const known = before.get(TRAFFIC_SPANS.minute, at, endpoint, result);
      const more = count - (known === undefined ? 0 : integerColumn(known, "n"));
      const hour = at - at % TRAFFIC_SPANS.hour;
      put.run(TRAFFIC_SPANS.minute, at, endpoint, result, more);
      put.run(TRAFFIC_SPANS.hour, hour, endpoint, result, more);
    }
    for (const span of ["minute", "hour"] as const) {
      run(
        "DELETE FROM console_traffic WHERE span = ? AND at < ?",
        TRAFFIC_SPANS[span],
        Math.round(now - TRAFFIC_KEPT_MS[span]),
      );
    }
  }

  function countRules(counts: readonly RuleCount[], now: number): void {
    const add = "n = n + excluded.n";
    const put = (conflict: string) =>
      database.prepare(`INSERT INTO console_traffic (span, at, endpoint, result, n)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${conflict}`);
    const [adding, replacing] = [put(add), put("n = max(n, excluded.n)")];
    for (const one of counts) {
      for (const { result, n, isLatest } of rowsOfRule(one)) {
        (isLatest ? replacing : adding).run(RULES_SPAN_MS, one.at, one.endpoint, result, n);
      }
    }
    run(
      "DELETE FROM console_traffic WHERE span = ? AND at < ?",
      RULES_SPAN_MS,
      Math.round(now - TRAFFIC_KEPT_MS.hour),
    );
  }

  return {
    change(change) {
      switch (change.kind) {
        case "begin session":
          keepSession(change.session, change.session.createdAt);
          return true;
        case "end session":
          run("DELETE FROM console_sessions WHERE hash = ?", change.hash);
          return true;
        case "offer link":
          keepSession(change.link, change.now);
          return true;
        case "use link":
          return run(
            "DELETE FROM console_sessions WHERE hash = ? AND kind = ? AND expires_at > ?",
            change.hash,
            OFFER,
            Math.round(change.now),
          ) > 0;
        case "audit":
          note(change.entries);
          return true;
        case "count traffic":
          count(change.counts, change.now);
          countRules(change.rules ?? [], change.now);
          return true;
      }
    },
    session(hash) {
      const row = rowOf(hash);
      return row === undefined || textColumn(row, "kind") === OFFER
        ? undefined
        : decodeSession(row);
    },
    link(hash) {
      const row = rowOf(hash);
      if (row === undefined || textColumn(row, "kind") !== OFFER) return undefined;
      const role = roleSchema.parse(textColumn(row, "role"));
      return { hash, role, expiresAt: integerColumn(row, "expires_at") };
    },
    audit({ limit = LIST_LIMIT, cursor, ...filter } = {}) {
      const conditions = auditConditions(filter, cursor);
      const where = conditions.map(({ sql }) => sql).join(" AND ") || "TRUE";
      const rows = database.prepare(
        `SELECT seq, at, signed_in_by, ${AUDIT_TEXTS} FROM console_audit
          WHERE ${where} ORDER BY seq DESC LIMIT ?`,
      ).all(...conditions.flatMap(({ values }) => values), limit + 1);
      const entries = rows.slice(0, limit).map(decodeAudit);
      const last = entries.at(-1);
      return {
        entries,
        next: rows.length > limit && last !== undefined ? String(last.seq) : null,
      };
    },
    forget(before) {
      if (!Number.isFinite(before)) return;
      // What came first was done first: nothing behind the first that stays is looked at.
      run(
        `DELETE FROM console_audit WHERE seq < coalesce(
          (SELECT seq FROM console_audit WHERE at >= ? ORDER BY seq LIMIT 1),
          (SELECT max(seq) + 1 FROM console_audit), 0)`,
        Math.round(before),
      );
    },
    ruleCounts(endpoint, since) {
      const rows = database.prepare(
        `SELECT ${wholeTexts("console_traffic", ["result"])}, sum(n) AS sum, max(n) AS latest
          FROM console_traffic WHERE span = ? AND at >= ? AND endpoint = ? GROUP BY result`,
      ).all(RULES_SPAN_MS, since - since % RULES_SPAN_MS, endpoint);
      const first = database.prepare("SELECT min(at) AS at FROM console_traffic WHERE span = ?")
        .get(RULES_SPAN_MS);
      return {
        rules: rulesOfRows(rows.map((row) => ({
          result: textColumn(row, "result"),
          sum: integerColumn(row, "sum"),
          latest: integerColumn(row, "latest"),
        }))),
        countedSince: nullableColumn(first ?? {}, "at", integerColumn) ?? null,
      };
    },
    traffic: (span, since) =>
      database.prepare(
        `SELECT at, ${wholeTexts("console_traffic", ["endpoint"])}, result, n FROM console_traffic
          WHERE span = ? AND at >= ? ORDER BY at`,
      ).all(TRAFFIC_SPANS[span], Math.round(since)).map((row) => ({
        at: integerColumn(row, "at"),
        endpoint: textColumn(row, "endpoint"),
        result: resultSchema.parse(textColumn(row, "result")),
        count: integerColumn(row, "n"),
      })),
  };
}

const AUDIT_TEXTS = wholeTexts("console_audit", ["who", "address", "action", "target", "result"]);

function auditConditions(
  { who, action, since, until }: AuditOptions,
  cursor: string | undefined,
): readonly Condition[] {
  return [
    ...(cursor === undefined ? [] : [{ sql: "seq < ?", values: [parseAuditCursor(cursor)] }]),
    ...(who === undefined ? [] : [{ sql: "who = ?", values: [who] }]),
    ...(action === undefined ? [] : [{ sql: "action = ?", values: [action] }]),
    ...(since === undefined ? [] : [{ sql: "at >= ?", values: [since] }]),
    ...(until === undefined ? [] : [{ sql: "at < ?", values: [until] }]),
  ];
}

function decodeSession(row: Row): ConsoleSession {
  return {
    hash: textColumn(row, "hash"),
    name: textColumn(row, "name"),
    by: kindSchema.parse(textColumn(row, "kind")),
    role: roleSchema.parse(textColumn(row, "role")),
    credential: textColumn(row, "credential"),
    createdAt: integerColumn(row, "created_at"),
    expiresAt: integerColumn(row, "expires_at"),
  };
}

function decodeAudit(row: Row): ListedAudit {
  return {
    seq: integerColumn(row, "seq"),
    at: integerColumn(row, "at"),
    who: textColumn(row, "who"),
    by: signedInBySchema.parse(textColumn(row, "signed_in_by")),
    address: textColumn(row, "address"),
    action: textColumn(row, "action"),
    target: textColumn(row, "target"),
    result: textColumn(row, "result"),
  };
}
