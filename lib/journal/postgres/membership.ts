import type { Instance, InstanceFacts } from "../instances.ts";
import { compareClocks } from "./clock_comparison.ts";
import type { Database } from "./connection.ts";
import { integerColumn } from "../columns.ts";
import { DATABASE_NOW, type Ownership } from "./ownership.ts";
import type { Sharing } from "./sharing.ts";
import { storedText, textOf } from "./rows.ts";
import { keepStatistics } from "./statistics.ts";

/** The table by which instances know of each other. */
export const instancesTable = `
  CREATE TABLE instances (
    id text COLLATE "C" PRIMARY KEY,
    host text NOT NULL,
    version text NOT NULL,
    config text NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL
  );
`;

/** How often an instance says that it is there. */
const HEARTBEAT_MS = 3000;
/** So long one that says nothing is listed. */
const LISTED_MS = 60_000;

/** What a process is among those that share the database. */
export interface Membership {
  /** Says what it is, from now on. */
  readonly describe: (facts: InstanceFacts) => void;
  readonly instances: () => Promise<readonly Instance[]>;
  /** Says no more that it is there, and leaves what it owns to the others. */
  readonly leave: () => Promise<void>;
}

/**
 * Makes a process one of those that share the database.
 *
 * @param database The database.
 * @param id The name of the process, which nobody else has.
 * @param ownership The destinations that it has.
 * @param sharing What leaves some of them to others.
 * @returns What it is among them; it says nothing before `describe()`.
 */
export function joinInstances(
  database: Database,
  id: string,
  ownership: Ownership,
  sharing: Sharing,
): Membership {
  const startedAt = Date.now();
  const clocks = compareClocks(database);
  let facts: InstanceFacts | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let beating: Promise<void> | undefined;
  let looking: Promise<void> | undefined;
  let balancing: Promise<void> | undefined;
  let hasLeft = false;

  async function beat(): Promise<void> {
    if (facts === undefined) return;
    await clocks.look();
    await database.query(
      `INSERT INTO instances AS i (id, host, version, config, started_at, seen_at)
       VALUES ($1, $2, $3, $4, $5, ${DATABASE_NOW})
       ON CONFLICT (id) DO UPDATE SET config = excluded.config, seen_at = excluded.seen_at`,
      [id, storedText(facts.host), facts.version, facts.config, startedAt],
    );
    await ownership.renew();
    await database.query(
      `DELETE FROM instances WHERE seen_at < ${DATABASE_NOW} - ${10 * LISTED_MS}`,
    );
    await ownership.forget();
  }

  function plan(): void {
    if (hasLeft) return;
    // It may take longer than others wait for a word.
    looking ??= keepStatistics(database).catch(() => undefined).finally(() => looking = undefined);
    balancing ??= sharing.balance(facts?.config ?? "").catch(() => undefined)
      .finally(() => balancing = undefined);
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
    async instances() {
      const rows = await database.query(
        `SELECT *, ${DATABASE_NOW} - seen_at AS silent_ms FROM instances
         WHERE seen_at > ${DATABASE_NOW} - ${LISTED_MS} ORDER BY started_at, id`,
      );
      const clockAheadMs = clocks.aheadMs();
      return rows.map((row) => ({
        id: textOf(row, "id"),
        host: textOf(row, "host"),
        version: textOf(row, "version"),
        config: textOf(row, "config"),
        startedAt: integerColumn(row, "started_at"),
        silentMs: Math.max(0, integerColumn(row, "silent_ms")),
        isThis: textOf(row, "id") === id,
        ...(textOf(row, "id") === id && clockAheadMs !== 0 ? { clockAheadMs } : {}),
      }));
    },
    async leave() {
      hasLeft = true;
      clearTimeout(timer);
      await beating;
      sharing.stop();
      await looking;
      await balancing;
      try {
        await ownership.leave();
        if (facts === undefined) return;
        await database.query("DELETE FROM instances WHERE id = $1", [id]);
      } catch {
        // Whoever can't say so is missed after a while.
      }
    },
  };
}
