import type { DatabaseSync } from "node:sqlite";
import { contentNumber, fingerprint, timeKeyOf } from "../delivery.ts";
import { CONTENTS_KNOWN, createContents } from "./contents.ts";
import type { Counts } from "./small_tables.ts";
import { createRuleSets, type EncodedDelivery } from "./deliveries.ts";
import { LISTED } from "./delivery_list.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { createIdFinder, createRowKeys, FIRST_TIME_KEY, type Row, textColumn } from "./rows.ts";

/** Writes deliveries; every method belongs inside a transaction. */
export interface DeliveryWriter {
  readonly insert: (delivery: EncodedDelivery) => void;
  /** Removes one, by its key. */
  readonly remove: (seq: number) => void;
  /** Removes the oldest refused deliveries beyond the limit. */
  readonly trimRefused: () => void;
  /** Puts into the list what came since: at once when there is so much, else as it is asked for. */
  readonly list: (atLeast?: number) => void;
  /** Whether so much came since that it should be put into the list. */
  readonly isListDue: () => boolean;
  /** Removes lists of rules by which no delivery of then or later was decided. */
  readonly removeUnusedRules: (before: number) => void;
  /** Reads what repeats are found by; else the first delivery does. */
  readonly load: () => void;
  /** Forgets what it knows of the transaction, which has ended. */
  readonly end: (isStored: boolean) => void;
}

/** How deliveries are written. */
export interface DeliveryWriterOptions {
  readonly counts: Counts;
  /** How many refused deliveries are kept. */
  readonly refusedLimit: number;
  /** For how long a repeat is found. */
  readonly repeatWindowMs: number;
}

/**
 * So many deliveries are put into the list together: a page of it for each of them would be a
 * quarter of all that is written. Whoever reads looks at that many more.
 */
export const LISTED_TOGETHER = 128;
/** Where nobody comes to it, whoever records does it then. */
const LISTED_AT_LATEST = 4 * LISTED_TOGETHER;

const INSERT_DELIVERY = `
  INSERT INTO deliveries (seq, id, rule_set, content, unlisted, unlisted_refused, repeat_of,
    numbers, received_at, answered_at, endpoint, kind, status, verified_by, request_id, remote_address, note,
    body_bytes, decisions, headers, answer, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const LIST_COLUMNS =
  "received_at, id, seq, endpoint, kind, status, verified_by, content, numbers IS NOT NULL";
const IN_NUMBERS =
  "INSERT INTO delivery_numbers SELECT value, seq FROM deliveries, json_each(numbers)";

/** What a transaction knows of the end of the table. */
interface End {
  /** The newest key, listed or not. */
  newest: number;
  /** How many stand in no list, and how many of them are refused. */
  unlisted: number;
  unlistedRefused: number;
}

/**
 * Prepares the statements that write deliveries.
 *
 * @param database A database open for writing.
 * @param options How.
 * @returns The writer.
 */
export function createDeliveryWriter(
  database: DatabaseSync,
  { counts, refusedLimit, repeatWindowMs }: DeliveryWriterOptions,
): DeliveryWriter {
  const insertion = database.prepare(INSERT_DELIVERY);
  const ruleSets = createRuleSets(database);
  const seqOf = createIdFinder(database, "deliveries");
  const newKeys = createRowKeys(database, "deliveries");
  const hasOther = database.prepare(
    `SELECT 1 FROM deliveries WHERE id = ? AND seq < ${FIRST_TIME_KEY}`,
  );
  const readListed = database.prepare(`SELECT ${LISTED} AS listed`);
  const readNewest = database.prepare(`
    SELECT seq, unlisted, unlisted_refused, ${LISTED} AS listed FROM deliveries
    ORDER BY seq DESC LIMIT 1`);
  const listOne = database.prepare(`
    INSERT INTO delivery_list SELECT ${LIST_COLUMNS} FROM deliveries WHERE seq = ?`);
  const listAll = database.prepare(`
    INSERT INTO delivery_list SELECT ${LIST_COLUMNS} FROM deliveries WHERE seq > ${LISTED}`);
  const listNumbersOfOne = database.prepare(`${IN_NUMBERS} WHERE seq = ?`);
  const listNumbersOfAll = database.prepare(`${IN_NUMBERS} WHERE seq > ${LISTED}`);
  const setListed = database.prepare(
    "UPDATE counts SET n = ? WHERE kind = 'deliveries' AND name = 'listed'",
  );
  const keyed = database.prepare(
    "SELECT received_at, id, verified_by, numbers FROM deliveries WHERE seq = ?",
  );
  const removal = database.prepare("DELETE FROM deliveries WHERE seq = ?");
  const removeFromList = database.prepare(
    "DELETE FROM delivery_list WHERE received_at = ? AND id = ?",
  );
  const removeNumbers = database.prepare(
    "DELETE FROM delivery_numbers WHERE number IN (SELECT value FROM json_each(?)) AND seq = ?",
  );
  const oldestRefused = database.prepare(`
    SELECT seq FROM delivery_list INDEXED BY delivery_list_refused
    WHERE verified_by IS NULL ORDER BY seq LIMIT ?`);
  const repeats = createRepeatFinder(database, repeatWindowMs);
  let known: End | undefined;
  /** Whether the transaction has a refused delivery; at first another limit may have counted. */
  let cameRefused = true;
  /** How many stood in no list when the last transaction was stored. */
  let leftUnlisted = 0;

  function end(): End {
    if (known !== undefined) return known;
    const row = readNewest.get();
    const listed = integerColumn(row ?? readListed.get(), "listed");
    const newest = row === undefined ? 0 : integerColumn(row, "seq");
    const isListed = newest <= listed;
    return known = {
      newest: Math.max(newest, listed),
      unlisted: isListed ? 0 : integerColumn(row, "unlisted"),
      unlistedRefused: isListed ? 0 : integerColumn(row, "unlisted_refused"),
    };
  }

  function count(refused: boolean, n: number): void {
    counts.add("deliveries", refused ? "refused" : "accepted", n);
  }

  function list(atLeast = 1): void {
    const { newest, unlisted, unlistedRefused } = end();
    if (unlisted < atLeast) return;
    listAll.run();
    listNumbersOfAll.run();
    setListed.run(newest);
    count(true, unlistedRefused);
    count(false, unlisted - unlistedRefused);
    known = { newest, unlisted: 0, unlistedRefused: 0 };
  }

  function remove(seq: number): void {
    list();
    const row = keyed.get(seq);
    if (row === undefined) return;
    removal.run(seq);
    removeFromList.run(integerColumn(row, "received_at"), textColumn(row, "id"));
    removeNumbers.run(nullableColumn(row, "numbers", textColumn) ?? "[]", seq);
    count(row["verified_by"] === null, -1);
  }

  function keyFor(id: string): number {
    const key = timeKeyOf(id);
    // What no key is behind is nobody's.
    const isNewest = key !== undefined && key > end().newest;
    if ((isNewest ? hasOther.get(id) : seqOf(id)) !== undefined) {
      throw new RangeError("Cannot record a delivery: the journal has one of this id");
    }
    return isNewest ? key : newKeys()(id);
  }

  return {
    list,
    remove,
    isListDue: () => leftUnlisted >= LISTED_TOGETHER,
    load: repeats.load,
    removeUnusedRules: ruleSets.removeUnused,
    insert({ id, endpoint, receivedAt, answer, body, refused, rules, values }) {
      cameRefused ||= refused;
      const seq = keyFor(id);
      const name = refused ? undefined : fingerprint(endpoint, body);
      const content = name === undefined ? null : contentNumber(name);
      const repeatOf = content === null
        ? null
        : repeats.find({ seq, content, endpoint, body, receivedAt });
      const isNewest = seq > end().newest;
      list(isNewest ? LISTED_AT_LATEST : 1);
      const at = end();
      if (isNewest) {
        at.newest = seq;
        at.unlisted++;
        if (refused) at.unlistedRefused++;
      } else count(refused, 1);
      const ruleSet = ruleSets.rowOf(rules, receivedAt);
      const { unlisted, unlistedRefused } = isNewest ? at : { unlisted: 0, unlistedRefused: 0 };
      const found = [content, unlisted, unlistedRefused, repeatOf] as const;
      insertion.run(seq, id, ruleSet, ...found, ...values, answer, body);
      if (isNewest) return;
      listOne.run(seq);
      listNumbersOfOne.run(seq);
    },
    trimRefused() {
      // There are no more of them than when the transaction began.
      if (known === undefined || !cameRefused) return;
      const refused = (counts.of("deliveries").get("refused") ?? 0) + known.unlistedRefused;
      if (refused <= refusedLimit) return;
      list();
      for (const row of oldestRefused.all(refused - refusedLimit)) {
        remove(integerColumn(row, "seq"));
      }
    },
    end(isStored) {
      if (!isStored) ruleSets.forget();
      else if (known !== undefined) leftUnlisted = known.unlisted;
      known = undefined;
      cameRefused = false;
    },
  };
}

/** An accepted delivery that may repeat another. */
interface Repeating {
  readonly seq: number;
  readonly content: number;
  readonly endpoint: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly receivedAt: number;
}

interface RepeatFinder {
  readonly find: (delivery: Repeating) => string | null;
  readonly load: () => void;
}

/** Finds repeats by what is in memory, and makes sure of them by what is stored. */
function createRepeatFinder(database: DatabaseSync, windowMs: number): RepeatFinder {
  const contents = createContents();
  const same = database.prepare(`
    SELECT id FROM deliveries
    WHERE seq = ? AND content = ? AND endpoint = ? AND abs(received_at - ?) < ? AND body = ?`);
  let isLoaded = false;

  function load(): void {
    if (isLoaded) return;
    isLoaded = true;
    const newest = database.prepare("SELECT max(received_at) AS at FROM delivery_list").get() ?? {};
    const since = (nullableColumn(newest, "at", integerColumn) ?? 0) - windowMs;
    keepAll(
      `SELECT seq, content FROM delivery_list WHERE received_at > ? AND content IS NOT NULL
        ORDER BY received_at DESC, id DESC LIMIT ${CONTENTS_KNOWN}`,
      since,
    );
    keepAll(
      `SELECT seq, content FROM deliveries
        WHERE seq > ${LISTED} AND received_at > ? AND content IS NOT NULL ORDER BY seq DESC`,
      since,
    );
  }
  /** Two texts are read much faster than a row for each of them. */
  function keepAll(newestFirst: string, since: number): void {
    const row = database.prepare(
      `SELECT json_group_array(seq) AS seqs, json_group_array(content) AS contents
        FROM (${newestFirst})`,
    ).get(since) ?? {};
    const [seqs, numbers] = [numbersIn(row, "seqs"), numbersIn(row, "contents")];
    for (let index = seqs.length - 1; index >= 0; index--) {
      contents.keep(numbers[index] ?? 0, seqs[index] ?? 0);
    }
  }
  function numbersIn(row: Row, column: string): readonly number[] {
    return JSON.parse(textColumn(row, column));
  }

  return {
    load,
    find({ seq, content, endpoint, body, receivedAt }) {
      load();
      return contents.repeatOf(content, seq, (earlier) => {
        const row = same.get(earlier, content, endpoint, receivedAt, windowMs, body);
        return row === undefined ? undefined : textColumn(row, "id");
      });
    },
  };
}
