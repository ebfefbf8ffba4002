import { Buffer } from "node:buffer";
// @ts-types="@types/pg"
import pg from "pg";
import { hash } from "../../util/hash.ts";
import { type KeptStatement, type Lists, MessageWriter } from "./lists.ts";
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

  constructor(statement: string, lists: Lists, callback: Callback, kept?: KeptStatement) {
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
      lists.write(statement, written, kept);
      stream.write(written.written());
    };
  }
}

/** The statements that the database keeps for a connection, with their names. */
type KeptStatements = Map<string, string>;

/** By connection; `undefined` where it keeps none. */
const sessions = new WeakMap<pg.ClientBase, KeptStatements | undefined>();

/**
 * What is between, such as pgbouncer, gives statements of one connection to several of the server's,
 * of which each keeps its own. It has to make up the number by which a connection is named.
 */
async function keptFor(client: pg.ClientBase): Promise<KeptStatements | undefined> {
  if (sessions.has(client)) return sessions.get(client);
  const { rows: [row] } = await client.query<PostgresRow>({
    text: "SELECT pg_backend_pid() AS pid",
    types: TYPES,
  });
  const isDirect = "processID" in client && client.processID === row?.["pid"];
  const kept = isDirect ? new Map() : undefined;
  sessions.set(client, kept);
  return kept;
}

/**
 * Runs a statement whose parameters are lists.
 *
 * @param client The connection.
 * @param statement The statement.
 * @param lists Its parameters.
 * @returns The rows.
 */
export async function queryLists(
  client: pg.ClientBase,
  statement: string,
  lists: Lists,
): Promise<readonly PostgresRow[]> {
  const statements = lists.isOfKeptStatement ? await keptFor(client) : undefined;
  const known = statements?.get(statement);
  const name = known ?? (statements === undefined ? "" : nameOf(statement));
  const rows = await new Promise<readonly PostgresRow[]>((resolve, reject) => {
    client.query(
      new ListsQuery(statement, lists, (error, rows) => {
        if (error) reject(error);
        else resolve(rows);
      }, { name, isKept: known !== undefined }),
    );
  });
  statements?.set(statement, name);
  return rows;
}

/** The same for the same statement alone, whoever else uses the connection. */
function nameOf(statement: string): string {
  return `storehook_${hash("sha256", statement).toHex().slice(0, 32)}`;
}
