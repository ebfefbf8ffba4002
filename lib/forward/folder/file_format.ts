import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../../csv/row.ts";
import { type JsonMember, sliceMembers } from "../../events/json_slice.ts";
import { isJsonNumber, parseExactJson } from "../../exact_json.ts";
import type { FolderSettings } from "../settings.ts";

const encoder = new TextEncoder();
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/**
 * Writes an event's payload as a file holds it.
 *
 * @param format The format.
 * @param payload The JSON text of the event.
 * @returns The bytes of the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const payload = new TextEncoder().encode('{\n"a": 1.50}');
 * assertEquals(new TextDecoder().decode(formatFile("jsonl", payload)), '{ "a": 1.50}\n');
 * ```
 */
export function formatFile(
  format: FolderSettings["format"],
  payload: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (format === "json") return payload;
  return format === "jsonl" ? oneLine(payload) : encoder.encode(table(payload));
}

/** A line break in JSON is space between values: within a text it is written `\n`. */
function oneLine(payload: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(payload.length + 1);
  payload.forEach((byte, index) => {
    line[index] = byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte;
  });
  line[payload.length] = LINE_FEED;
  return line;
}

function table(payload: Uint8Array<ArrayBuffer>): string {
  const text = new TextDecoder().decode(payload);
  const members = (sliceMembers(text) ?? [{ name: "value", text }]).filter(isScalar);
  const names = csvRow(members.map(({ name }) => name));
  return `${BYTE_ORDER_MARK}${names}${csvRow(members.map(cellOf))}`;
}

function isScalar({ text }: JsonMember): boolean {
  return !/^\s*[[{]/.test(text);
}

function cellOf({ text }: JsonMember): CsvCell {
  const value = parseExactJson(text);
  if (value === null || typeof value === "string") return value;
  return isJsonNumber(value) ? value : text.trim();
}
