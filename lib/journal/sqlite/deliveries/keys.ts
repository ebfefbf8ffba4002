import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Position } from "../../filter.ts";
import { formatCursor, parseCursor } from "../../filter.ts";
import { integer, type Row, text } from "../columns.ts";
import type { Selection } from "../conditions.ts";

/** Where a row stands: in the file and in the order. */
export interface Key extends Position {
  readonly seq: number;
}

/** Finds rows by queries that repeat. */
export interface KeyFinder {
  readonly find: (selection: Selection) => readonly Key[];
  /**
   * Finds the rows of a page, and what continues the list.
   *
   * @throws {SyntaxError} When the cursor is not one.
   */
  readonly page: (
    select: (after: Position | undefined, limit: number) => Selection,
    cursor: string | undefined,
    limit?: number,
  ) => { readonly keys: readonly Key[]; readonly next: string | null };
}

const LIST_LIMIT = 50;

/**
 * Makes a finder, which prepares each query once.
 *
 * @param database An open database.
 * @returns The finder.
 */
export function createKeyFinder(database: DatabaseSync): KeyFinder {
  const statements = new Map<string, StatementSync>();

  function find({ sql, values }: Selection): readonly Key[] {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement.all(...values).map(decodeKey);
  }

  return {
    find,
    page(select, cursor, limit = LIST_LIMIT) {
      // One more than asked for tells whether there is a next page.
      const found = find(
        select(cursor === undefined ? undefined : parseCursor(cursor), limit + 1),
      );
      const keys = found.slice(0, limit);
      const last = keys.at(-1);
      return { keys, next: found.length > limit && last !== undefined ? formatCursor(last) : null };
    },
  };
}

function decodeKey(row: Row): Key {
  return { seq: integer(row, "seq"), receivedAt: integer(row, "at"), id: text(row, "id") };
}
