import type { ForwardCounts, OutboxCounts } from "../forwards.ts";
import type { JournalCounts } from "../journal.ts";
import type { Query } from "./connection.ts";
import { integerColumn } from "../columns.ts";
import { Lists } from "./lists.ts";
import { storedText, textOf } from "./rows.ts";

/** What is counted. */
type Kind =
  | "deliveries"
  | "bytes"
  | "events"
  | "exports"
  | "forwards"
  | "waiting"
  | "failed"
  | "waiting bytes";

/** Transactions that count the same at the same time seldom meet in one of so many rows. */
const PARTS = 16;

/** What a transaction adds to the counters. */
export class Counting {
  readonly #sums = new Map<string, { kind: Kind; name: string; n: number }>();

  add(kind: Kind, name: string, n: number): void {
    const key = `${kind} ${name}`;
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { kind, name, n });
    else sum.n += n;
  }

  /** A forward comes to stand somewhere, or (with -1) stands there no more. */
  addForward(state: string, destination: string, bytes: number, n: 1 | -1): void {
    this.add("forwards", state, n);
    if (state === "waiting") {
      this.add("waiting", destination, n);
      this.add("waiting bytes", destination, n * bytes);
    } else if (state === "failed") this.add("failed", destination, n);
  }

  /**
   * Writes what was added; the last statement of a transaction, since others wait for these rows.
   *
   * @param query Runs a statement, within the transaction.
   */
  async write(query: Query): Promise<void> {
    const lists = new Lists({ isOfKeptStatement: true });
    const statement = this.statement(lists);
    if (statement !== undefined) await query(statement, lists);
  }

  /**
   * Gives the statement that writes what was added, and forgets it.
   *
   * @param lists Gets the values of the statement.
   * @returns The statement; `undefined` when nothing was added.
   */
  statement(lists: Lists): string | undefined {
    const part = Math.floor(Math.random() * PARTS);
    const sums = [...this.#sums].filter(([, { n }]) => n !== 0)
      // In one order, so that two transactions never wait for each other.
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([, sum]) => sum);
    this.#sums.clear();
    if (sums.length === 0) return undefined;
    const kinds = lists.texts(sums.map(({ kind }) => kind));
    const names = lists.texts(sums.map(({ name }) => storedText(name)));
    const parts = lists.integers(sums.map(() => part));
    const numbers = lists.bigints(sums.map(({ n }) => n));
    return `INSERT INTO counters AS c (kind, name, part, n)
      SELECT * FROM unnest(${kinds}, ${names}, ${parts}, ${numbers}) AS s (kind, name, part, n)
      ON CONFLICT (kind, name, part) DO UPDATE SET n = c.n + excluded.n`;
  }
}

/**
 * Reads counters of some kinds.
 *
 * @param query Runs a statement.
 * @param kinds Which.
 * @returns The sums that are not 0, by kind and name.
 */
async function readCounters(
  query: Query,
  kinds: readonly Kind[],
): Promise<(kind: Kind) => ReadonlyMap<string, number>> {
  const rows = await query(
    `SELECT kind, name, sum(n)::bigint AS n FROM counters WHERE kind = ANY ($1)
     GROUP BY kind, name HAVING sum(n) > 0`,
    [kinds],
  );
  const sums = new Map<string, Map<string, number>>(kinds.map((kind) => [kind, new Map()]));
  for (const row of rows) {
    sums.get(textOf(row, "kind"))?.set(textOf(row, "name"), integerColumn(row, "n"));
  }
  return (kind) => sums.get(kind) ?? new Map();
}

/** How many deliveries and exports there are, and what all of it takes. */
export async function readJournalCounts(query: Query): Promise<JournalCounts> {
  const counts = await readCounters(query, ["deliveries", "exports", "bytes"]);
  return {
    accepted: counts("deliveries").get("accepted") ?? 0,
    refused: counts("deliveries").get("refused") ?? 0,
    exports: counts("exports").get("all") ?? 0,
    bytes: counts("bytes").get("all") ?? 0,
  };
}

/** How many events there are. */
export async function readEventCounts(query: Query) {
  const events = (await readCounters(query, ["events"]))("events");
  return { events: events.get("all") ?? 0, withWarnings: events.get("with warnings") ?? 0 };
}

/** How many bytes wait, by destination. */
export async function readWaitingBytes(query: Query): Promise<ReadonlyMap<string, number>> {
  return (await readCounters(query, ["waiting bytes"]))("waiting bytes");
}

/** What is not done, by destination. */
export async function readOutboxCounts(query: Query): Promise<ReadonlyMap<string, OutboxCounts>> {
  const counts = await readCounters(query, ["waiting", "failed", "waiting bytes"]);
  const destinations = [...new Set([...counts("waiting").keys(), ...counts("failed").keys()])];
  const oldest = new Map<string, number>();
  const waiting = [...counts("waiting").keys()].map(storedText);
  const rows = waiting.length === 0 ? [] : await query(
    `SELECT name, (SELECT created_at FROM forwards
       WHERE destination = name AND state = 'waiting' ORDER BY created_at, seq LIMIT 1) AS at
     FROM unnest($1::text[]) AS names (name)`,
    [waiting],
  );
  for (const row of rows) {
    if (row["at"] !== null) oldest.set(textOf(row, "name"), integerColumn(row, "at"));
  }
  return new Map(
    destinations.sort().map((destination) => [destination, {
      waiting: counts("waiting").get(destination) ?? 0,
      failed: counts("failed").get(destination) ?? 0,
      waitingBytes: counts("waiting bytes").get(destination) ?? 0,
      oldestWaitingAt: oldest.get(destination) ?? null,
    }]),
  );
}

/** How many forwards there are, by where they stand. */
export async function readForwardCounts(query: Query): Promise<ForwardCounts> {
  const forwards = (await readCounters(query, ["forwards"]))("forwards");
  return {
    waiting: forwards.get("waiting") ?? 0,
    delivered: forwards.get("delivered") ?? 0,
    failed: forwards.get("failed") ?? 0,
    cancelled: forwards.get("cancelled") ?? 0,
  };
}
