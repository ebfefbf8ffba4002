/** The bytes of a body: read within limits of size and time, inflated within a limit. */
import { concat } from "@std/bytes/concat";
import { startCountdown } from "../util/deadline.ts";
import { nextTurn } from "../util/waiting.ts";
import { Problem } from "./problem/problem.ts";

/** How much is read of a body, and for how long. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** From the first read to the last byte, however the sender spreads them, in milliseconds. */
  readonly bodyTimeoutMs: number;
}

/** Is told of a body that is read, and says whether there is room for it. */
export interface BodyTally {
  /** Says what ends the reading early. */
  onGiveWay(end: (problem: Problem) => void): void;
  /**
   * Asks for room before it is taken: for so many bytes in all, of which so many have come.
   *
   * @throws {Problem} When there is none.
   */
  reserve(bytes: number, received: number): void;
}

/** The sender went away before the body was complete: nobody is left to answer. */
export class BodyAborted extends Error {
  override readonly name = "BodyAborted";

  /** @param cause What the stream failed with. */
  constructor(cause: unknown) {
    super("Cannot read the body: the sender went away", { cause });
  }
}

const SMALLEST_BUFFER_BYTES = 64 * 1024;
/** What is reserved for a body before it has come: of a larger one, no more than came. */
const MAX_ADVANCE_BYTES = 64 * 1024;
/** Chunks that are read before timers and other requests get their turn. */
const CHUNKS_A_TURN = 256;

/**
 * Reads the body of a request, or of an answer to one, within limits.
 *
 * @param message The request or answer; its body is read or cancelled, never left open.
 * @param limits How many bytes are accepted, and for how long they are waited for.
 * @param tally Told of it, and asked for room.
 * @returns The exact bytes; empty when there is no body.
 * @throws {Problem} When there are too many bytes (`body_too_large`), they take too long
 * (`body_timeout`), or there is no room for them, as the tally says.
 * @throws {BodyAborted} When the sender went away.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", { method: "POST", body: "{}" });
 * const bytes = await readLimitedBody(request, { maxBodyBytes: 100, bodyTimeoutMs: 1000 });
 * assertEquals(bytes, new Uint8Array([0x7b, 0x7d]));
 * ```
 */
export async function readLimitedBody(
  message: Pick<Request, "body" | "headers">,
  limits: BodyLimits,
  tally: BodyTally = NO_TALLY,
): Promise<Uint8Array<ArrayBuffer>> {
  if (message.body === null) return new Uint8Array(0);
  const reader = message.body.getReader();
  const declared = declaredLength(message.headers);
  const reading = collect(reader, limits.maxBodyBytes, declared, tally);
  try {
    return await inTime(reading, limits.bodyTimeoutMs, tally);
  } catch (error) {
    // Not awaited: a source that is slow to close must not hold the answer back.
    reader.cancel(error).catch(() => undefined);
    // A cancelled stream ends at once, and with it the reading: nothing goes on in the background.
    await Promise.allSettled([reading]);
    throw error;
  }
}

/**
 * Reads the body of a request that a server of this program received; see {@linkcode readLimitedBody}.
 *
 * A length that was declared and is accepted is the one that comes: the server sees to that, for it
 * divides a connection into requests by it. Then the whole body is read in one call, which costs a
 * good deal less than a stream does. For that call the runtime reserves all that was declared, so
 * it is for bodies of which nobody minds: what a larger one takes grows with what has come.
 */
export async function readRequest(
  request: Request,
  limits: BodyLimits,
  tally: BodyTally = NO_TALLY,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = declaredLength(request.headers);
  if (declared === undefined || declared > Math.min(limits.maxBodyBytes, MAX_ADVANCE_BYTES)) {
    return await readLimitedBody(request, limits, tally);
  }
  tally.reserve(declared, 0);
  // Beyond its time it goes on until the sender has sent what it declared, or is gone.
  const aborted = (cause: unknown) => new BodyAborted(cause);
  return await inTime(request.bytes(), limits.bodyTimeoutMs, tally, aborted);
}

const NO_TALLY: BodyTally = { onGiveWay: () => {}, reserve: () => {} };

/** By hand, for each request has one: `Promise.race()` takes twice the memory. */
function inTime<Value>(
  reading: Promise<Value>,
  timeoutMs: number,
  tally: BodyTally,
  failureOf: (reason: unknown) => unknown = (reason) => reason,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const endCountdown = startCountdown(timeoutMs, () => reject(new Problem("body_timeout")));
    function giveUp(reason: unknown): void {
      endCountdown();
      reject(reason);
    }
    tally.onGiveWay(giveUp);
    reading.then((value) => {
      endCountdown();
      resolve(value);
    }, (reason: unknown) => giveUp(failureOf(reason)));
  });
}

/** `Content-Length`, unless `Transfer-Encoding` overrides it: then the header proves nothing. */
function declaredLength(headers: Headers): number | undefined {
  // Not has(): the runtime makes a list of all headers for it.
  if (headers.get("transfer-encoding") !== null) return undefined;
  const text = headers.get("content-length");
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  maxBodyBytes: number,
  declared: number | undefined,
  tally: BodyTally,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new Problem("body_too_large", { params: { limit: maxBodyBytes.toString() } });
  if (declared !== undefined && declared > maxBodyBytes) throw tooLarge();

  // One growing buffer, not a list of chunks: six million chunks of a byte would be a gigabyte.
  let buffer: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let length = 0;
  for (let chunks = 1;; chunks++) {
    // What has arrived is read without a pause, so tiny chunks could keep the event loop for long.
    if (chunks % CHUNKS_A_TURN === 0) await nextTurn();
    const { done, value: chunk } = await reader.read().catch((cause: unknown) => {
      throw new BodyAborted(cause);
    });
    if (done) return length === buffer.length ? buffer : buffer.slice(0, length);
    const next = length + chunk.length;
    if (next > maxBodyBytes) throw tooLarge();
    if (length === 0 && ownsItsBuffer(chunk)) {
      tally.reserve(next, next);
      buffer = chunk;
    } else {
      const capacity = next > buffer.length ? capacityFor(next, declared) : buffer.length;
      tally.reserve(capacity, next);
      if (next > buffer.length) buffer = grow(buffer, length, capacity);
      buffer.set(chunk, length);
    }
    length = next;
  }
}

function ownsItsBuffer(chunk: Uint8Array<ArrayBuffer>): boolean {
  return chunk.byteLength === chunk.buffer.byteLength;
}

/** The double of what came, so that there are few copies, but no more than was declared. */
function capacityFor(length: number, declared: number | undefined): number {
  const double = Math.max(2 * length, SMALLEST_BUFFER_BYTES);
  return declared !== undefined && declared >= length ? Math.min(declared, double) : double;
}

function grow(
  buffer: Uint8Array<ArrayBuffer>,
  length: number,
  capacity: number,
): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(capacity);
  grown.set(buffer.subarray(0, length));
  return grown;
}

/** Inflates one part of a body. */
export type Gunzip = (
  compressed: Uint8Array<ArrayBuffer>,
) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Bytes that are inflated in one go. A byte becomes 1,032 at most, and what one go makes is in
 * memory before it can be counted: so these are 4 MiB at most, whatever the sender packed.
 */
const STEP_BYTES = 4096;

/**
 * Makes a function that inflates gzip, up to a limit.
 *
 * @param maxInflatedBytes How many bytes all that is inflated may have together.
 * @returns The function. It throws a {@linkcode Problem} when the limit is passed
 * (`body_too_large`) or the gzip is broken or cut off (`not_json`).
 *
 * @example
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { Problem } from "./problem/problem.ts";
 *
 * const packed = new Response("hello").body?.pipeThrough(new CompressionStream("gzip"));
 * const bytes = new Uint8Array(await new Response(packed ?? null).arrayBuffer());
 * const gunzip = openGunzip(9);
 * assertEquals(new TextDecoder().decode(await gunzip(bytes)), "hello");
 * await assertRejects(() => gunzip(bytes), Problem, "body_too_large");
 * ```
 */
export function openGunzip(maxInflatedBytes: number): Gunzip {
  let remaining = maxInflatedBytes;
  return async (compressed) => {
    const chunks: Uint8Array[] = [];
    const inflated = ReadableStream.from(steps(compressed))
      .pipeThrough(new DecompressionStream("gzip"));
    try {
      for await (const chunk of inflated) {
        remaining -= chunk.length;
        if (remaining < 0) {
          throw new Problem("body_too_large", { params: { limit: String(maxInflatedBytes) } });
        }
        chunks.push(chunk);
      }
    } catch (error) {
      throw error instanceof Problem ? error : new Problem("not_json", { cause: error });
    }
    return concat(chunks);
  };
}

function* steps(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += STEP_BYTES) {
    yield bytes.subarray(start, start + STEP_BYTES);
  }
}
