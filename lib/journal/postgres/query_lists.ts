import { Buffer } from "node:buffer";
// @ts-types="@types/pg"
import pg from "pg";
import { type Lists, MessageWriter } from "./lists.ts";
import { type PostgresRow, TYPES } from "./rows.ts";

/** Where messages are written, between two of them: what is allocated for each would cost more. */
const spare: Buffer[] = [];
const FIRST_BYTES = 64 * 1024;
/** Larger room is not kept. */
const KEPT_BYTES = 4 * 1024 * 1024;
const MOST_KEPT = 4;

/**
 * Runs a statement whose parameters are lists. The driver would copy them several times and write
 * each message by itself.
 *
 * @param client The connection.
 * @param text The statement.
 * @param lists Its parameters.
 * @returns The rows.
 */
export async function queryLists(
  client: pg.ClientBase,
  text: string,
  lists: Lists,
): Promise<readonly PostgresRow[]> {
  const writer = new MessageWriter(spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES));
  lists.write(text, writer);
  const rows = await submit(client, text, writer.written());
  // Of what fails it is not known whether all of it has left.
  const room = writer.room();
  if (room.byteLength <= KEPT_BYTES && spare.length < MOST_KEPT) spare.push(room);
  return rows;
}

function submit(
  client: pg.ClientBase,
  text: string,
  messages: Buffer,
): Promise<readonly PostgresRow[]> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query<PostgresRow>({ text, types: TYPES }, (error, result) => {
      if (error) reject(error);
      else resolve(result.rows);
    });
    query.submit = ({ stream }) => {
      if (stream.writable) stream.write(messages);
    };
    client.query(query);
  });
}
