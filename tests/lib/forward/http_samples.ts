import type { AttemptResult, Destination } from "../../../lib/forward/attempt.ts";
import type { StoredEvent } from "../../../lib/forward/outbox.ts";
import { type HttpSettings, httpSettings } from "../../../lib/forward/settings.ts";
import { forwardOf, storedEvent } from "./samples.ts";

/** A secret that everybody knows. */
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Settings, but for what is given. */
export function settings(url: string, parts: Partial<HttpSettings> = {}): HttpSettings {
  return { ...httpSettings().parse({ type: "http", url }), ...parts };
}

/** One attempt that nobody calls off. */
export function attemptOf(
  destination: Destination,
  event: StoredEvent = storedEvent(),
): Promise<AttemptResult> {
  return destination.attempt(forwardOf(event), new AbortController().signal);
}

/** The result of an attempt that was answered. */
export function failedAt(
  host: string,
  status: number,
  more = "",
  retryAfter: string | null = null,
): AttemptResult {
  return { delivered: false, status, error: `${host} answered ${status}${more}`, retryAfter };
}

/** The result of an attempt that was not. */
export function noAnswer(error: string): AttemptResult {
  return { delivered: false, status: null, error, retryAfter: null };
}
