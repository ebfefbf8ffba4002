/** A receiver of forwards: a real HTTP server. Each wait has an end, see `waits.ts`. */
import { serveHttp } from "./http_server.ts";
import { createChanges } from "./waits.ts";

/** What a receiver got. */
export interface Received {
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A receiver that runs. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** How many requests it answered with a 204. */
  count(): number;
  /** Waits until it has got so many, and gives them in the order in which they came. */
  received(count: number): Promise<readonly Received[]>;
  /** Waits until it has got each of these bodies, in any order and any number of times. */
  receivedAll(bodies: readonly string[]): Promise<void>;
  /** Leaves requests without an answer from now on. */
  hold(): void;
  /** Waits until so many requests wait for their answer. */
  held(count: number): Promise<void>;
  /** Answers again, and lets go of those that wait. */
  release(): void;
}

/** Starts a receiver on a free port. */
export function startReceiver(): Receiver {
  const all: Received[] = [];
  const { happened, until } = createChanges();
  let held = 0;
  let gate: PromiseWithResolvers<void> | undefined;
  const server = serveHttp(async (request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    if (gate !== undefined) {
      held++;
      happened();
      await gate.promise;
      return new Response(null, { status: 503 });
    }
    all.push({ headers: request.headers, body });
    happened();
    return new Response(null, { status: 204 });
  });
  const soFar = () => `${all.length} answered, ${held} held`;
  function release(): void {
    held = 0;
    gate?.resolve();
    gate = undefined;
  }
  return {
    url: server.url,
    count: () => all.length,
    async received(count) {
      await until(`${count} forwards`, () => all.length >= count, { soFar });
      return all;
    },
    receivedAll: (bodies) =>
      until(`these ${bodies.length} bodies`, () => {
        const got = new Set(all.map(({ body }) => new TextDecoder().decode(body)));
        return bodies.every((body) => got.has(body));
      }, { soFar }),
    hold() {
      gate = Promise.withResolvers();
    },
    held: (count) => until(`${count} requests that wait`, () => held >= count, { soFar }),
    release,
    async [Symbol.asyncDispose]() {
      release();
      await server[Symbol.asyncDispose]();
    },
  };
}
