import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from "node:zlib";

/** More than an honest body becomes; what a stranger packed is looked at up to here. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/** A byte becomes 1,032 at most, by gzip and deflate. */
const MAX_RATIO = 1032;

/** Gives what is there also of what was cut off: of refused bodies the beginning is kept. */
const ZLIB: ZlibOptions = {
  finishFlush: constants.Z_SYNC_FLUSH,
  maxOutputLength: MAX_UNPACKED_BYTES,
};
const BROTLI = {
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
  maxOutputLength: MAX_UNPACKED_BYTES,
};

/**
 * Unpacks what gzip or deflate packed, by the mark at its beginning: a header that says so may be
 * missing or wrong.
 *
 * @param packed The bytes, also cut off.
 * @returns What they hold, at most 32 MiB of it; nothing for bytes without such a mark.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gzipSync } from "node:zlib";
 *
 * const [unpacked] = unpackMarked(new Uint8Array(gzipSync("hello")));
 * assertEquals(new TextDecoder().decode(unpacked), "hello");
 * assertEquals(unpackMarked(new TextEncoder().encode("hello")), []);
 * ```
 */
export function unpackMarked(packed: Uint8Array): readonly Uint8Array[] {
  const [first = 0, second = 0] = packed;
  if (first === 0x1f && second === 0x8b) {
    return attempt(packed, (bytes) => gunzipSync(bytes, ZLIB));
  }
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
    ? attempt(packed, (bytes) => inflateSync(bytes, ZLIB))
    : [];
}

/**
 * Unpacks what deflate or Brotli packed without a mark.
 *
 * @param packed The bytes, also cut off.
 * @returns What they may hold, at most 32 MiB of it each.
 */
export function unpackUnmarked(packed: Uint8Array): readonly Uint8Array[] {
  return [
    ...attempt(packed, (bytes) => inflateRawSync(bytes, ZLIB)),
    ...attempt(packed, (bytes) => brotliDecompressSync(bytes, BROTLI)),
  ];
}

function attempt(
  packed: Uint8Array,
  inflate: (bytes: Uint8Array) => Uint8Array,
): readonly Uint8Array[] {
  for (const bytes of [packed, packed.subarray(0, MAX_UNPACKED_BYTES / MAX_RATIO)]) {
    try {
      const unpacked = inflate(bytes);
      return unpacked.length === 0 ? [] : [unpacked];
    } catch (error) {
      if (!isTooLarge(error)) return [];
    }
  }
  return [];
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
