// @ts-types="@types/pg"
import pg from "pg";
import { JournalNotOpened, JournalUnavailable } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import { Lists } from "./lists.ts";
import { queryLists } from "./query_lists.ts";
import { isUnconfirmed, reasonOf, RETRIED, sqlState, unconfirmedCommit } from "./postgres_error.ts";
import { type PostgresRow, TYPES } from "./rows.ts";

/** Where the database is, and how it is reached. */
export interface DatabasePlace {
  /**
   * `postgres://user:password@host:port/database`; several hosts are divided by commas, and the one
   * that takes writes is found among them.
   */
  readonly url: string;
  /** The certificates, in PEM, by which the server is known; those of the system unless given. */
  readonly ca?: string;
  /** Gives the password for each new connection, in the place of the one in the URL. */
  readonly password?: () => string | Promise<string>;
  /** The schema in which the tables are; that of the connection unless given. */
  readonly schema?: string;
}

/** Runs one statement. */
export type Query = (
  text: string,
  values?: readonly unknown[] | Lists,
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
const CONNECT_TIMEOUT_MS = 5000;
/** Longer than any statement on the way of a request; long work goes in steps below it. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** How often `state()` looks for itself. */
const PROBE_EVERY_MS = 1000;
/** How often a transaction is made again that collided with another one. */
const TRIES = 5;
const APPLICATION = "storehook";

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
  let prepared: Promise<void> | undefined;
  let current = 0;
  let state: JournalState = { writable: true };
  let probedAt = performance.now();
  let probing: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  const unconfirmed = new WeakSet<pg.ClientBase>();
  let pool = poolOf(hosts[0]);

  function poolOf(config: pg.ClientConfig | undefined): pg.Pool {
    const made = new pg.Pool({
      ...config,
      max: CONNECTIONS,
      idleTimeoutMillis: 30_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
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
    const left = pool;
    current = (current + 1) % hosts.length;
    pool = poolOf(hosts[current]);
    left.end().catch(() => {});
  }

  async function connected(): Promise<pg.PoolClient> {
    let failure: unknown;
    for (let tries = 0; tries < hosts.length; tries++) {
      const used = pool;
      try {
        const client = await used.connect();
        if (hosts.length < 2 || await takesWrites(client)) return client;
        client.release(true);
        failure = new Error("none of the hosts takes writes");
      } catch (error) {
        failure = error;
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
    let client: pg.PoolClient;
    try {
      client = await connected();
    } catch (error) {
      throw unavailable(error);
    }
    let isSound = true;
    try {
      const result = await run(client);
      if (unconfirmed.delete(client)) throw unconfirmedCommit();
      return result;
    } catch (error) {
      const code = sqlState(error);
      isSound = code !== undefined && !RETRIED.lostConnection.has(code) &&
        !RETRIED.lostStatement.has(code);
      throw error;
    } finally {
      client.release(!isSound);
    }
  }

  const queryOf = (client: pg.ClientBase): Query => async (text, values = []) =>
    values instanceof Lists
      ? await queryLists(client, text, values)
      : (await client.query<PostgresRow>({ text, values: [...values], types: TYPES })).rows;

  async function query(
    text: string,
    values?: readonly unknown[] | Lists,
  ): Promise<readonly PostgresRow[]> {
    for (let tries = 1;; tries++) {
      try {
        return await use((client) => queryOf(client)(text, values));
      } catch (error) {
        if (isOfStatement(error)) throw error;
        if (tries === 1 && RETRIED.lostStatement.has(sqlState(error))) continue;
        // A connection that was idle may have been lost since; what only reads can be asked again.
        if (tries === 1 && sqlState(error) === undefined && READS.test(text)) continue;
        throw unavailable(error);
      }
    }
  }

  async function runOnce<T>(change: (query: Query) => Promise<T>): Promise<T> {
    return await use(async (client) => {
      const run = queryOf(client);
      await run("BEGIN");
      try {
        const result = await change(run);
        await run("COMMIT");
        return result;
      } catch (error) {
        // A connection that is lost has rolled back by itself.
        await run("ROLLBACK").catch(() => undefined);
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

/** What of a URL goes to every host. */
function readHosts({ url, ca, password, schema }: DatabasePlace): readonly pg.ClientConfig[] {
  const [, scheme, authority = "", rest = ""] =
    /^(postgres(?:ql)?:\/\/)([^/?#]*)(.*)$/s.exec(url) ??
      [];
  if (scheme === undefined) {
    throw new JournalNotOpened(
      "Cannot use journal.url: wanted postgres://user:password@host:5432/database",
    );
  }
  const at = authority.lastIndexOf("@");
  const [credentials, hostList] = [authority.slice(0, at + 1), authority.slice(at + 1)];
  return hostList.split(",").map((host) => {
    const one = new URL(`${scheme}${credentials}${host}${rest}`);
    const mode = one.searchParams.get("sslmode") ?? (ca === undefined ? "disable" : "verify-full");
    const options = schema === undefined ? {} : { options: `-c search_path=${schema}` };
    return {
      ...options,
      host: decodeURIComponent(one.hostname).replace(/^\[|\]$/g, "") || "127.0.0.1",
      port: Number(one.port || 5432),
      database: decodeURIComponent(one.pathname.slice(1)) || decodeURIComponent(one.username),
      user: decodeURIComponent(one.username),
      password: password ?? decodeURIComponent(one.password),
      ssl: sslOf(mode, ca),
      application_name: one.searchParams.get("application_name") ?? APPLICATION,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    };
  });
}

/** As libpq does: `require` encrypts and asks for no proof, `verify-…` asks for it. */
function sslOf(mode: string, ca: string | undefined): pg.ClientConfig["ssl"] {
  if (mode === "disable" || mode === "allow" || mode === "prefer") return false;
  const authority = ca === undefined ? {} : { ca };
  if (mode === "verify-full") return { ...authority, rejectUnauthorized: true };
  if (mode === "verify-ca") {
    return { ...authority, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  }
  return { ...authority, rejectUnauthorized: ca !== undefined };
}
