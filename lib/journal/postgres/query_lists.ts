import { Buffer } from "node:buffer";
// @ts-types="@types/pg"
import pg from "pg";
import { type Lists, MessageWriter } from "./lists.ts";
import { type PostgresRow, TYPES } from "./rows.ts";

/** Where messages were written: what is allocated for each would cost more than to write it. */
const spare: Buffer[] = [];
const FIRST_BYTES = 64 * 1024;
/** Larger room is not kept. */
const KEPT_BYTES = 4 * 1024 * 1024;
const MOST_KEPT = 4;

/** What comes of a statement. */
type Callback = (error: Error | undefined, rows: readonly PostgresRow[]) => void;

/**
 * A statement whose parameters are lists. The driver would copy them several times and send each
 * message by itself; of what it does, this takes only how answers are read.
 */
export class ListsQuery extends pg.Query<PostgresRow> {
  readonly statement: string;
  readonly lists: Lists;

  constructor(statement: string, lists: Lists, callback: Callback) {
    let written: MessageWriter | undefined;
    super({ text: statement, types: TYPES }, (error, result) => {
      // Of what fails it is not known whether all of it has left: it is not written over.
      const room = error ? undefined : written?.room();
      if (room !== undefined && room.byteLength <= KEPT_BYTES && spare.length < MOST_KEPT) {
        spare.push(room);
      }
      if (error) callback(error, []);
      else callback(undefined, result.rows);
    });
    this.statement = statement;
    this.lists = lists;
    this.submit = ({ stream }) => {
      if (!stream.writable) return;
      written = new MessageWriter(spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES));
      lists.write(statement, written);
      stream.write(written.written());
    };
  }
}

/**
 * Runs a statement whose parameters are lists.
 *
 * @param client The connection.
 * @param statement The statement.
 * @param lists Its parameters.
 * @returns The rows.
 */
export function queryLists(
  client: pg.ClientBase,
  statement: string,
  lists: Lists,
): Promise<readonly PostgresRow[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new ListsQuery(statement, lists, (error, rows) => {
        if (error) reject(error);
        else resolve(rows);
      }),
    );
  });
}
