/** A receiver of forwards that does what no library would let it do. */
import { concat } from "@std/bytes/concat";
import { createChanges, within } from "../waits.ts";

/** A request that came in whole. */
export interface Asked {
  /** The head, as it came over the wire. */
  readonly head: string;
  readonly body: string;
}

/** What becomes of a request that was read; the connection stays open unless it is closed here. */
export type Behaviour = (connection: Deno.TcpConn) => Promise<void>;

/** A receiver that runs. */
export interface BadReceiver extends AsyncDisposable {
  readonly url: string;
  /** Its host and port. */
  readonly host: string;
  /** How it behaves to the next requests, one after the other. Then it answers 204. */
  misbehave(...behaviours: readonly Behaviour[]): void;
  /** What it read, whatever it did then. */
  asked(): readonly Asked[];
  /** Waits until it has read so many requests, and gives them. */
  askedFor(count: number): Promise<readonly Asked[]>;
  /** Waits until it has answered so many requests with a 204, and gives those. */
  accepted(count: number): Promise<readonly Asked[]>;
  /** Refuses connections from now on. */
  leave(): void;
  /** Listens again, where it did. */
  comeBack(): void;
}

const encoder = new TextEncoder();

async function accept(connection: Deno.TcpConn): Promise<void> {
  await connection.write(encoder.encode("HTTP/1.1 204 No Content\r\n\r\n"));
}

/** Starts a receiver on a free port. */
export function startBadReceiver(): BadReceiver {
  const behaviours: Behaviour[] = [];
  const [asked, accepted]: [Asked[], Asked[]] = [[], []];
  const connections = new Set<Deno.TcpConn>();
  const running = new Set<Promise<void>>();
  const { happened, until } = createChanges();
  let listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;

  async function serveOne(connection: Deno.TcpConn): Promise<void> {
    connections.add(connection);
    try {
      for await (const request of requestsOf(connection)) {
        asked.push(request);
        const behave = behaviours.shift();
        if (behave === undefined) accepted.push(request);
        happened();
        await (behave ?? accept)(connection);
      }
    } catch {
      // Either side broke it off, as is the custom here.
    } finally {
      connections.delete(connection);
      closeSafely(connection);
    }
  }

  function track(task: Promise<void>): void {
    running.add(task);
    task.finally(() => running.delete(task));
  }

  async function listenTo(from: Deno.TcpListener): Promise<void> {
    for await (const connection of from) track(serveOne(connection));
  }
  track(listenTo(listener));

  async function reached(all: readonly Asked[], count: number): Promise<readonly Asked[]> {
    const soFar = () => `${asked.length} asked, ${accepted.length} accepted`;
    await until(`${count} requests`, () => all.length >= count, { soFar });
    return all;
  }

  function leave(): void {
    closeSafely(listener);
    connections.forEach(closeSafely);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    misbehave: (...next) => void behaviours.push(...next),
    asked: () => asked,
    askedFor: (count) => reached(asked, count),
    accepted: (count) => reached(accepted, count),
    leave,
    comeBack() {
      listener = Deno.listen({ hostname: "127.0.0.1", port });
      track(listenTo(listener));
    },
    async [Symbol.asyncDispose]() {
      leave();
      await within("the end of the receiver", Promise.all(running));
    },
  };
}

/**
 * Closes something; that it is closed already is fine.
 *
 * @param open A connection or a listener.
 */
export function closeSafely(open: { close(): void }): void {
  try {
    open.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** Reads requests with a `Content-Length`, one after the other, until there are no more. */
async function* requestsOf(connection: Deno.TcpConn): AsyncGenerator<Asked> {
  const decoder = new TextDecoder("latin1");
  const chunk = new Uint8Array(65_536);
  let buffered: Uint8Array<ArrayBuffer> = new Uint8Array();
  while (true) {
    const headEnd = decoder.decode(buffered).indexOf("\r\n\r\n");
    const head = decoder.decode(buffered.subarray(0, Math.max(0, headEnd)));
    const bodyEnd = headEnd + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (headEnd !== -1 && buffered.length >= bodyEnd) {
      const body = new TextDecoder().decode(buffered.subarray(headEnd + 4, bodyEnd));
      buffered = buffered.slice(bodyEnd);
      yield { head, body };
      continue;
    }
    const count = await connection.read(chunk);
    if (count === null) return;
    buffered = concat([buffered, chunk.subarray(0, count)]);
  }
}
