/** The file in which an event is handed on: its name and what stands in it. */
import { hash } from "../util/hash.ts";
import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../util/csv.ts";
import {
  isJsonNumber,
  parseExactJson,
  sliceElements,
  sliceMembers,
  textOfNumber,
} from "../util/json_text.ts";
import type { StoredEvent } from "./outbox.ts";
import type { FolderSettings } from "./settings.ts";

const PLACEHOLDER = /\{(\w+)\}/g;
/** With what is put around it while it is written, it stays below the 255 of file systems. */
const LONGEST_NAME = 200;
/** Names of devices, with any extension: Windows opens the device instead of a file. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Makes the name of an event's file: safe on every system, the same each time, and that of no
 * other event.
 *
 * @param template Text with placeholders, `{id}` among them.
 * @param extension E.g. `json`.
 * @param event The event.
 * @returns The name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const event = {
 *   id: "0199",
 *   deliveryId: "0198",
 *   endpoint: "/emporix",
 *   receivedAt: Date.UTC(2026, 10, 21, 8, 30, 5, 7),
 *   duplicates: 0,
 *   source: "emporix",
 *   type: "cart/created",
 *   candidates: [],
 *   subject: "cart/1",
 *   key: "1",
 *   occurredAt: null,
 *   warnings: [],
 *   payload: new Uint8Array(),
 * };
 * assertEquals(
 *   eventFileName("{received}-{type}-{id}", "json", event),
 *   "20261121T083005007Z-cart_created-0199.json",
 * );
 * ```
 */
export function eventFileName(template: string, extension: string, event: StoredEvent): string {
  const id = safeId(event.id);
  const values: Readonly<Record<string, string>> = {
    received: new Date(event.receivedAt).toISOString().replaceAll(/[-:.]/g, ""),
    source: safe(event.source),
    type: safe(event.type),
    subject: safe(event.subject),
  };
  const suffix = `.${extension}`;
  const stem = template.endsWith(suffix) ? template.slice(0, -suffix.length) : template;
  const fill = (longest: number) =>
    stem.replaceAll(
      PLACEHOLDER,
      (_, name: string) => name === "id" ? id : (values[name] ?? "").slice(0, longest),
    );
  // What is too long loses something everywhere but in the id, which tells it from others.
  const placeholders = Math.max(1, stem.match(PLACEHOLDER)?.length ?? 0);
  const shortest = Math.floor((LONGEST_NAME - fill(0).length) / placeholders);
  const full = fill(Infinity);
  return `${unreserved(full.length <= LONGEST_NAME ? full : fill(shortest))}${suffix}`;
}

function safe(text: string): string {
  return text === "" ? "unknown" : text.replaceAll(/[^A-Za-z\d._-]/gu, "_");
}

/**
 * An id that would not stay itself becomes a hash: two ids must not share a name, also not where
 * capitals make no difference.
 */
function safeId(id: string): string {
  return /^[a-z\d_-]{1,64}$/.test(id) ? id : hash("sha256", id).toHex().slice(0, 32);
}

/**
 * A leading dot hides a file, a leading minus makes an option of it for whoever fetches it by a
 * script, and some names are no files on Windows.
 */
function unreserved(name: string): string {
  return /^[.-]/.test(name) || DEVICE.test(name) ? `_${name}` : name;
}

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
 * @throws {EmptyTable} When a table would hold nothing.
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

/**
 * A table of what an event holds: a row for each of its lines, with what stands beside them in every
 * row, or a single row where it has none.
 */
function table(payload: Uint8Array<ArrayBuffer>): string {
  const text = new TextDecoder().decode(payload);
  const { cells: found, lists } = flatten(text);
  const lines = linesAmong(lists);
  const cells = lines?.isOwn ? new Map([...found].filter(([name]) => !name.includes("."))) : found;
  const rows = (lines?.rows ?? []).map((row) => new Map([...cells, ...row]));
  const all = rows.length === 0 ? [cells] : rows;
  const names = [...new Set(all.flatMap((row) => [...row.keys()]))];
  if (names.length === 0) throw new EmptyTable();
  const written = all.map((row) => csvRow(names.map((name) => row.get(name) ?? null)));
  return `${BYTE_ORDER_MARK}${csvRow(names)}${written.join("")}`;
}

/** An event holds nothing that a table could show: a file of it would say nothing. */
export class EmptyTable extends Error {
  override readonly name = "EmptyTable";

  constructor() {
    super("Cannot write a table: the event holds no value");
  }
}

/** A list of objects within an event, and where it stands. */
interface FoundList {
  readonly path: string;
  readonly elements: readonly string[];
}

interface Flat {
  /** Every value that is no object and no list of objects, by its path. */
  readonly cells: ReadonlyMap<string, CsvCell>;
  readonly lists: readonly FoundList[];
}

/** Beyond this depth nobody looks for a column. */
const DEEPEST = 8;

/** What stands at the top comes first, so that a flat event has the columns that it always had. */
function flatten(text: string, path = "", depth = 0): Flat {
  const members = sliceMembers(text);
  if (members === undefined) return flattenElements(text, path === "" ? "value" : path);
  const cells = new Map<string, CsvCell>();
  const lists: FoundList[] = [];
  const further: Flat[] = [];
  for (const { name, text: value } of members) {
    const at = path === "" ? name : `${path}.${name}`;
    if (!isCompound(value)) cells.set(at, cellOf(value));
    else if (depth < DEEPEST) further.push(flatten(value, at, depth + 1));
  }
  for (const { cells: more, lists: found } of further) {
    for (const [name, cell] of more) cells.set(name, cell);
    lists.push(...found);
  }
  return { cells, lists };
}

/** A list of objects can be the lines; what else is in a list stands in one cell. */
function flattenElements(text: string, path: string): Flat {
  const elements = sliceElements(text);
  if (elements === undefined) return { cells: new Map([[path, cellOf(text)]]), lists: [] };
  if (elements.some((element) => /^\s*\{/.test(element))) {
    return { cells: new Map(), lists: [{ path, elements }] };
  }
  const texts = elements.filter((element) => !isCompound(element)).map(cellOf)
    .map((cell) => isJsonNumber(cell) ? textOfNumber(cell) : cell ?? "");
  return { cells: texts.length === 0 ? new Map() : new Map([[path, texts.join("\n")]]), lists: [] };
}

/**
 * Our own lines, which have names of their own and need nothing of what is deeper beside them; else
 * those that are called items, else the first list of objects.
 */
function linesAmong(lists: readonly FoundList[]) {
  const byDepth = lists.toSorted((a, b) => depthOf(a) - depthOf(b));
  const found = byDepth.find(({ path }) => path === "lines") ??
    byDepth.find(({ path }) => /(?:^|\.)items$/i.test(path)) ?? byDepth[0];
  if (found === undefined) return undefined;
  const { path, elements } = found;
  const isOwn = path === "lines";
  return { isOwn, rows: elements.map((element) => flatten(element, isOwn ? "" : path).cells) };
}

function depthOf({ path }: FoundList): number {
  return path.split(".").length;
}

function isCompound(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function cellOf(text: string): CsvCell {
  const value = parseExactJson(text);
  if (value === null || typeof value === "string") return value;
  return isJsonNumber(value) ? value : text.trim();
}
