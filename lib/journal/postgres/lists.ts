import { Buffer } from "node:buffer";

/** What a column of rows holds, as the database names it in an array. */
type Listed =
  | { readonly type: "text"; readonly values: readonly (string | null)[] }
  | { readonly type: "bytea"; readonly values: readonly (Uint8Array | null)[] }
  | { readonly type: "bigint"; readonly values: readonly (number | null)[] }
  | { readonly type: "integer"; readonly values: readonly (number | null)[] };

const TYPE_NUMBERS = { text: 25, bytea: 17, bigint: 20, integer: 23 };

/**
 * Collects columns of rows, each of which is one parameter of a statement. So its text is the same for
 * any number of rows, and no value is made a text that is read again: for many rows that takes a
 * fraction of what a parameter for each value does.
 */
export class Lists {
  readonly #lists: Listed[] = [];
  /** Whether their statement is run again and again: who reads and plans it once, spares that then. */
  readonly isOfKeptStatement: boolean;

  /**
   * @param options Whether the database may keep their statement for a connection. Only for one whose
   * plan is the same however many rows its tables have: an insertion.
   */
  constructor({ isOfKeptStatement = false }: { readonly isOfKeptStatement?: boolean } = {}) {
    this.isOfKeptStatement = isOfKeptStatement;
  }

  /**
   * Adds texts.
   *
   * @param values The texts, as `storedText()` gives them.
   * @returns What stands for them in the statement.
   */
  texts(values: readonly (string | null)[]): string {
    return this.#add({ type: "text", values });
  }

  /** Adds bytes, as {@linkcode Lists.texts} adds texts. */
  bytes(values: readonly (Uint8Array | null)[]): string {
    return this.#add({ type: "bytea", values });
  }

  /** Adds integers, such as times and sizes. */
  bigints(values: readonly (number | null)[]): string {
    return this.#add({ type: "bigint", values });
  }

  /** Adds integers of 32 bits. */
  integers(values: readonly (number | null)[]): string {
    return this.#add({ type: "integer", values });
  }

  #add(listed: Listed): string {
    return `$${this.#lists.push(listed)}::${listed.type}[]`;
  }

  /**
   * Writes the messages by which the database runs a statement with these parameters.
   *
   * @param text The statement.
   * @param writer Where they are written.
   * @param kept The name under which the database keeps the statement, and whether it does already.
   */
  write(text: string, writer: MessageWriter, kept: KeptStatement = UNNAMED): void {
    const { name, isKept } = kept;
    writer.reserve(3 * (text.length + 2 * name.length) + 100);
    if (!isKept) {
      // What failed before may have left one of this name.
      if (name !== "") {
        writer.message("C", () => {
          writer.byte("S".charCodeAt(0));
          writer.name(name);
        });
      }
      writer.message("P", () => {
        writer.name(name);
        writer.name(text);
        writer.int16(0);
      });
    }
    writer.message("B", () => {
      writer.name("");
      writer.name(name);
      // Every parameter is in binary form.
      writer.int16(1);
      writer.int16(1);
      writer.int16(this.#lists.length);
      for (const listed of this.#lists) writeList(writer, listed);
      // What is returned is in the form of texts.
      writer.int16(0);
    });
    writer.reserve(100);
    writer.message("D", () => {
      writer.byte("P".charCodeAt(0));
      writer.name("");
    });
    writer.message("E", () => {
      writer.name("");
      writer.int32(0);
    });
    writer.message("S", () => {});
  }
}

/** A statement that the database may keep for a connection. */
export interface KeptStatement {
  readonly name: string;
  /** Whether it is there, so that it is not sent again. */
  readonly isKept: boolean;
}

const UNNAMED: KeptStatement = { name: "", isKept: false };

/** One dimension, whether it holds nulls, the type, how many, and the number of the first. */
const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
/** What a null has in the place of a length. */
const NULL = -1;

function writeList(writer: MessageWriter, listed: Listed): void {
  const { type, values } = listed;
  writer.reserve(HEAD_BYTES + 2 * LENGTH_BYTES + contentBytes(listed));
  writer.sized(() => {
    writer.int32(1);
    writer.int32(listed.values.some((value) => value === null) ? 1 : 0);
    writer.int32(TYPE_NUMBERS[type]);
    writer.int32(values.length);
    writer.int32(1);
    for (const value of values) {
      if (value === null) writer.int32(NULL);
      else if (typeof value === "string") writer.text(value);
      else if (typeof value !== "number") writer.bytes(value);
      else if (type === "bigint") writer.bigint(value);
      else writer.integer(value);
    }
  });
}

/** The most that they take, lengths included. */
function contentBytes({ type, values }: Listed): number {
  let bytes = 0;
  for (const value of values) {
    bytes += LENGTH_BYTES;
    if (typeof value === "string") bytes += 3 * value.length;
    else if (typeof value === "number") bytes += type === "bigint" ? 8 : 4;
    else bytes += value?.byteLength ?? 0;
  }
  return bytes;
}

const encoder = new TextEncoder();
/** Up to so many characters a loop is faster than the way to the encoder. */
const SHORT = 48;

/** Writes messages, one behind the other. Room is made by `reserve()` alone. */
export class MessageWriter {
  #bytes: Buffer;
  #view: DataView;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  /** Gives what was written. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Gives all of its room, for who writes next. */
  room(): Buffer {
    return this.#bytes;
  }

  reserve(bytes: number): void {
    const wanted = this.#at + bytes;
    if (wanted <= this.#bytes.byteLength) return;
    const larger = Buffer.allocUnsafe(Math.ceil(1.5 * wanted));
    larger.set(this.written());
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }

  byte(value: number): void {
    this.#bytes[this.#at++] = value;
  }

  int16(value: number): void {
    this.#view.setInt16(this.#at, value);
    this.#at += 2;
  }

  int32(value: number): void {
    this.#view.setInt32(this.#at, value);
    this.#at += 4;
  }

  /** A text that ends with NUL. */
  name(value: string): void {
    this.#encode(value);
    this.byte(0);
  }

  /** A message with its length. */
  message(type: string, write: () => void): void {
    this.byte(type.charCodeAt(0));
    const start = this.#at;
    this.#at += LENGTH_BYTES;
    write();
    this.#view.setInt32(start, this.#at - start);
  }

  /** Something with its length in front, which does not count itself. */
  sized(write: () => void): void {
    const start = this.#at;
    this.#at += LENGTH_BYTES;
    write();
    this.#view.setInt32(start, this.#at - start - LENGTH_BYTES);
  }

  text(value: string): void {
    const start = this.#at;
    this.#at += LENGTH_BYTES;
    this.#encode(value);
    this.#view.setInt32(start, this.#at - start - LENGTH_BYTES);
  }

  bytes(value: Uint8Array): void {
    this.int32(value.byteLength);
    this.#bytes.set(value, this.#at);
    this.#at += value.byteLength;
  }

  bigint(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.int32(8);
    this.int32(high);
    this.#view.setUint32(this.#at, value - high * 2 ** 32);
    this.#at += 4;
  }

  integer(value: number): void {
    this.int32(4);
    this.int32(value);
  }

  #encode(value: string): void {
    if (value.length <= SHORT && this.#encodeShort(value)) return;
    this.#at += encoder.encodeInto(value, this.#bytes.subarray(this.#at)).written;
  }

  /** Tells whether it was ASCII, and so is written. */
  #encodeShort(value: string): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) return false;
      bytes[at + index] = code;
    }
    this.#at = at + value.length;
    return true;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/**
 * Writes texts as the database reads them in a text that becomes an array: one value of a list.
 *
 * @param values The texts, as `storedText()` gives them.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(arrayText(["a", 'b"\\']), '{"a","b\\"\\\\"}');
 * ```
 */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
