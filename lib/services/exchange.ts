/** One exchange with a service: the question, the request that is signed, and the answer. */
import { Problem } from "../http/problem/problem.ts";
import { decodeExactJson } from "../http/json.ts";
import { SIGNATURE_HEADER, signBytes, verifySignature } from "../auth/x_signature.ts";
import { type Connection, connectionFailure, isPassingFailure } from "../util/connection.ts";
import type { Deadline } from "../util/deadline.ts";
import { BodyAborted, readLimitedBody } from "../http/body.ts";

/** What is wanted of a service. */
export interface Question<Said> {
  /**
   * Reads the answer of a 200.
   *
   * @param document Its parsed JSON.
   * @returns What it says.
   * @throws {WrongAnswer} When it is none that can be used.
   */
  read(document: unknown): Said;
  /** About which parts of the delivery it is asked: ids of items. None where it is about all. */
  readonly about?: readonly string[];
}

/** A service answered in another form, or something that the config does not know. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";

  /** @param reason What is wrong, for a sentence such as `it answered …`, without personal data. */
  constructor(readonly reason: string) {
    super(`Cannot use the answer: ${reason}`);
  }
}

/** What an answer says. */
export type Understood<Said> = { readonly said: Said } | { readonly refusal: string };

/**
 * Understands an answer: the outcome of a 200, the refusal of a 400.
 *
 * @param answer The answer, its signature verified where there is a key.
 * @param question What was asked.
 * @returns What it says.
 * @throws {ServiceFailure} When it says nothing that can be used.
 */
export function understand<Said>(
  { status, body }: ServiceAnswer,
  question: Question<Said>,
): Understood<Said> {
  const document = readJson(body, status);
  if (status === 400) {
    const refusal = refusalOf(document);
    if (refusal !== undefined) return { refusal };
    throw new ServiceFailure("status", "answered 400 without a message", { status });
  }
  try {
    return { said: question.read(document) };
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    throw new ServiceFailure("wrong_answer", error.reason, { status });
  }
}

function readJson(body: Uint8Array, status: number): unknown {
  try {
    return decodeExactJson(body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const words = status === 400 ? "answered 400 without a message" : "answered no valid JSON";
    throw new ServiceFailure(status === 400 ? "status" : "not_json", words, { status });
  }
}

/** A message that is longer than this is none for a shopper. */
const LONGEST_MESSAGE = 1000;

/**
 * Reads the document of a 400: uStore's webhooks refuse an order with `{"message": "…"}`.
 *
 * @param document The parsed JSON.
 * @returns The message to the shopper, `undefined` when there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(refusalOf({ message: "Your budget is used up." }), "Your budget is used up.");
 * assertEquals(refusalOf({ error: "bad request" }), undefined);
 * ```
 */
export function refusalOf(document: unknown): string | undefined {
  if (typeof document !== "object" || document === null || !("message" in document)) {
    return undefined;
  }
  const { message } = document;
  if (typeof message !== "string" || message.trim() === "") return undefined;
  return message.length <= LONGEST_MESSAGE ? message.toWellFormed() : undefined;
}

/** After the first attempt, and only where the connection failed before there was an answer. */
const RETRIES = 2;

/** What a service is asked about. */
export interface ServiceRequest {
  /** The exact bytes of the delivery. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly requestId: string;
  /** The text of `Accept-Language`, `null` without one. */
  readonly language: string | null;
}

/** Where a service is asked, and how. */
export interface ServiceEndpoint {
  /** How long all attempts together may take. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly connection: Connection;
  /** Signs the question and verifies the answer; `undefined` when nothing is signed. */
  readonly key: CryptoKey | undefined;
}

/** Why a service gave no answer that can be used. */
export type FailureKind =
  /** It was not asked: the breaker is open. */
  | "breaker_open"
  | "timeout"
  /** There was no connection, or it broke off. */
  | "connection"
  /** Another status than 200, or a 400 that is no refusal. */
  | "status"
  | "too_large"
  /** The answer's signature is missing or wrong. */
  | "signature"
  | "not_json"
  /** It answered in another form, or something that the config does not know. */
  | "wrong_answer";

/** A service gave no answer that can be used. The message holds no secret and nothing it sent. */
export class ServiceFailure extends Error {
  override readonly name = "ServiceFailure";

  /**
   * @param kind Which failure.
   * @param message What happened, for a sentence that begins with the service's name.
   * @param options The HTTP status, `null` where there was none, and the error behind it.
   */
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly options: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }

  /** The HTTP status of the answer; `null` where there was none. */
  get status(): number | null {
    return this.options.status ?? null;
  }
}

/** An answer, read and verified. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Asks over HTTP: the same bytes that came in, signed with the service's own key.
 *
 * @param endpoint Where, and how.
 * @param request What it is asked about.
 * @param deadline Over everything: the attempts, the answer's head and its last byte.
 * @param onAttempt Called before each attempt.
 * @returns The answer of a 200 or a 400, its signature verified where there is a key.
 * @throws {ServiceFailure} When there is none.
 */
export async function exchange(
  endpoint: ServiceEndpoint,
  request: ServiceRequest,
  deadline: Deadline,
  onAttempt: () => void,
): Promise<ServiceAnswer> {
  const headers = await headersOf(endpoint, request);
  const response = await send(endpoint, { headers, body: request.body }, deadline, onAttempt);
  const { status } = response;
  if (status !== 200 && status !== 400) {
    await response.body?.cancel().catch(() => undefined);
    const isRedirect = status >= 300 && status < 400;
    const words = `answered ${status}${isRedirect ? ", and redirects are not followed" : ""}`;
    throw new ServiceFailure("status", words, { status });
  }
  const body = await read(response, endpoint, deadline);
  await verify(response, body, endpoint);
  return { status, body };
}

async function headersOf(
  { key }: ServiceEndpoint,
  request: ServiceRequest,
): Promise<Record<string, string>> {
  return {
    "Content-Type": "application/json; charset=utf-8",
    Accept: "application/json",
    // The signature is that of the bytes on their way.
    "Accept-Encoding": "identity",
    "User-Agent": "Storehook",
    "X-Request-Id": request.requestId,
    ...(request.language === null ? {} : { "Accept-Language": request.language }),
    ...(key === undefined ? {} : { [SIGNATURE_HEADER]: await signBytes(key, request.body) }),
  };
}

async function send(
  { connection, timeoutMs }: ServiceEndpoint,
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
  { timeoutMs, maxAnswerBytes }: ServiceEndpoint,
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
  { key }: ServiceEndpoint,
): Promise<void> {
  if (key === undefined) return;
  const signature = headers.get(SIGNATURE_HEADER);
  if (signature !== null && await verifySignature(key, signature, body)) return;
  const words = signature === null
    ? "answered without a signature"
    : "answered with a signature that is not made of its bytes with the service's key";
  throw new ServiceFailure("signature", words, { status });
}
