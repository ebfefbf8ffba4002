import { dirname } from "@std/path";
import * as z from "zod/mini";
import { setImmediate } from "node:timers";
import { DatabaseSync } from "node:sqlite";
import type { Delivery } from "../delivery.ts";
import { JournalNotOpened, JournalUnavailable } from "../errors.ts";
import type { EventToRecord } from "../events.ts";
import { parseDecisions, parseHeaders, parseRules } from "../stored_texts.ts";
import { log } from "../../observe/log.ts";
import { watchFile } from "./files.ts";
import { rollback } from "./migrations.ts";
import { bytesColumn, integerColumn } from "../columns.ts";
import { type Row, textColumn } from "./rows.ts";
import { describeError } from "./soundness.ts";

/** A delivery that could not be recorded where it belongs yet. */
export interface SpooledDelivery {
  /** Its place in the order in which they came. */
  readonly seq: number;
  readonly delivery: Delivery;
  readonly events: readonly EventToRecord[];
}

/** How much is in a spool. */
export interface SpoolState {
  readonly deliveries: number;
  /** How many of them brought events. */
  readonly withEvents: number;
  /** When the oldest came, in milliseconds since the epoch; `null` when there is none. */
  readonly oldestAt: number | null;
}

/** A file that keeps deliveries until they can be recorded. */
export interface Spool {
  /**
   * Keeps a delivery; resolves once it is on the disk. What arrives in one turn is synced once.
   *
   * @throws {JournalUnavailable} When it can't be written.
   */
  readonly keep: (delivery: Delivery, events: readonly EventToRecord[]) => Promise<void>;
  /** The oldest ones, in order. */
  readonly oldest: (limit: number) => readonly SpooledDelivery[];
  readonly remove: (seqs: readonly number[]) => void;
  readonly state: () => SpoolState;
  readonly close: () => void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spooled (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at INTEGER NOT NULL,
    with_events INTEGER NOT NULL,
    facts TEXT NOT NULL,
    headers TEXT NOT NULL,
    decisions TEXT NOT NULL,
    rules TEXT NOT NULL,
    events TEXT NOT NULL,
    body BLOB NOT NULL,
    answer BLOB NOT NULL
  ) STRICT;
`;

/** Marks the file as a spool: the letters "SHS1". */
const APPLICATION_ID = 0x53485331;

interface Pending {
  readonly values: readonly Value[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens a spool for this process alone. When its file is removed while it is open, another one is made
 * in its place, with all that was in it.
 *
 * @param path The path of its file, which is made where it is missing.
 * @returns The spool, with what was left in it.
 * @throws {JournalNotOpened} When another process has it, or it can't be used.
 */
export function openSpool(path: string): Spool {
  let file = openFile(path);
  let pending: Pending[] = [];
  let state = file.state();

  /** What is written to a file that nobody finds after a restart is not kept. */
  function putBack(): void {
    const gone = file.findGone();
    if (gone === undefined) return;
    const rows = file.rows();
    // The log alone is made again where its database is opened again, which one at a time can.
    if (gone === "log") file.close();
    const next = openFile(path);
    const known = new Set(next.rows().map(([seq]) => seq));
    if (gone === "file" && known.size > 0) {
      next.close();
      throw new Error(`another file with ${known.size} deliveries was put in the place of its own`);
    }
    next.insert(rows.filter(([seq = null]) => !known.has(seq)));
    if (gone === "file") file.close();
    file = next;
    log.error(
      "A file of the spool {path} was removed while it was open: another one was made, with all " +
        "that was in it",
      { path },
    );
  }

  function flush(): void {
    const group = pending;
    pending = [];
    try {
      putBack();
      file.insert(group.map(({ values }) => [null, ...values]));
      putBack();
      state = file.state();
      group.forEach(({ resolve }) => resolve());
    } catch (error) {
      const reason = new JournalUnavailable(
        `Cannot use the spool: ${describeError(error)}`,
        { cause: error },
      );
      group.forEach(({ reject }) => reject(reason));
    }
  }

  return {
    keep: (delivery, events) =>
      new Promise((resolve, reject) => {
        if (pending.length === 0) setImmediate(flush);
        pending.push({ values: encode(delivery, events), resolve, reject });
      }),
    oldest: (limit) => file.oldest(limit),
    remove(seqs) {
      file.remove(seqs);
      state = file.state();
    },
    state: () => state,
    close() {
      if (pending.length > 0) flush();
      file.close();
    },
  };
}

type Value = string | number | Uint8Array | null;

/** The file of a spool, while it is open. */
interface SpoolFile {
  /** What of it does not stand where it was opened any more. */
  readonly findGone: () => "file" | "log" | undefined;
  /** All rows as they are stored, oldest first. */
  readonly rows: () => readonly (readonly Value[])[];
  /** Inserts rows; one without a number gets the next one. */
  readonly insert: (rows: readonly (readonly Value[])[]) => void;
  readonly oldest: (limit: number) => readonly SpooledDelivery[];
  readonly remove: (seqs: readonly number[]) => void;
  readonly state: () => SpoolState;
  readonly close: () => void;
}

const COLUMNS = [
  ...["seq", "received_at", "with_events", "facts", "headers", "decisions", "rules", "events"],
  ...["body", "answer"],
];

function openFile(path: string): SpoolFile {
  const database = openAlone(path);
  const isFileThere = watchFile(path);
  const isLogThere = watchFile(`${path}-wal`);
  const insertion = database.prepare(
    `INSERT INTO spooled (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map(() => "?").join(", ")})`,
  );
  const selection = database.prepare("SELECT * FROM spooled ORDER BY seq LIMIT ?");
  const removal = database.prepare("DELETE FROM spooled WHERE seq = ?");
  const totals = database.prepare(
    "SELECT count(*) AS n, coalesce(sum(with_events), 0) AS e, min(received_at) AS at FROM spooled",
  );

  function inTransaction(change: () => void): void {
    database.exec("BEGIN IMMEDIATE");
    try {
      change();
      database.exec("COMMIT");
    } catch (error) {
      rollback(database);
      throw error;
    }
  }

  return {
    findGone: () => isFileThere() ? isLogThere() ? undefined : "log" : "file",
    rows: () => selection.all(-1).map((row) => COLUMNS.map((column) => storedValue(row, column))),
    insert(rows) {
      inTransaction(() => rows.forEach((row) => insertion.run(...row)));
    },
    oldest: (limit) => selection.all(limit).map(decode),
    remove(seqs) {
      inTransaction(() => seqs.forEach((seq) => removal.run(seq)));
    },
    state() {
      const row = totals.get();
      const oldest = row?.["at"];
      return {
        deliveries: integerColumn(row, "n"),
        withEvents: integerColumn(row, "e"),
        oldestAt: typeof oldest === "number" ? oldest : null,
      };
    },
    close: () => database.close(),
  };
}

function storedValue(row: Row, column: string): Value {
  const value = row[column];
  const isStored = typeof value === "string" || typeof value === "number" ||
    value instanceof Uint8Array;
  return isStored ? value : null;
}

function openAlone(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path, { timeout: 0 });
    // For as long as it is open, no other process has it.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    const application = integerColumn(
      database.prepare("PRAGMA application_id").get(),
      "application_id",
    );
    const tables = integerColumn(
      database.prepare("SELECT count(*) AS n FROM sqlite_schema").get(),
      "n",
    );
    if (tables > 0 && application !== APPLICATION_ID) {
      throw new JournalNotOpened(
        `Cannot use journal.spool "${path}": it is another database; name a file of its own`,
      );
    }
    database.exec("BEGIN IMMEDIATE");
    database.exec(SCHEMA);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec("COMMIT");
    return database;
  } catch (error) {
    // Else it would have the file until memory is tidied up, and keep whoever tries again from it.
    database?.close();
    if (error instanceof JournalNotOpened) throw error;
    const reason = describeError(error);
    throw new JournalNotOpened(
      `Cannot use journal.spool "${path}": ${reason}; each instance needs one of its own`,
      { cause: error },
    );
  }
}

const factsSchema = z.object({
  id: z.string(),
  endpoint: z.string(),
  kind: z.string(),
  requestId: z.string(),
  receivedAt: z.number(),
  answeredAt: z.number(),
  remoteAddress: z.string(),
  verifiedBy: z.nullable(z.string()),
  status: z.int(),
  note: z.exactOptional(z.string()),
  numbers: z.exactOptional(z.array(z.string())),
});

const eventsSchema = z.array(z.object({
  source: z.string(),
  type: z.string(),
  candidates: z.array(z.string()),
  subject: z.string(),
  key: z.string(),
  content: z.exactOptional(z.string()),
  occurredAt: z.nullable(z.number()),
  warnings: z.array(z.string()),
  payload: z.string(),
  forwardTo: z.array(z.string()),
}));

function encode(delivery: Delivery, events: readonly EventToRecord[]): Pending["values"] {
  const { headers, body, answer, decisions, rules, ...facts } = delivery;
  const texts = events.map((event) => ({ ...event, payload: event.payload.toBase64() }));
  return [
    Math.round(delivery.receivedAt),
    events.length > 0 ? 1 : 0,
    JSON.stringify(facts),
    JSON.stringify(headers),
    JSON.stringify(decisions),
    JSON.stringify(rules),
    JSON.stringify(texts),
    body,
    answer,
  ];
}

function decode(row: Row): SpooledDelivery {
  const texts = eventsSchema.parse(JSON.parse(textColumn(row, "events")));
  return {
    seq: integerColumn(row, "seq"),
    delivery: {
      ...factsSchema.parse(JSON.parse(textColumn(row, "facts"))),
      headers: parseHeaders(textColumn(row, "headers")),
      decisions: parseDecisions(textColumn(row, "decisions")),
      rules: parseRules(textColumn(row, "rules")),
      body: bytesColumn(row, "body"),
      answer: bytesColumn(row, "answer"),
    },
    events: texts.map((event) => ({ ...event, payload: Uint8Array.fromBase64(event.payload) })),
  };
}
