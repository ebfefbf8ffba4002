import * as z from "zod/mini";
import {
  type AuditEntry,
  type AuditOptions,
  type AuditPage,
  type ConsoleChange,
  type ConsoleSession,
  type JournalConsole,
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
import type { Database, Query } from "./connection.ts";
import { integerColumn } from "../columns.ts";
import { insertRows, type PostgresRow, storedText, textOf, Values } from "./rows.ts";

/** The tables of the console. */
export const consoleTablesOfPostgres = `
  CREATE TABLE console_sessions (
    hash text COLLATE "C" PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    credential text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
  );
  CREATE TABLE console_audit (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    who text NOT NULL,
    signed_in_by text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    result text NOT NULL
  );
  CREATE INDEX console_audit_of_nobody ON console_audit (seq) WHERE signed_in_by = 'nothing';
  CREATE TABLE console_traffic (
    span bigint NOT NULL,
    at bigint NOT NULL,
    endpoint text COLLATE "C" NOT NULL,
    result text NOT NULL,
    instance text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (span, at, endpoint, result, instance)
  );
`;

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
 * Fills the part of the contract that the console uses.
 *
 * @param database The database.
 * @param instance The name of this process: each counts its own traffic.
 * @returns That part.
 */
export function postgresConsole(database: Database, instance: string): JournalConsole {
  const { query } = database;
  return {
    change: (change) => database.transaction((each) => changeConsole(each, instance, change)),
    async session(hash) {
      const row = await rowOf(query, hash);
      return row === undefined || row["kind"] === OFFER ? undefined : decodeSession(row);
    },
    async link(hash) {
      const row = await rowOf(query, hash);
      if (row === undefined || row["kind"] !== OFFER) return undefined;
      return {
        hash,
        role: roleSchema.parse(row["role"]),
        expiresAt: integerColumn(row, "expires_at"),
      };
    },
    audit: (options = {}) => listAudit(query, options),
    async traffic(span, since) {
      const rows = await query(
        `SELECT at, endpoint, result, sum(n)::bigint AS n FROM console_traffic
         WHERE span = $1 AND at >= $2 GROUP BY at, endpoint, result ORDER BY at`,
        [TRAFFIC_SPANS[span], Math.round(since)],
      );
      return rows.map((row) => ({
        at: integerColumn(row, "at"),
        endpoint: textOf(row, "endpoint"),
        result: resultSchema.parse(row["result"]),
        count: integerColumn(row, "n"),
      }));
    },
    async ruleCounts(endpoint, since) {
      const rows = await query(
        `SELECT result, sum(n)::bigint AS sum, max(n) AS latest FROM console_traffic
         WHERE span = $1 AND at >= $2 AND endpoint = $3 GROUP BY result`,
        [RULES_SPAN_MS, since - since % RULES_SPAN_MS, storedText(endpoint)],
      );
      const [first] = await query(
        "SELECT at FROM console_traffic WHERE span = $1 ORDER BY at LIMIT 1",
        [RULES_SPAN_MS],
      );
      return {
        rules: rulesOfRows(rows.map((row) => ({
          result: textOf(row, "result"),
          sum: integerColumn(row, "sum"),
          latest: integerColumn(row, "latest"),
        }))),
        countedSince: first === undefined ? null : integerColumn(first, "at"),
      };
    },
  };
}

async function rowOf(query: Query, hash: string): Promise<PostgresRow | undefined> {
  const [row] = await query("SELECT * FROM console_sessions WHERE hash = $1", [storedText(hash)]);
  return row;
}

async function changeConsole(
  query: Query,
  instance: string,
  change: ConsoleChange,
): Promise<boolean> {
  switch (change.kind) {
    case "begin session":
      await keepSession(query, change.session, change.session.createdAt);
      return true;
    case "end session":
      await query("DELETE FROM console_sessions WHERE hash = $1", [storedText(change.hash)]);
      return true;
    case "offer link":
      await keepSession(query, change.link, change.now);
      return true;
    case "use link": {
      const used = await query(
        `DELETE FROM console_sessions WHERE hash = $1 AND kind = $2 AND expires_at > $3
         RETURNING 1 AS one`,
        [storedText(change.hash), OFFER, Math.round(change.now)],
      );
      return used.length > 0;
    }
    case "audit":
      await note(query, change.entries);
      return true;
    case "count traffic":
      await countTraffic(query, instance, change.counts, change.now);
      await countRules(query, instance, change.rules ?? [], change.now);
      return true;
  }
}

async function keepSession(
  query: Query,
  session: ConsoleSession | SignInLink,
  now: number,
): Promise<void> {
  await query("DELETE FROM console_sessions WHERE expires_at <= $1", [Math.round(now)]);
  await query(
    `DELETE FROM console_sessions WHERE hash IN (
       SELECT hash FROM console_sessions ORDER BY expires_at
       LIMIT greatest(0, (SELECT count(*) FROM console_sessions) - $1))`,
    [MOST_SESSIONS - 1],
  );
  const { hash, role, expiresAt } = session;
  const [kind, name, credential] = "name" in session
    ? [session.by, session.name, session.credential]
    : [OFFER, "", ""];
  await query(
    `INSERT INTO console_sessions (hash, kind, name, role, credential, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (hash) DO UPDATE SET kind = excluded.kind, name = excluded.name,
       role = excluded.role, credential = excluded.credential, created_at = excluded.created_at,
       expires_at = excluded.expires_at`,
    [
      storedText(hash),
      kind,
      storedText(name),
      role,
      storedText(credential),
      Math.round(now),
      Math.round(expiresAt),
    ],
  );
}

async function note(query: Query, entries: readonly AuditEntry[]): Promise<void> {
  const rows = await insertRows(
    query,
    "console_audit (at, who, signed_in_by, address, action, target, result)",
    entries.map(({ at, who, by, address, action, target, result }) => [
      Math.round(at),
      storedText(who),
      by,
      ...[address, action, target, result].map(storedText),
    ]),
    "RETURNING seq",
  );
  const last = rows.reduce((newest, row) => Math.max(newest, integerColumn(row, "seq")), 0);
  // Looked through seldom: there may be a few more than that.
  if (last % TRIM_EVERY >= entries.length) return;
  await query("DELETE FROM console_audit WHERE seq <= $1", [last - MOST_AUDIT.all]);
  await query(
    `DELETE FROM console_audit WHERE signed_in_by = 'nothing' AND seq <= (
       SELECT seq FROM console_audit WHERE signed_in_by = 'nothing'
       ORDER BY seq DESC LIMIT 1 OFFSET $1)`,
    [MOST_AUDIT.ofNobody],
  );
}

async function countRules(
  query: Query,
  instance: string,
  counts: readonly RuleCount[],
  now: number,
): Promise<void> {
  for (const one of counts) {
    for (const { result, n, isLatest } of rowsOfRule(one)) {
      await insertRows(
        query,
        "console_traffic AS t (span, at, endpoint, result, instance, n)",
        [[RULES_SPAN_MS, one.at, storedText(one.endpoint), storedText(result), instance, n]],
        `ON CONFLICT (span, at, endpoint, result, instance) DO UPDATE
          SET n = ${isLatest ? "greatest(t.n, excluded.n)" : "t.n + excluded.n"}`,
      );
    }
  }
  await query(
    "DELETE FROM console_traffic WHERE span = $1 AND at < $2",
    [RULES_SPAN_MS, Math.round(now - TRAFFIC_KEPT_MS.hour)],
  );
}

async function countTraffic(
  query: Query,
  instance: string,
  counts: readonly TrafficCount[],
  now: number,
): Promise<void> {
  for (const { at, endpoint, result, count } of counts) {
    const place = [at, storedText(endpoint), result, instance];
    // A minute that stands there was counted: whoever counts it again starts anew with it.
    const [known] = await query(
      `SELECT n FROM console_traffic WHERE span = $1 AND at = $2 AND endpoint = $3
       AND result = $4 AND instance = $5`,
      [TRAFFIC_SPANS.minute, ...place],
    );
    const more = count - (known === undefined ? 0 : integerColumn(known, "n"));
    const [, ...rest] = place;
    await insertRows(
      query,
      "console_traffic AS t (span, at, endpoint, result, instance, n)",
      [
        [TRAFFIC_SPANS.minute, ...place, more],
        [TRAFFIC_SPANS.hour, at - at % TRAFFIC_SPANS.hour, ...rest, more],
      ],
      `ON CONFLICT (span, at, endpoint, result, instance) DO UPDATE SET n = t.n + excluded.n`,
    );
  }
  for (const span of ["minute", "hour"] as const) {
    await query(
      "DELETE FROM console_traffic WHERE span = $1 AND at < $2",
      [TRAFFIC_SPANS[span], Math.round(now - TRAFFIC_KEPT_MS[span])],
    );
  }
}

/**
 * Removes what was done before a time.
 *
 * @param query Runs a statement.
 * @param before In milliseconds since the epoch.
 */
export async function forgetAudit(query: Query, before: number): Promise<void> {
  if (!Number.isFinite(before)) return;
  // What came first was done first: nothing behind the first that stays is looked at.
  await query(
    `DELETE FROM console_audit WHERE seq < coalesce(
       (SELECT seq FROM console_audit WHERE at >= $1 ORDER BY seq LIMIT 1),
       (SELECT max(seq) + 1 FROM console_audit), 0)`,
    [Math.round(before)],
  );
}

async function listAudit(
  query: Query,
  { limit = LIST_LIMIT, cursor, who, action, since, until }: AuditOptions,
): Promise<AuditPage> {
  const values = new Values();
  const conditions = ["TRUE"];
  if (cursor !== undefined) conditions.push(`seq < ${values.add(parseAuditCursor(cursor))}`);
  if (who !== undefined) conditions.push(`who = ${values.add(storedText(who))}`);
  if (action !== undefined) conditions.push(`action = ${values.add(storedText(action))}`);
  if (since !== undefined) conditions.push(`at >= ${values.add(since)}`);
  if (until !== undefined) conditions.push(`at < ${values.add(until)}`);
  const rows = await query(
    `SELECT * FROM console_audit WHERE ${conditions.join(" AND ")}
     ORDER BY seq DESC LIMIT ${values.add(limit + 1)}`,
    values.list,
  );
  const entries = rows.slice(0, limit).map(decodeAudit);
  const last = entries.at(-1);
  return { entries, next: rows.length > limit && last !== undefined ? String(last.seq) : null };
}

function decodeSession(row: PostgresRow): ConsoleSession {
  return {
    hash: textOf(row, "hash"),
    name: textOf(row, "name"),
    by: kindSchema.parse(row["kind"]),
    role: roleSchema.parse(row["role"]),
    credential: textOf(row, "credential"),
    createdAt: integerColumn(row, "created_at"),
    expiresAt: integerColumn(row, "expires_at"),
  };
}

function decodeAudit(row: PostgresRow): ListedAudit {
  return {
    seq: integerColumn(row, "seq"),
    at: integerColumn(row, "at"),
    who: textOf(row, "who"),
    by: signedInBySchema.parse(row["signed_in_by"]),
    address: textOf(row, "address"),
    action: textOf(row, "action"),
    target: textOf(row, "target"),
    result: textOf(row, "result"),
  };
}
