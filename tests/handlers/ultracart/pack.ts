import { gzipSync } from "node:zlib";

/** Compresses a text by gzip. */
export function gzip(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(text));
}

/** Compresses a text as UltraCart's `compress_events` does: gzip, then Base64. */
export function pack(text: string): string {
  return gzip(text).toBase64();
}
