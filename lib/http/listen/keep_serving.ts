import { log } from "../../observe/log.ts";

/** A server that begins again when it ends by itself. */
export interface KeptServer {
  readonly addr: Deno.NetAddr;
  /** Takes no more connections, and resolves when all requests are answered. */
  shutdown(): Promise<void>;
}

const PAUSE_MS = 100;

/**
 * Keeps a server of the runtime going. It ends with an error when a connection can't be taken
 * because too many files are open, and with it the program would.
 *
 * @param serve Starts it on a port.
 * @param port The first one; 0 takes a free one, which it keeps.
 * @returns The server; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function keepServing(
  serve: (port: number) => Deno.HttpServer<Deno.NetAddr>,
  port: number,
): KeptServer {
  let server = serve(port);
  const { addr } = server;
  let isEnding = false;

  function watch(): void {
    server.finished.catch((error: unknown) => {
      if (isEnding) return;
      log.error("Cannot take connections: {error}; beginning again", { error });
      return beginAgain();
    });
  }

  async function beginAgain(): Promise<void> {
    while (!isEnding) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (isEnding) return;
      try {
        server = serve(addr.port);
        return watch();
      } catch {
        // What was the reason before is the reason still; it is told already.
      }
    }
  }

  watch();
  return {
    addr,
    shutdown() {
      isEnding = true;
      // One that has ended by itself has nothing to wait for.
      return server.shutdown().catch(() => undefined);
    },
  };
}
