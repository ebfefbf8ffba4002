import { encodeBase64 } from "@std/encoding/base64";
import { gzipSync } from "node:zlib";

/** Compresses a text by gzip. */
export function gzip(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(text));
}

/** Compresses a text as UltraCart's `compress_events` does: gzip, then Base64. */
export function pack(text: string): string {
  return encodeBase64(gzip(text));
}
