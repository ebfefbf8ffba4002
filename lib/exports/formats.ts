/** An exported list in the forms in which it can be had (a page, JSON, CSV), and what was written lately. */
import { type Language, Problem } from "../http/problem/problem.ts";
import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../util/csv.ts";
import { SHARE_COUNT, shareOf } from "../util/memory.ts";
import type { ExportedList, ShownExport } from "./exported_list.ts";
import { exportPage, pagePolicy } from "./page.ts";
import type { NoteLevel } from "./texts.ts";

/** The forms in which an export can be had: the suffixes of its address. */
export type ExportFormat = "html" | "json" | "csv";

/** Their media types; the first is for those who don't mind. */
export const MEDIA_TYPES = ["text/html", "application/json", "text/csv"] as const;

/** Enough of the list's name to tell one file from another. */
const LONGEST_NAME = 40;

const encoder = new TextEncoder();

/**
 * Finds the form of a media type.
 *
 * @param type One of {@linkcode MEDIA_TYPES}; anything else counts as no wish.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatOfType("text/csv"), "csv");
 * assertEquals(formatOfType(undefined), "html");
 * ```
 */
export function formatOfType(type: string | undefined): ExportFormat {
  if (type === "application/json") return "json";
  return type === "text/csv" ? "csv" : "html";
}

/** How a page is written. */
export interface PageSettings {
  readonly language: Language;
  /** The IANA name of the zone of its times. */
  readonly timeZone: string;
}

/** An export as it goes over the wire. */
export interface WrittenExport {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Record<string, string>;
}

/**
 * Writes an export in one of its forms.
 *
 * @param shown The export.
 * @param format The form.
 * @param settings Those of the page; files for programs have none.
 * @returns The bytes, with the headers that belong to the form.
 */
export async function writeExport(
  shown: ShownExport,
  format: ExportFormat,
  { language, timeZone }: PageSettings,
): Promise<WrittenExport> {
  if (format === "html") {
    return {
      body: encoder.encode(await exportPage(shown, language, timeZone)),
      headers: pageHeaders(language),
    };
  }
  return {
    body: encoder.encode(format === "csv" ? listCsv(shown.list) : listJson(shown)),
    headers: {
      "Content-Type": format === "csv"
        ? "text/csv; charset=utf-8; header=present"
        : "application/json",
      "Content-Disposition": `attachment; filename="${fileName(shown, format)}"`,
    },
  };
}

/**
 * Gives the headers of a page for people.
 *
 * @param language The language of its texts.
 */
export function pageHeaders(language: Language): Record<string, string> {
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": language,
    "Content-Security-Policy": pagePolicy(),
  };
}

function listJson({ list, version, savedAt }: ShownExport): string {
  const document = { version, savedAt: new Date(savedAt).toISOString(), ...list };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Names the file of a download. What comes from outside is cut down to letters and digits, which
 * mean nothing to a header, a shell or a file system.
 *
 * @param shown The export.
 * @param suffix The file's suffix.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const list = { store: "", listId: "", externalId: '../"7"', modified: "", items: [] };
 * const shown = { token: "", version: 2, savedAt: 0, versions: [], list };
 * assertEquals(fileName(shown, "csv"), "exported-list-7-version-2.csv");
 * ```
 */
export function fileName({ list, version }: ShownExport, suffix: string): string {
  const names = list.externalId.match(/[A-Za-z0-9]+/g) ?? [];
  const name = names.join("-").slice(0, LONGEST_NAME).replace(/-$/, "");
  return ["exported-list", ...(name === "" ? [] : [name]), `version-${version}.${suffix}`].join(
    "-",
  );
}

const COLUMNS = ["product", "catalogNumber", "nickname", "quantity", "errors", "warnings", "notes"];

/**
 * Writes the items of an exported list as CSV: one line an item, below a line of names.
 *
 * @param list The list.
 * @returns The text of the file, safe against formulas.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const item = { id: "1", product: "=1+1", catalogNumber: "", nickname: "", quantity: -5, notes: [] };
 * const list = { store: "", listId: "", externalId: "", modified: "", items: [item] };
 * assertEquals(
 *   listCsv(list),
 *   "\uFEFFproduct,catalogNumber,nickname,quantity,errors,warnings,notes\r\n'=1+1,,,-5,,,\r\n",
 * );
 * ```
 */
export function listCsv(list: ExportedList): string {
  return BYTE_ORDER_MARK +
    [COLUMNS, ...exportLines(list).map(Object.values<CsvCell>)].map(csvRow).join("");
}

/**
 * Gives the lines of an exported list, as its CSV has them.
 *
 * @param list The list.
 * @returns An object for each item; its members are the columns, in order.
 */
export function exportLines(list: ExportedList): readonly Readonly<Record<string, CsvCell>>[] {
  return list.items.map(({ product, catalogNumber, nickname, quantity, notes }) => ({
    product,
    catalogNumber,
    nickname,
    quantity,
    errors: textsOf(notes, "error"),
    warnings: textsOf(notes, "warning"),
    notes: textsOf(notes, "note"),
  }));
}

/** Several in one cell stand on a line each. */
function textsOf(notes: ExportedList["items"][number]["notes"], level: NoteLevel): string {
  return notes.filter((note) => note.level === level).map(({ text }) => text).join("\n");
}

/** Exports that were written lately, and those that are being written. */
export interface Renderings {
  /**
   * Gives an export as it goes over the wire: what was written lately, what is being written, or
   * what is written now. One is written at a time.
   *
   * @param key All that it depends on.
   * @param address Who asks.
   * @param write Writes it.
   * @throws {Problem} When too many wait for this address already (`too_many_requests`).
   */
  get(
    key: string,
    address: string,
    write: () => Promise<WrittenExport>,
  ): Promise<WrittenExport>;
}

/** How much is kept, and for how long. */
export interface RenderingLimits {
  readonly maxBytes: number;
  readonly ttlMs: number;
  /** How many may wait to be written for one address. */
  readonly maxWaiting: number;
}

/** What of a list of thousands of lines is kept: a page has some 400 bytes for each. */
const LIMITS: RenderingLimits = { maxBytes: 33_554_432, ttlMs: 60_000, maxWaiting: 4 };

interface Kept {
  readonly written: WrittenExport;
  readonly until: number;
}

/**
 * Makes what keeps exports that were written.
 *
 * @param limits How much is kept.
 * @param now The clock, in milliseconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let count = 0;
 * const renderings = createRenderings();
 * const write = () => Promise.resolve({ body: new Uint8Array(++count), headers: {} });
 * const first = await renderings.get("a", "192.0.2.7", write);
 * assertEquals(await renderings.get("a", "192.0.2.7", write), first);
 * assertEquals(count, 1);
 * ```
 */
export function createRenderings(
  { maxBytes, ttlMs, maxWaiting }: RenderingLimits = LIMITS,
  now: () => number = () => performance.now(),
): Renderings {
  const kept = new Map<string, Kept>();
  const running = new Map<string, Promise<WrittenExport>>();
  const waiting = new Int32Array(SHARE_COUNT);
  let bytes = 0;
  let last: Promise<unknown> = Promise.resolve();

  function forget(key: string, { written }: Kept): void {
    kept.delete(key);
    bytes -= written.body.length;
  }

  function keep(key: string, written: WrittenExport): void {
    if (written.body.length > maxBytes) return;
    kept.set(key, { written, until: now() + ttlMs });
    bytes += written.body.length;
    // The first is the oldest.
    for (const [oldKey, old] of kept) {
      if (bytes <= maxBytes) break;
      forget(oldKey, old);
    }
  }

  function forgetOld(): void {
    const time = now();
    for (const [key, one] of kept) {
      if (one.until > time) break;
      forget(key, one);
    }
  }

  async function writeAfterOthers(
    key: string,
    write: () => Promise<WrittenExport>,
  ): Promise<WrittenExport> {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    try {
      const written = await write();
      keep(key, written);
      return written;
    } finally {
      resolve();
    }
  }

  return {
    async get(key, address, write) {
      forgetOld();
      const found = kept.get(key)?.written ?? running.get(key);
      if (found !== undefined) return await found;
      const share = shareOf(address);
      const ahead = waiting[share] ?? 0;
      if (ahead >= maxWaiting) throw new Problem("too_many_requests");
      waiting[share] = ahead + 1;
      const writing = writeAfterOthers(key, write).finally(() => {
        waiting[share] = (waiting[share] ?? 1) - 1;
        running.delete(key);
      });
      running.set(key, writing);
      return await writing;
    },
  };
}
