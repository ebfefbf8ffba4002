import { signWebhook } from "../auth/standard_webhooks/message.ts";
import { parseSecret } from "../auth/standard_webhooks/secret.ts";
import { connectionFailure, openConnection } from "../util/connection.ts";
import { startDeadline } from "../util/deadline.ts";
import { type AttemptResult, type Destination, failedWith } from "./attempt.ts";
import type { StoredEvent } from "./outbox.ts";
import type { HttpSettings } from "./settings.ts";

/** Of an answer no more than this is read. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Makes a destination that sends each event as a POST of its own bytes, signed by Standard
 * Webhooks when there is a secret.
 *
 * @param settings Where to, and how.
 * @param now Tells the time, in milliseconds since the epoch.
 * @returns The destination.
 * @throws {RangeError} When the secret is none, or is a public key.
 */
export function createHttpDestination(
  settings: HttpSettings,
  now: () => number = Date.now,
): Destination {
  const { url, timeoutMs, concurrency, ratePerSecond, ordered, retrySeconds, maxPauseMs } =
    settings;
  // Never the URL itself: it may hold a password or a token.
  const { host } = new URL(url);
  const secret = settings.secret === undefined ? undefined : parseSecret(settings.secret);
  if (secret?.canSign === false) {
    throw new RangeError(`Cannot sign requests to ${host}: the secret is a public key`);
  }

  const connection = openConnection(settings);
  const by = connection.by === undefined ? "" : ` by the proxy ${connection.by}`;

  const constant = constantHeaders(settings.headers);

  async function send(event: StoredEvent, signal: AbortSignal): Promise<AttemptResult> {
    const timestamp = Math.floor(now() / 1000);
    const headers = eventHeaders(event);
    headers.push(...constant, ["webhook-timestamp", String(timestamp)]);
    if (secret !== undefined) {
      const message = { id: event.id, timestamp, body: event.payload };
      headers.push(["webhook-signature", await signWebhook(secret, message)]);
    }
    // A redirect is not followed: else whoever answers for the receiver could send events anywhere,
    // into this network too.
    const response = await connection.request({
      method: "POST",
      headers,
      body: event.payload,
      signal,
    });
    if (response.body !== null) await discardBody(response.body, MAX_ANSWER_BYTES, signal);
    return resultOf(response, host);
  }

  return {
    timeoutMs,
    concurrency,
    ratePerSecond,
    ordered,
    retryDelaysMs: retrySeconds.map((seconds) => seconds * 1000),
    maxPauseMs,
    async attempt({ event }, signal) {
      const deadline = startDeadline(signal, timeoutMs);
      try {
        return await send(event, deadline.signal);
      } catch (error) {
        if (deadline.isOver()) return failedWith(`${host} gave no answer within ${timeoutMs} ms`);
        // That comes from the signature, and tells no secret.
        if (error instanceof RangeError) return failedWith(error.message);
        return failedWith(`Cannot reach ${host}${by}: ${connectionFailure(error)}`);
      } finally {
        deadline.end();
      }
    },
  };
}

function resultOf({ ok, status, headers }: Response, host: string): AttemptResult {
  if (ok) return { delivered: true, status };
  const isRedirect = status >= 300 && status < 400;
  return {
    delivered: false,
    status,
    error: `${host} answered ${status}${isRedirect ? ", and redirects are not followed" : ""}`,
    retryAfter: headers.get("retry-after"),
  };
}

const LONGEST_VALUE = 200;
/** What nearly all values are: nothing is to be encoded. */
const PLAIN = /^[\x21-\x7e]*$/;

/** Pairs, which `fetch` takes as they are: an object of headers it would put in order first. */
type Header = [name: string, value: string];

/**
 * Makes the headers that all requests have.
 *
 * @param extra Those of the config, which has none that tell of the event.
 * @returns They.
 */
function constantHeaders(extra: Readonly<Record<string, string>>): readonly Header[] {
  const hasAgent = Object.keys(extra).some((name) => name.toLowerCase() === "user-agent");
  const own: Header[] = [["content-type", "application/json"]];
  if (!hasAgent) own.push(["user-agent", "Storehook"]);
  return [...Object.entries(extra), ...own];
}

/**
 * Makes the headers that tell what a request holds.
 *
 * @param event What is forwarded.
 * @returns All but the ones of the signature.
 */
function eventHeaders({ id, source, type }: StoredEvent): Header[] {
  const headers: Header[] = [["webhook-id", id], ["storehook-source", headerValue(source)]];
  if (type !== "") headers.push(["storehook-event-type", headerValue(type)]);
  return headers;
}

/**
 * Writes a text that a stranger chose so that it is one value of a header, and nothing else.
 *
 * @param text The text.
 * @returns It, with everything but visible ASCII encoded as in a URL; shortened when it is long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(headerValue("cart.created"), "cart.created");
 * assertEquals(headerValue("a\r\nb: é"), "a%0D%0Ab:%20%C3%A9");
 * ```
 */
export function headerValue(text: string): string {
  if (text.length <= LONGEST_VALUE && PLAIN.test(text)) return text;
  return text.slice(0, LONGEST_VALUE).toWellFormed()
    .replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent);
}

/**
 * Reads a body that nobody needs, so that its connection can be used again, and gives up on one
 * that does not end.
 *
 * @param body The body.
 * @param maxBytes After how many bytes to give up.
 * @param signal Gives up when it is aborted.
 * @returns When it is read or cancelled. What goes wrong on the way is nobody's concern.
 */
async function discardBody(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  // Cancelling ends a read that waits.
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel);
  try {
    let bytes = 0;
    while (bytes <= maxBytes && !signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
    cancel();
  } catch {
    // The status was there before the body: a body that breaks off does not change it.
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
