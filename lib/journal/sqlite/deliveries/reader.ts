import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredDelivery } from "../../delivery.ts";
import { type DeliveryFilter, formatCursor, parseCursor, type Position } from "../../filter.ts";
import type { DeliveryPage, JournalCounts, ListOptions } from "../../journal.ts";
import { integer, type Row, text } from "../columns.ts";
import { createCountTable } from "../file/count_table.ts";
import { ALL_COLUMNS, decodeDelivery, decodeSummary, SUMMARY_COLUMNS } from "./delivery_row.ts";
import { type Selection, selectKeys } from "./selection.ts";

const LIST_LIMIT = 50;

/** Reads deliveries. */
export interface Reader {
  readonly list: (options: ListOptions) => DeliveryPage;
  readonly get: (id: string) => StoredDelivery | undefined;
  /** The keys of the next deliveries, oldest first. */
  readonly keysAfter: (filter: DeliveryFilter, after: Position | undefined, limit: number) => Key[];
  readonly bySeq: (seq: number) => StoredDelivery | undefined;
  readonly counts: () => JournalCounts;
}

/** Where a delivery stands: in the file and in the order. */
export interface Key extends Position {
  readonly seq: number;
}

/**
 * Prepares the statements that read deliveries.
 *
 * @param database An open database.
 * @returns The reader.
 */
export function createReader(database: DatabaseSync): Reader {
  const byId = database.prepare(`SELECT ${ALL_COLUMNS} FROM deliveries WHERE id = ?`);
  const whole = database.prepare(`SELECT ${ALL_COLUMNS} FROM deliveries WHERE seq = ?`);
  const summary = database.prepare(`SELECT ${SUMMARY_COLUMNS} FROM deliveries WHERE seq = ?`);
  const counts = createCountTable(database);
  const size = database.prepare(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  );
  const selections = new Map<string, StatementSync>();

  function keys({ sql, values }: Selection): Key[] {
    const statement = selections.get(sql) ?? database.prepare(sql);
    selections.set(sql, statement);
    return statement.all(...values).map(decodeKey);
  }

  return {
    list({ limit = LIST_LIMIT, cursor, ...filter }) {
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      // One more than asked for tells whether there is a next page.
      const found = keys(selectKeys(filter, "newest first", after, limit + 1));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        deliveries: shown.flatMap(({ seq }) => decoded(summary.get(seq), decodeSummary) ?? []),
        next: found.length > limit && last !== undefined ? formatCursor(last) : null,
      };
    },
    get: (id) => decoded(byId.get(id), decodeDelivery),
    keysAfter: (filter, after, limit) => keys(selectKeys(filter, "oldest first", after, limit)),
    bySeq: (seq) => decoded(whole.get(seq), decodeDelivery),
    counts() {
      const deliveries = counts("deliveries");
      return {
        accepted: deliveries.get("accepted") ?? 0,
        refused: deliveries.get("refused") ?? 0,
        exports: counts("exports").get("all") ?? 0,
        bytes: integer(size.get(), "bytes"),
      };
    },
  };
}

function decodeKey(row: Row): Key {
  return {
    seq: integer(row, "seq"),
    receivedAt: integer(row, "received_at"),
    id: text(row, "id"),
  };
}

function decoded<T>(row: Row | undefined, decode: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : decode(row);
}
