import type { Instance, InstanceFacts } from "../instances.ts";
import type { Database, Query } from "./connection.ts";
import { integerColumn } from "../columns.ts";
import { storedText, textOf } from "./rows.ts";
import { keepStatistics } from "./statistics.ts";

/** The tables by which instances know of each other. */
export const membershipTables = `
  CREATE TABLE instances (
    id text COLLATE "C" PRIMARY KEY,
    host text NOT NULL,
    version text NOT NULL,
    config text NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL
  );
  CREATE TABLE destination_owners (
    destination text COLLATE "C" PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    until bigint NOT NULL
  );
`;

/** How often an instance says that it is there. */
const HEARTBEAT_MS = 3000;
/** So long one that says nothing keeps its destinations: another has them within 15 seconds. */
const OWNED_MS = 11_000;
/** An owner that was sure of it so lately need not ask again. */
const SURE_MS = 4000;
/** So long one that says nothing is listed. */
const LISTED_MS = 60_000;

/** The clock of the database, in milliseconds since the epoch: those of instances may differ. */
const NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** What a process is among those that share the database. */
export interface Membership {
  /** Says what it is, from now on. */
  readonly describe: (facts: InstanceFacts) => void;
  /**
   * Tells whether a destination is this instance's, and takes it when it is nobody's: pace,
   * concurrency and breaker of each are kept by one instance at a time. What an owner that died was
   * about to send is due again.
   *
   * @param query Runs a statement, within the transaction that leases.
   */
  readonly owns: (query: Query, destination: string) => Promise<boolean>;
  readonly instances: () => Promise<readonly Instance[]>;
  /** Says no more that it is there, and leaves its destinations to the others. */
  readonly leave: () => Promise<void>;
}

/**
 * Makes a process one of those that share the database.
 *
 * @param database The database.
 * @param id The name of the process, which nobody else has.
 * @returns What it is among them; it says nothing before `describe()`.
 */
export function joinInstances(database: Database, id: string): Membership {
  const startedAt = Date.now();
  const sureAt = new Map<string, number>();
  let facts: InstanceFacts | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let beating: Promise<void> | undefined;
  let looking: Promise<void> | undefined;
  let hasLeft = false;

  async function beat(): Promise<void> {
    if (facts === undefined) return;
    await database.query(
      `INSERT INTO instances AS i (id, host, version, config, started_at, seen_at)
       VALUES ($1, $2, $3, $4, $5, ${NOW})
       ON CONFLICT (id) DO UPDATE SET config = excluded.config, seen_at = excluded.seen_at`,
      [id, storedText(facts.host), facts.version, facts.config, startedAt],
    );
    await database.query(
      `UPDATE destination_owners SET until = ${NOW} + ${OWNED_MS} WHERE owner = $1`,
      [id],
    );
    await database.query(`DELETE FROM instances WHERE seen_at < ${NOW} - ${10 * LISTED_MS}`);
  }

  function plan(): void {
    if (hasLeft) return;
    // It may take longer than others wait for a word.
    looking ??= keepStatistics(database).catch(() => undefined).finally(() => looking = undefined);
    clearTimeout(timer);
    timer = setTimeout(() => {
      // What can't be said now is said the next time.
      beating = beat().catch(() => undefined).finally(plan);
    }, HEARTBEAT_MS);
  }

  return {
    describe(next) {
      facts = next;
      beating = beat().catch(() => undefined).finally(plan);
    },
    async owns(query, destination) {
      const name = storedText(destination);
      if (performance.now() - (sureAt.get(name) ?? -Infinity) < SURE_MS) return true;
      const [before] = await query(
        "SELECT owner FROM destination_owners WHERE destination = $1 FOR UPDATE",
        [name],
      );
      const [taken] = await query(
        `INSERT INTO destination_owners AS o (destination, owner, until)
         VALUES ($1, $2, ${NOW} + ${OWNED_MS})
         ON CONFLICT (destination) DO UPDATE SET owner = excluded.owner, until = excluded.until
         WHERE o.owner = excluded.owner OR o.until < ${NOW} RETURNING owner`,
        [name, id],
      );
      if (taken === undefined) {
        sureAt.delete(name);
        return false;
      }
      const owner = before === undefined ? id : textOf(before, "owner");
      if (owner !== id) {
        await query(
          `UPDATE forwards SET leased_until = 0, lease_owner = NULL
           WHERE destination = $1 AND state = 'waiting' AND leased_until > 0 AND lease_owner = $2`,
          [name, owner],
        );
      }
      sureAt.set(name, performance.now());
      return true;
    },
    async instances() {
      const rows = await database.query(
        `SELECT *, ${NOW} - seen_at AS silent_ms FROM instances
         WHERE seen_at > ${NOW} - ${LISTED_MS} ORDER BY started_at, id`,
      );
      return rows.map((row) => ({
        id: textOf(row, "id"),
        host: textOf(row, "host"),
        version: textOf(row, "version"),
        config: textOf(row, "config"),
        startedAt: integerColumn(row, "started_at"),
        silentMs: Math.max(0, integerColumn(row, "silent_ms")),
        isThis: textOf(row, "id") === id,
      }));
    },
    async leave() {
      hasLeft = true;
      clearTimeout(timer);
      await beating;
      await looking;
      if (facts === undefined && sureAt.size === 0) return;
      try {
        await database.query("DELETE FROM destination_owners WHERE owner = $1", [id]);
        await database.query("DELETE FROM instances WHERE id = $1", [id]);
      } catch {
        // Whoever can't say so is missed after a while.
      }
    },
  };
}
