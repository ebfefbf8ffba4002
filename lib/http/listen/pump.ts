/** What a reader of a mostly silent connection holds. */
const SMALLEST_BUFFER_BYTES = 4 * 1024;
const LARGEST_BUFFER_BYTES = 64 * 1024;
const GROWTH = 4;

/** Where bytes come from. */
export interface ByteSource {
  read(buffer: Uint8Array): Promise<number | null>;
}

/** One end of a connection, as far as bytes go. */
export interface ByteSink extends ByteSource {
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Copies bytes from one connection to another until there are no more, no faster than they are
 * taken.
 *
 * @param from Where they come from.
 * @param to Where they go.
 * @param first What was read already.
 * @returns Whether it was the receiver that ended it: what it did not take is left unread.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts = ["hello ", "world"].map((text) => new TextEncoder().encode(text));
 * const taken: number[] = [];
 * await pump({
 *   read(buffer) {
 *     const bytes = texts.shift();
 *     buffer.set(bytes ?? []);
 *     return Promise.resolve(bytes?.length ?? null);
 *   },
 * }, {
 *   read: () => Promise.resolve(null),
 *   write: (bytes) => Promise.resolve(taken.push(...bytes) && bytes.length),
 * });
 * assertEquals(new TextDecoder().decode(new Uint8Array(taken)), "hello world");
 * ```
 */
export async function pump(
  from: ByteSource,
  to: ByteSink,
  first?: Uint8Array,
): Promise<"source ended" | "receiver ended"> {
  if (first !== undefined && !await writeAll(to, first)) return "receiver ended";
  let buffer = new Uint8Array(SMALLEST_BUFFER_BYTES);
  for (;;) {
    const count = await readOrEnd(from, buffer);
    if (count === null) return "source ended";
    if (!await writeAll(to, buffer.subarray(0, count))) return "receiver ended";
    if (count === buffer.length && count < LARGEST_BUFFER_BYTES) {
      buffer = new Uint8Array(GROWTH * count);
    }
  }
}

/**
 * Waits for the first bytes.
 *
 * @param from Where they come from.
 * @returns The bytes; `null` when there are none, because it was closed or broke off.
 */
export async function readFirst(from: ByteSource): Promise<Uint8Array<ArrayBuffer> | null> {
  const buffer = new Uint8Array(SMALLEST_BUFFER_BYTES);
  const count = await readOrEnd(from, buffer);
  return count === null ? null : buffer.subarray(0, count);
}

/**
 * Reads what nobody wants until there is no more. A connection that is closed with bytes unread is
 * reset, and the other side loses the end of what was sent to it.
 *
 * @param from Where they come from.
 */
export async function discard(from: ByteSource): Promise<void> {
  const buffer = new Uint8Array(LARGEST_BUFFER_BYTES);
  while (await readOrEnd(from, buffer) !== null);
}

/** A connection that was closed or broke off has ended as well. */
async function readOrEnd(from: ByteSource, buffer: Uint8Array): Promise<number | null> {
  try {
    return await from.read(buffer);
  } catch {
    return null;
  }
}

/** Whether all was taken. */
async function writeAll(to: ByteSink, bytes: Uint8Array): Promise<boolean> {
  try {
    for (let written = 0; written < bytes.length;) {
      written += await to.write(bytes.subarray(written));
    }
    return true;
  } catch {
    return false;
  }
}
