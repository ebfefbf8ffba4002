import { openConnection } from "../../util/connection.ts";
import type { AnswerSignature, Sender } from "../../../handlers/handler.ts";

/** One request, as a platform would send it. */
export interface Play {
  readonly sender: Sender;
  readonly url: string;
  /** What the platform and the endpoint both know. */
  readonly key: string;
  /** Signs the request in the place of the platform's key, to play a stranger. */
  readonly strangerKey?: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Whether the body is the handler's own sample. */
  readonly isSample: boolean;
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
  /** Whether the answer's signature is right; `unsigned` where the platform wants none. */
  readonly signature: AnswerSignature | "unsigned";
  readonly requestId: string;
  /** Where a redirect leads; `null` for every other answer. */
  readonly location: string | null;
  readonly durationMs: number;
}

/**
 * Plays a platform: sends a signed document as it would, and checks the answer's signature.
 * Redirects are not followed: what platforms do there is not known.
 *
 * @param play What to send and where.
 * @returns What came back, whatever its status.
 * @throws {RangeError} When the key has the wrong form.
 * @throws {TypeError} When there is no connection, or no answer.
 * @throws {DOMException} Named `TimeoutError` when the answer takes too long.
 */
export async function playSender(play: Play): Promise<Played> {
  const { sender, key, body } = play;
  const prepared = await sender.prepare({ ...play, key: play.strangerKey ?? key });
  const startedAt = performance.now();
  const response = await openConnection(prepared).request({
    method: "POST",
    signal: AbortSignal.timeout(play.timeoutMs),
    headers: prepared.headers,
    body,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const durationMs = performance.now() - startedAt;
  return {
    status: response.status,
    text: new TextDecoder().decode(bytes),
    signature: await sender.verify?.(response.headers, bytes, key) ?? "unsigned",
    requestId: response.headers.get("X-Request-Id") ?? "",
    location: response.status >= 300 && response.status < 400
      ? response.headers.get("Location")
      : null,
    durationMs,
  };
}

/**
 * Tells whether an answer is signed as the platform wants it.
 *
 * @param played What came back.
 * @returns Whether its signature is right, or none is wanted.
 */
export function isSignatureFine({ signature }: Pick<Played, "signature">): boolean {
  return signature === "verified" || signature === "unsigned";
}
