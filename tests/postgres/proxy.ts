/** A network between a program and its database that can be cut. */

/** A proxy that runs. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Closes every connection, and takes no more. */
  readonly cut: () => void;
  /** Passes on nothing more, and closes nothing: as where packets get lost. */
  readonly stall: () => void;
  /** Has the connections of now say nothing more, though nobody closes them; others are made as ever. */
  readonly forget: () => void;
  /** Passes on again; connections that were cut stay so. */
  readonly mend: () => void;
}

/**
 * Starts a proxy to a port of this machine.
 *
 * @param target The port.
 * @param answered What is made of what the server sends, if anything.
 */
export function startProxy(
  target: number,
  answered: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Proxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.TcpConn>();
  const forgotten = new Set<Deno.TcpConn>();
  const running = new Set<Promise<void>>();
  let state: "open" | "cut" | "stalled" = "open";
  let mended = Promise.withResolvers<void>();

  function close(connection: Deno.TcpConn): void {
    connections.delete(connection);
    try {
      connection.close();
    } catch {
      // It is closed already.
    }
  }

  async function pass(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    made: (bytes: Uint8Array) => Uint8Array,
    isForgotten: () => boolean,
  ): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const count = await from.read(buffer);
        if (count === null) break;
        if (state === "stalled") await mended.promise;
        if (isForgotten()) continue;
        const bytes = made(buffer.subarray(0, count));
        for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
      }
    } catch {
      // One side is gone.
    }
    close(from);
    close(to);
  }

  async function serve(client: Deno.TcpConn): Promise<void> {
    if (state === "cut") return close(client);
    const isForgotten = () => forgotten.has(client);
    connections.add(client);
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: target });
      connections.add(server);
      await Promise.all([
        pass(client, server, (bytes) => bytes, isForgotten),
        pass(server, client, answered, isForgotten),
      ]);
    } catch {
      close(client);
    }
  }

  const accepting = (async () => {
    for await (const client of listener) {
      const task = serve(client).finally(() => running.delete(task));
      running.add(task);
    }
  })();

  return {
    port: listener.addr.port,
    cut() {
      state = "cut";
      for (const connection of connections) close(connection);
    },
    stall() {
      state = "stalled";
      mended = Promise.withResolvers();
    },
    forget() {
      for (const connection of connections) forgotten.add(connection);
    },
    mend() {
      state = "open";
      mended.resolve();
    },
    async [Symbol.asyncDispose]() {
      mended.resolve();
      listener.close();
      for (const connection of connections) close(connection);
      await Promise.allSettled([accepting, ...running]);
    },
  };
}
