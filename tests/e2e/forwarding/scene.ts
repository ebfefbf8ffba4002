/** The program between a sender and its receivers. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { type Program, startProgram, temporaryFolder } from "../program.ts";
import { type BadReceiver, startBadReceiver } from "./bad_receiver.ts";

/** Settings of a destination beside its URL. */
export type DestinationParts = Readonly<Record<string, unknown>>;

/** What became of a forward: its state, and of each attempt what went wrong, else the status. */
export type Outcome = readonly string[];

/** A program with an endpoint `/NAME` for each destination, and a receiver for each. */
export interface Scene {
  readonly program: Program;
  /** The receiver of a destination. */
  at(name: string): BadReceiver;
  /** Sends events, `{"order_id": SUBJECT, "text": TEXT}` each, in one delivery. */
  send(name: string, ...events: readonly SentEvent[]): Promise<void>;
  /** Ends the program as a supervisor does, and tells what became of the forwards by then. */
  end(): Promise<Readonly<Record<string, readonly Outcome[]>>>;
}

/** An event of a test. */
export interface SentEvent {
  readonly order_id: string;
  readonly text: string;
}

/** After a failed attempt: soon, and more often than any of these tests needs. */
const RETRY_SECONDS = Array.from({ length: 50 }, () => 0.1);

/**
 * Runs a test with a program that forwards.
 *
 * @param destinations Their settings, by name.
 * @param run The test.
 */
export async function withScene(
  destinations: Readonly<Record<string, DestinationParts>>,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal.db");
  const names = Object.keys(destinations);
  // Each has its own: of a connection that another one left, "fetch" knows that it may be stale,
  // and tries a second time by itself.
  await using started = new AsyncDisposableStack();
  const receivers = new Map(names.map((name) => [name, started.use(startBadReceiver())]));
  const at = (name: string) => {
    const receiver = receivers.get(name);
    if (receiver === undefined) throw new RangeError(`Cannot find receiver "${name}"`);
    return receiver;
  };
  const config = {
    endpoints: names.map((name) => ({
      path: `/${name}`,
      kind: "ultracart.events",
      auth: { type: "none" },
      forward: [name],
    })),
    destinations: Object.fromEntries(
      Object.entries(destinations).map(([name, parts]) => [name, {
        type: "http",
        url: at(name).url,
        retrySeconds: RETRY_SECONDS,
        ...parts,
      }]),
    ),
  };
  await using program = await startProgram({ config, env: { STOREHOOK_JOURNAL_PATH: path } });
  await run({
    program,
    at,
    async send(name, ...events) {
      const response = await fetch(`${program.url}/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(events.map((event) => ({ order_update: event }))),
      });
      assertEquals([response.status, await response.text()], [204, ""]);
    },
    async end() {
      program.kill("SIGTERM");
      assertEquals((await program.status).code, 0);
      return Object.fromEntries(await outcomes(path, at, names));
    },
  });
}

async function outcomes(
  path: string,
  at: (name: string) => BadReceiver,
  names: readonly string[],
): Promise<readonly (readonly [string, readonly Outcome[]])[]> {
  const { outbox, close } = openJournal(path, { readOnly: true });
  const found = await Promise.all(names.map(async (destination) => {
    const { forwards } = await outbox.list({ destination, limit: 500 });
    const { host } = at(destination);
    const all = await Promise.all(
      forwards.toReversed().map(async ({ id, state }) => {
        const history = (await outbox.get(id))?.history ?? [];
        return [
          state,
          ...history.map(({ status, error }) => error?.replaceAll(host, "HOST") ?? String(status)),
        ];
      }),
    );
    return [destination, all] as const;
  }));
  await close();
  return found;
}
