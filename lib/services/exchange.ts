import { SIGNATURE_HEADER } from "../auth/x_signature.ts";
import { signBytes, verifySignature } from "../auth/hmac.ts";
import { type Connection, connectionFailure, isPassingFailure } from "../util/connection.ts";
import type { Deadline } from "../util/deadline.ts";
import { BodyAborted, readLimitedBody } from "../http/body.ts";
import { Problem } from "../http/problem/problem.ts";
import { ServiceFailure } from "./failure.ts";
import type { Subject } from "./reply.ts";
import type { ServiceSettings } from "./settings.ts";

/** After the first attempt, and only where the connection failed before there was an answer. */
const RETRIES = 2;

/** Where a service is asked, and how. */
export interface Way extends Pick<ServiceSettings, "timeoutMs" | "maxAnswerBytes"> {
  readonly connection: Connection;
  /** Signs the question and verifies the answer; `undefined` when nothing is signed. */
  readonly key: CryptoKey | undefined;
}

/** An answer, read and verified. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Asks over HTTP: the same bytes that came in, signed with the service's own key.
 *
 * @param way Where, and how.
 * @param subject What it is asked about.
 * @param deadline Over everything: the attempts, the answer's head and its last byte.
 * @param onAttempt Called before each attempt.
 * @returns The answer of a 200 or a 400, its signature verified where there is a key.
 * @throws {ServiceFailure} When there is none.
 */
export async function exchange(
  way: Way,
  subject: Subject,
  deadline: Deadline,
  onAttempt: () => void,
): Promise<ServiceAnswer> {
  const headers = await headersOf(way, subject);
  const response = await send(way, { headers, body: subject.body }, deadline, onAttempt);
  const { status } = response;
  if (status !== 200 && status !== 400) {
    await response.body?.cancel().catch(() => undefined);
    const isRedirect = status >= 300 && status < 400;
    const words = `answered ${status}${isRedirect ? ", and redirects are not followed" : ""}`;
    throw new ServiceFailure("status", words, { status });
  }
  const body = await read(response, way, deadline);
  await verify(response, body, way);
  return { status, body };
}

async function headersOf({ key }: Way, subject: Subject): Promise<Record<string, string>> {
  return {
    "Content-Type": "application/json; charset=utf-8",
    Accept: "application/json",
    // The signature is that of the bytes on their way.
    "Accept-Encoding": "identity",
    "User-Agent": "Storehook",
    "X-Request-Id": subject.requestId,
    ...(subject.language === null ? {} : { "Accept-Language": subject.language }),
    ...(key === undefined ? {} : { [SIGNATURE_HEADER]: await signBytes(key, subject.body) }),
  };
}

async function send(
  { connection, timeoutMs }: Way,
  message: Pick<RequestInit, "headers" | "body">,
  deadline: Deadline,
  onAttempt: () => void,
): Promise<Response> {
  for (let retries = 0;; retries++) {
    onAttempt();
    try {
      // A redirect is not followed: else whoever answers for the service could have orders sent
      // anywhere.
      return await connection.request({ ...message, method: "POST", signal: deadline.signal });
    } catch (cause) {
      if (deadline.isOver()) throw timeoutOf(timeoutMs);
      if (retries < RETRIES && isPassingFailure(cause)) continue;
      const by = connection.by === undefined ? "" : ` by the proxy ${connection.by}`;
      const words = `cannot be reached${by}: ${connectionFailure(cause)}`;
      throw new ServiceFailure("connection", words, { cause });
    }
  }
}

async function read(
  response: Response,
  { timeoutMs, maxAnswerBytes }: Way,
  deadline: Deadline,
): Promise<Uint8Array<ArrayBuffer>> {
  const { status } = response;
  try {
    return await readLimitedBody(response, {
      maxBodyBytes: maxAnswerBytes,
      bodyTimeoutMs: timeoutMs,
    });
  } catch (cause) {
    const code = cause instanceof Problem ? cause.code : undefined;
    // The body has a countdown of its own, and which of the two ends first is nobody's promise.
    if (deadline.isOver() || code === "body_timeout") throw timeoutOf(timeoutMs, status);
    if (code === "body_too_large") {
      const words = `answered with more than ${maxAnswerBytes} bytes`;
      throw new ServiceFailure("too_large", words, { status });
    }
    if (cause instanceof BodyAborted) {
      throw new ServiceFailure("connection", "broke off its answer", { status, cause });
    }
    throw cause;
  }
}

function timeoutOf(timeoutMs: number, status?: number): ServiceFailure {
  const words = `gave no complete answer within ${timeoutMs} ms`;
  return new ServiceFailure("timeout", words, status === undefined ? {} : { status });
}

async function verify(
  { status, headers }: Response,
  body: Uint8Array<ArrayBuffer>,
  { key }: Way,
): Promise<void> {
  if (key === undefined) return;
  const signature = headers.get(SIGNATURE_HEADER);
  if (signature !== null && await verifySignature(key, signature, body)) return;
  const words = signature === null
    ? "answered without a signature"
    : "answered with a signature that is not made of its bytes with the service's key";
  throw new ServiceFailure("signature", words, { status });
}
