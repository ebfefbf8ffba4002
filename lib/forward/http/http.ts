import { parseSecret } from "../../auth/standard_webhooks/secret.ts";
import { signWebhook } from "../../auth/standard_webhooks/message.ts";
import { connectionFailure, openConnection } from "../../util/connection.ts";
import { startDeadline } from "../../util/deadline.ts";
import { type AttemptResult, type Destination, failedWith } from "../destination.ts";
import { drain } from "./drain.ts";
import { eventHeaders } from "./http_headers.ts";
import type { StoredEvent } from "../outbox.ts";
import type { HttpSettings } from "../settings.ts";

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

  async function headersOf(event: StoredEvent): Promise<Headers> {
    const headers = eventHeaders(event, settings.headers);
    const timestamp = Math.floor(now() / 1000);
    headers.set("webhook-timestamp", String(timestamp));
    if (secret !== undefined) {
      const message = { id: event.id, timestamp, body: event.payload };
      headers.set("webhook-signature", await signWebhook(secret, message));
    }
    return headers;
  }

  async function send(
    event: StoredEvent,
    headers: Headers,
    signal: AbortSignal,
  ): Promise<AttemptResult> {
    // A redirect is not followed: else whoever answers for the receiver could send events anywhere,
    // into this network too.
    const response = await connection.request({
      method: "POST",
      headers,
      body: event.payload,
      signal,
    });
    await drain(response.body, MAX_ANSWER_BYTES, signal);
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
        return await send(event, await headersOf(event), deadline.signal);
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
