// @ts-types="@types/pg"
import pg from "pg";
import { JournalNotOpened, JournalUnavailable } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import { type DatabasePlace, readHosts } from "./hosts.ts";
import { Lists } from "./lists.ts";
import { queryLists } from "./query_lists.ts";
import {
  isUnconfirmed,
  PROTOCOL_VIOLATION,
  reasonOf,
  RETRIED,
  sqlState,
  unconfirmedCommit,
} from "./postgres_error.ts";
import { type PostgresRow, TYPES } from "./rows.ts";

/** Runs one statement; how long it may take where that is long, in milliseconds. */
export type Query = (
  text: string,
  values?: readonly unknown[] | Lists,
  mayTakeMs?: number,
) => Promise<readonly PostgresRow[]>;

/** The database, by a few connections that are made again when they are lost. */
export interface Database {
  /** Runs one statement by itself. */
  readonly query: Query;
  /**
   * Runs a change in a transaction: all of it is stored, or nothing. What only collided with another
   * transaction is made again.
   *
   * @throws {JournalUnavailable} When the database can't be used just now.
   */
  readonly transaction: <T>(change: (query: Query) => Promise<T>) => Promise<T>;
  readonly state: () => JournalState;
  /** A connection beside the others, for who waits for notes. */
  readonly connect: () => Promise<pg.Client>;
  readonly close: () => Promise<void>;
}

/** How many connections one process has. */
const CONNECTIONS = 8;
/** Longer than any statement on the way of a request; long work goes in steps below it. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** A server that lives has ended a statement by then: the connection is lost, though nobody said so. */
const SILENCE_MS = STATEMENT_TIMEOUT_MS + 5000;
/** How often `state()` looks for itself. */
const PROBE_EVERY_MS = 1000;
/** How often a transaction is made again that collided with another one. */
const TRIES = 5;

/**
 * Makes the connections to a database; none is opened before it is needed.
 *
 * @param place Where it is.
 * @param prepare Brings it up to date, once, before anything else is done with it; when that could not
 * be done it is tried again with the next use.
 * @returns The database.
 * @throws {JournalNotOpened} When the URL can't be read.
 */
export function openDatabase(
  place: DatabasePlace,
  prepare: (database: Pick<Database, "query" | "transaction">) => Promise<void>,
): Database {
  const hosts = readHosts(place);
  const { silenceMs = SILENCE_MS } = place;
  let prepared: Promise<void> | undefined;
  let current = 0;
  let state: JournalState = { writable: true };
  let probedAt = performance.now();
  let probing: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  const unconfirmed = new WeakSet<pg.ClientBase>();
  let takesTimeout = true;
  let pool = poolOf(hosts[0]);

  function poolOf(config: pg.ClientConfig | undefined): pg.Pool {
    const made = new pg.Pool({
      ...config,
      max: CONNECTIONS,
      idleTimeoutMillis: 30_000,
      ...(takesTimeout ? { statement_timeout: STATEMENT_TIMEOUT_MS } : {}),
      query_timeout: silenceMs,
    });
    // An idle connection that is lost is no more than that: the next use makes a new one.
    made.on("error", () => {});
    // One that is lost while it is used fails what uses it.
    made.on("connect", (client) => client.on("error", () => {}));
    // The server says of a commit that it is done, and beside it that no standby has it.
    made.on("connect", (client) =>
      client.on("notice", (notice) => {
        if (isUnconfirmed(notice)) unconfirmed.add(client);
      }));
    return made;
  }

  /** The next host may be the one that takes writes by now. */
  function turnToNextHost(): void {
    if (hosts.length < 2) return;
    current = (current + 1) % hosts.length;
    leavePool();
  }

  function leavePool(): void {
    const left = pool;
    pool = poolOf(hosts[current]);
    left.end().catch(() => {});
  }

  async function connected(): Promise<{ client: pg.PoolClient; used: pg.Pool }> {
    let failure: unknown;
    for (let tries = 0; tries < hosts.length; tries++) {
      const used = pool;
      try {
        const client = await used.connect();
        if (hosts.length < 2 || await takesWrites(client)) return { client, used };
        client.release(true);
        failure = new Error("none of the hosts takes writes");
      } catch (error) {
        failure = error;
        if (isTimeoutRefused(error)) {
          // Others may have heard so at the same time.
          if (takesTimeout) {
            takesTimeout = false;
            leavePool();
          }
          if (used !== pool) tries--;
          continue;
        }
      }
      if (used === pool) turnToNextHost();
    }
    throw failure;
  }

  function unavailable(error: unknown): JournalUnavailable {
    if (error instanceof JournalUnavailable) return error;
    const reason = closed === undefined ? reasonOf(error) : "it is closed";
    state = { writable: false, reason };
    return new JournalUnavailable(`Cannot use the journal: ${reason}`, { cause: error });
  }

  /** Runs with a connection, which is thrown away when it is in an unknown state. */
  async function use<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    if (closed !== undefined) throw unavailable(undefined);
    const { client, used } = await connected().catch((error) => {
      throw unavailable(error);
    });
    const usedAt = performance.now();
    let isSound = true;
    try {
      const result = await run(client);
      if (unconfirmed.delete(client)) throw unconfirmedCommit();
      return result;
    } catch (error) {
      const code = sqlState(error);
      isSound = code !== undefined && !RETRIED.lostConnection.has(code) &&
        !RETRIED.lostStatement.has(code);
      // What else goes that way is lost likewise, and would keep the next ones waiting for as long.
      const wasSilent = code === undefined && performance.now() - usedAt >= silenceMs;
      if (wasSilent && used === pool && closed === undefined) leavePool();
      throw error;
    } finally {
      client.release(!isSound);
    }
  }

  function queryOf(client: pg.ClientBase): Query {
    return async (text, values = [], mayTakeMs = silenceMs) => {
      if (values instanceof Lists) return await queryLists(client, text, values);
      const asked = { text, values: [...values], types: TYPES, query_timeout: mayTakeMs };
      return (await client.query<PostgresRow>(asked)).rows;
    };
  }

  async function query(
    text: string,
    values?: readonly unknown[] | Lists,
  ): Promise<readonly PostgresRow[]> {
    for (let tries = 1;; tries++) {
      try {
        return await use((client) => queryOf(client)(text, values));
      } catch (error) {
        if (isOfStatement(error)) throw error;
        const code = sqlState(error);
        if (tries === 1 && RETRIED.lostStatement.has(code)) continue;
        if (tries < TRIES && RETRIED.collision.has(code)) continue;
        // A connection that was idle may have been lost since; what only reads can be asked again.
        if (tries === 1 && code === undefined && READS.test(text)) continue;
        throw unavailable(error);
      }
    }
  }

  async function runOnce<T>(change: (query: Query) => Promise<T>): Promise<T> {
    return await use(async (client) => {
      const run = queryOf(client);
      // Whatever the role or the database has by itself.
      await run("BEGIN ISOLATION LEVEL READ COMMITTED");
      try {
        const result = await change(run);
        await run("COMMIT");
        return result;
      } catch (error) {
        // One that is thrown away rolls back by itself.
        if (sqlState(error) !== undefined) await run("ROLLBACK").catch(() => undefined);
        throw error;
      }
    });
  }

  async function transaction<T>(change: (query: Query) => Promise<T>): Promise<T> {
    for (let tries = 1;; tries++) {
      try {
        const result = await runOnce(change);
        state = { writable: true };
        return result;
      } catch (error) {
        const code = sqlState(error);
        const isUndone = RETRIED.collision.has(code) || RETRIED.lostStatement.has(code);
        if (isUndone && tries < TRIES) continue;
        if (isOfStatement(error)) throw error;
        throw unavailable(error);
      }
    }
  }

  async function probe(): Promise<void> {
    try {
      await use(async (client) => {
        if (!await takesWrites(client)) throw new Error("it takes no writes just now");
      });
      state = { writable: true };
    } catch (error) {
      unavailable(error);
    }
  }

  function ready(): Promise<void> {
    prepared ??= prepare({ query, transaction }).catch((error) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  return {
    async query(text, values) {
      await ready();
      return await query(text, values);
    },
    async transaction(change) {
      await ready();
      return await transaction(change);
    },
    state() {
      if (closed === undefined && performance.now() - probedAt >= PROBE_EVERY_MS) {
        probedAt = performance.now();
        probing ??= probe().finally(() => probing = undefined);
      }
      return state;
    },
    async connect() {
      const client = new pg.Client(hosts[current]);
      await client.connect();
      if (hosts.length < 2 || await takesWrites(client)) return client;
      await client.end();
      throw new Error("this host takes no writes");
    },
    async close() {
      closed ??= (async () => {
        await probing;
        await pool.end();
      })();
      state = { writable: false, reason: "it is closed" };
      await closed;
    },
  };
}

/** What is between, such as pgbouncer, may know of no such setting; silence ends a statement then. */
function isTimeoutRefused(error: unknown): boolean {
  return sqlState(error) === PROTOCOL_VIOLATION && /statement_timeout/.test(String(error));
}

const READS = /^\s*SELECT\b/;

/** Data, constraints, a table that is there already, a lock that was waited for too long. */
const OF_STATEMENT = /^(?:22|23|42P07$|42710$|55P03$)/;

/** Whatever is wrong with what was sent rather than with the database. */
function isOfStatement(error: unknown): boolean {
  const code = sqlState(error);
  return error instanceof RangeError || error instanceof SyntaxError ||
    error instanceof JournalUnavailable || error instanceof JournalNotOpened ||
    (code !== undefined && OF_STATEMENT.test(code));
}

async function takesWrites(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<PostgresRow>("SHOW transaction_read_only");
  return rows[0]?.["transaction_read_only"] === "off";
}
