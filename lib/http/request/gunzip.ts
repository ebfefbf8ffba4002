import { Problem } from "../problem/problem.ts";

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
 * import { Problem } from "../problem/problem.ts";
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
    return concatenate(chunks);
  };
}

function* steps(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += STEP_BYTES) {
    yield bytes.subarray(start, start + STEP_BYTES);
  }
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let length = 0;
  for (const chunk of chunks) {
    whole.set(chunk, length);
    length += chunk.length;
  }
  return whole;
}
