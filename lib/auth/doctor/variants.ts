/** One way in which the making of a signature differs from the right one. */
export interface Variant {
  /** Stable id, e.g. `body-without-bom`. */
  readonly id: string;
  /** What was done, to follow "This signature was made". */
  readonly what: string;
  /** How to fix it, in a sentence for an admin or developer. */
  readonly fix: string;
}

/** Something a signature is made of, with how it came about: no variant means as it should be. */
export interface VariantForm<Value> {
  readonly value: Value;
  readonly variants: readonly Variant[];
}

/** Bytes that `crypto.subtle` takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The UTF-16 bytes of a text, the low byte first, without a byte order mark. */
export function utf16(text: string): Bytes {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) {
    view.setUint16(index * 2, text.charCodeAt(index), true);
  }
  return bytes;
}

/**
 * One byte a character, as ASCII and Latin-1 encoders do it: `?` for what does not fit.
 *
 * @param text The text.
 * @param last The last character that fits.
 * @returns The bytes, or `undefined` when they are those of UTF-8.
 */
export function singleBytes(text: string, last: 0x7f | 0xff): Bytes | undefined {
  if (!/[\u0080-\uffff]/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    bytes[index] = code > last ? 0x3f : code;
  }
  return bytes;
}

/** Decodes Base64 of either alphabet, with or without padding; `undefined` when it is none. */
export function looseBase64(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (standard.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}

/** Decodes hex of either case; `undefined` when it is none. */
export function looseHex(text: string): Bytes | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  return Uint8Array.from(
    { length: text.length / 2 },
    (_, index) => parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}
