import type { AnswerSignature, Handler, Sender } from "../../../handlers/handler.ts";
import { PROBLEM_STATUSES, type ProblemCode } from "../../http/problem/problem.ts";
import { openConnection } from "../../util/connection.ts";

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

/** What is to be said of an answer. */
export interface Judged {
  /** What is wrong with its shape; `undefined` when nothing is. */
  readonly shape: string | undefined;
  /** Where an error is explained; `undefined` when it is none of the program's errors. */
  readonly link: string | undefined;
}

/**
 * Judges the shape of an answer.
 *
 * @param handler What answered.
 * @param played What came back.
 */
export function judgeAnswer(handler: Handler, { status, text, location }: Played): Judged {
  if (location !== null) {
    const shape = `redirected to ${location}; it is not followed, for what uStore does then is ` +
      "not known";
    return { shape, link: undefined };
  }
  if (status === handler.sample.sender.status) {
    return { shape: judgeGoodAnswer(handler, text), link: undefined };
  }
  const answer = readJson(text);
  if (answer === undefined) return { shape: NO_JSON, link: undefined };
  const hasMessage = typeof answer === "object" && answer !== null && "message" in answer &&
    typeof answer.message === "string";
  const shape = hasMessage ? undefined : 'an error\'s body needs a "message"';
  return { shape, link: linkOfAnswer(answer) };
}

/**
 * Judges the body of an answer whose status is the one of a good answer.
 *
 * @param handler What answered.
 * @param text The answer.
 * @returns What is wrong, in one line; `undefined` when nothing is.
 */
export function judgeGoodAnswer(handler: Handler, text: string): string | undefined {
  if (handler.sample.sender.status === 204) return text === "" ? undefined : "wanted no body";
  const answer = readJson(text);
  return answer === undefined ? NO_JSON : checkShape(handler, answer);
}

const NO_JSON = "the answer is not JSON";

/** What a JSON text says; `undefined` when it is none. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with the document of a 200, in one line. */
function checkShape({ sample }: Pick<Handler, "sample">, answer: unknown) {
  return sample.check(answer)?.replace(/^✖\s*/, "").replace(/\s*\n\s*✖\s*/g, "; ")
    .replace(/\s*\n\s*→\s*/g, " ").replace(/\s*\n\s*/g, " ");
}

/**
 * Names the command that explains an answer which is an error.
 *
 * @param answer The answer's JSON.
 * @returns The command, `undefined` when the answer is none of the program's errors.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(linkOfAnswer({ code: "not_json" }), "storehook help not_json");
 * assertEquals(linkOfAnswer({ code: "teapot" }), undefined);
 * ```
 */
export function linkOfAnswer(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("code" in answer)) return undefined;
  return isCode(answer.code) ? `storehook help ${answer.code}` : undefined;
}

function isCode(code: unknown): code is ProblemCode {
  return typeof code === "string" && Object.hasOwn(PROBLEM_STATUSES, code);
}
