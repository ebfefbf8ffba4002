/** The servers of tests: whatever a test asks or forwards to, by real HTTP. */
import { setImmediate } from "node:timers";
import { within } from "./waits.ts";

/** A server that runs until it is disposed of. */
export interface HttpServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  /** With its port. */
  readonly host: string;
  readonly port: number;
  /**
   * Ends it, when what it was asked is answered.
   *
   * @throws {Error} When that takes too long.
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where and how it listens, when that matters. */
export interface HttpServerOptions {
  /** 0, which is the default, takes a free one. */
  readonly port?: number;
  /** Both as PEM, for HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Answers a request. */
export type Answers = (
  request: Request,
  info: Deno.ServeHandlerInfo<Deno.NetAddr>,
) => Response | Promise<Response>;

/**
 * Starts a server on this machine.
 *
 * The runtime's own `shutdown()` waits for connections on which nothing was ever asked, up to
 * version 2.5, and clients open such ones: two requests at once take two, of which the second may
 * find the first one free by then. So here the answers that are under way are waited for, and then
 * every connection is closed.
 *
 * @param answer Answers every request.
 * @param options Where and how it listens, when that matters.
 * @returns The server; it listens already.
 */
export function serveHttp(answer: Answers, options: HttpServerOptions = {}): HttpServer {
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  const unsent = new Set<Promise<unknown>>();
  const where = { hostname: "127.0.0.1", port: options.port ?? 0, onListen: () => {} };
  const server = Deno.serve(
    { ...where, ...options.tls, signal: ending.signal },
    (request, info) => {
      hold(unsent, info.completed);
      return hold(running, Promise.resolve(answer(request, info)));
    },
  );
  async function end(): Promise<void> {
    await Promise.allSettled(unsent);
    // Version 2.5 says so before it writes: it does in this turn of its loop, or in the next.
    await turn();
    await turn();
    ending.abort();
    await server.finished;
    await Promise.allSettled(running);
  }
  const host = `127.0.0.1:${server.addr.port}`;
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${host}`,
    host,
    port: server.addr.port,
    [Symbol.asyncDispose]: () => within("the end of a server", end()),
  };
}

/** A turn of the runtime's loop, also where a test has another clock. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Keeps a promise in a set for as long as it is open. */
function hold<Value>(open: Set<Promise<unknown>>, one: Promise<Value>): Promise<Value> {
  open.add(one);
  const over = () => void open.delete(one);
  one.then(over, over);
  return one;
}
