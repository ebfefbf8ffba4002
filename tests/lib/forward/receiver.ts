import { serveHttp } from "../../e2e/http_server.ts";
import { createQueue, type Queue } from "./queue.ts";

/** A request that came in. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A server that takes webhooks. */
export interface Receiver {
  readonly url: string;
  readonly host: string;
  readonly requests: Queue<ReceivedRequest>;
}

/** Runs a test with a receiver that answers so. */
export async function withReceiver(
  answer: (request: ReceivedRequest, raw: Request) => Response | Promise<Response>,
  run: (receiver: Receiver) => Promise<void>,
): Promise<void> {
  const requests = createQueue<ReceivedRequest>();
  await using server = serveHttp(async (raw) => {
    const { method, headers, url } = raw;
    const { pathname, search } = new URL(url);
    const body = new Uint8Array(await raw.arrayBuffer());
    const received = { method, path: pathname + search, headers, body };
    requests.push(received);
    return await answer(received, raw);
  });
  await run({ url: `${server.url}/hooks`, host: server.host, requests });
}

/** Runs a test with a server that reads a request, writes these bytes and hangs up. */
export async function withRawReceiver(
  answer: string,
  run: (host: string) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(65_536));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  try {
    await run(`127.0.0.1:${listener.addr.port}`);
  } finally {
    listener.close();
    await serving;
  }
}
