/** A receiver of forwards: a real HTTP server. */

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
  let arrived = Promise.withResolvers<void>();
  let held = 0;
  let gate: PromiseWithResolvers<void> | undefined;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const body = new Uint8Array(await request.arrayBuffer());
      if (gate !== undefined) {
        held++;
        arrived.resolve();
        arrived = Promise.withResolvers();
        await gate.promise;
        return new Response(null, { status: 503 });
      }
      all.push({ headers: request.headers, body });
      arrived.resolve();
      arrived = Promise.withResolvers();
      return new Response(null, { status: 204 });
    },
  );
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await arrived.promise;
  }
  function release(): void {
    held = 0;
    gate?.resolve();
    gate = undefined;
  }
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    count: () => all.length,
    async received(count) {
      await until(() => all.length >= count);
      return all;
    },
    receivedAll: (bodies) =>
      until(() => {
        const got = new Set(all.map(({ body }) => new TextDecoder().decode(body)));
        return bodies.every((body) => got.has(body));
      }),
    hold() {
      gate = Promise.withResolvers();
    },
    held: (count) => until(() => held >= count),
    release,
    async [Symbol.asyncDispose]() {
      release();
      await server.shutdown();
    },
  };
}
