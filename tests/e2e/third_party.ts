/** A third party that is asked: a real HTTP server of this machine. */
import { createHmac } from "node:crypto";
import { serveHttp } from "./http_server.ts";

/** The key that the third party and the config know. */
export const SERVICE_KEY = "the service's key";

/** What it was asked. */
export interface AskedRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** What answers a question. */
export type Answering = (asked: AskedRequest) => Response | Promise<Response>;

/** A third party that runs. */
export interface ThirdParty extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly AskedRequest[];
  /** Answers otherwise from now on. */
  answer(answering: Answering): void;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The signature of a text, by another implementation than the program's own. */
export function signatureOf(text: string, key: string = SERVICE_KEY): string {
  return createHmac("sha512", key).update(text).digest("base64");
}

/** An answer with the signature of its text. */
export function signed(text: string, status = 200, key: string = SERVICE_KEY): Response {
  return new Response(text, {
    status,
    headers: { "Content-Type": "application/json", "X-Signature": signatureOf(text, key) },
  });
}

/** Starts a third party, on a free port unless one is given. */
export function startThirdParty(answering: Answering, port = 0): ThirdParty {
  const asked: AskedRequest[] = [];
  let current = answering;
  const server = serveHttp(async (request) => {
    const { method, headers } = request;
    const one = { method, headers, body: decoder.decode(await request.arrayBuffer()) };
    asked.push(one);
    return await current(one);
  }, { port });
  return {
    url: `${server.url}/decide`,
    port: server.port,
    asked,
    answer: (next) => void (current = next),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** An answer whose body begins and never ends by itself. */
export function endless(chunk: string, onCancel: () => void = () => {}): Response {
  const bytes = new TextEncoder().encode(chunk);
  return new Response(
    new ReadableStream({
      pull: (controller) => controller.enqueue(bytes),
      cancel: onCancel,
    }),
    { headers: { "Content-Type": "application/json" } },
  );
}
