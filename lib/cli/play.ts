import { importKey, signBytes, verifySignature } from "../auth/hmac.ts";

/** One request, as uStore would send it. */
export interface Play {
  readonly url: string;
  /** The signature key of the store. */
  readonly key: string;
  /** Signs the request in the place of the store's key, to play a stranger. */
  readonly strangerKey?: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The shopper's culture code, e.g. `en-US`. */
  readonly language: string;
  /** How long the answer is waited for. */
  readonly timeoutMs: number;
}

/** What came back. */
export interface Played {
  readonly status: number;
  /** The answer's bytes as text. */
  readonly text: string;
  /** Whether the answer's signature is that of its bytes by the same key. */
  readonly signature: "verified" | "missing" | "wrong";
  readonly requestId: string;
  /** Where a redirect leads; `null` for every other answer. */
  readonly location: string | null;
  readonly durationMs: number;
}

/**
 * Plays the store: sends a signed document as uStore's .NET client would, and checks the answer's
 * signature. Redirects are not followed: uStore's behaviour there is not known.
 *
 * @param play What to send and where.
 * @returns What came back, whatever its status.
 * @throws {TypeError} When there is no connection, or no answer.
 * @throws {DOMException} Named `TimeoutError` when the answer takes too long.
 */
export async function playStore(play: Play): Promise<Played> {
  const key = await importKey(play.key);
  const signingKey = play.strangerKey === undefined ? key : await importKey(play.strangerKey);
  const startedAt = performance.now();
  const response = await fetch(play.url, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.timeout(play.timeoutMs),
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "X-Signature": await signBytes(signingKey, play.body),
      "Accept-Language": play.language,
      "Expect": "100-continue",
    },
    body: play.body,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const durationMs = performance.now() - startedAt;
  const signature = response.headers.get("X-Signature");
  return {
    status: response.status,
    text: new TextDecoder().decode(bytes),
    signature: signature === null
      ? "missing"
      : await verifySignature(key, signature, bytes)
      ? "verified"
      : "wrong",
    requestId: response.headers.get("X-Request-Id") ?? "",
    location: response.status >= 300 && response.status < 400
      ? response.headers.get("Location")
      : null,
    durationMs,
  };
}
