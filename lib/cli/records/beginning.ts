/** Enough to show that a beginning is too short. */
const MOST_CANDIDATES = 10;
/** The first digits of an id are the time; so many of them make about a minute. */
const BEGINNING = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/;
const TIME_DIGITS = 12;
const MINUTE_MS = 60_000;
const PAGE = 1000;

/** Reads one page of a list. */
export type ReadPage<Row> = (
  part: {
    readonly since?: number;
    readonly until?: number;
    readonly limit: number;
    readonly cursor?: string;
  },
) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>;

/**
 * Tells whether a text can be the beginning of an id.
 *
 * @param text The text, in lower case.
 * @returns Whether it has eight digits or more, and nothing that no id has.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isBeginning } from "./beginning.ts";
 *
 * assertEquals(["0198fc2e-4a", "0198", "request-1"].map(isBeginning), [true, false, false]);
 * ```
 */
export function isBeginning(text: string): boolean {
  return BEGINNING.test(text);
}

/**
 * Finds what has an id that begins so, by the time in it: within a minute of that.
 *
 * @param readPage Reads what may be meant.
 * @param beginning What {@linkcode isBeginning} accepted.
 * @returns Those that were found, of which ten are enough.
 */
export async function findByBeginning<Row extends { readonly id: string }>(
  readPage: ReadPage<Row>,
  beginning: string,
): Promise<readonly Row[]> {
  const digits = beginning.replaceAll("-", "").slice(0, TIME_DIGITS);
  const since = parseInt(digits.padEnd(TIME_DIGITS, "0"), 16) - MINUTE_MS;
  const until = parseInt(digits.padEnd(TIME_DIGITS, "f"), 16) + MINUTE_MS;
  const found: Row[] = [];
  for await (const row of walkPages(readPage, { since, until })) {
    if (row.id.startsWith(beginning)) found.push(row);
    if (found.length === MOST_CANDIDATES) break;
  }
  return found;
}

/**
 * Walks through a list page by page, newest first.
 *
 * @param readPage Reads a page.
 * @param span Of which time.
 */
export async function* walkPages<Row>(
  readPage: ReadPage<Row>,
  span: { readonly since?: number; readonly until?: number } = {},
): AsyncGenerator<Row> {
  let next: string | null | undefined;
  while (next !== null) {
    const page = await readPage({
      ...span,
      limit: PAGE,
      ...(next === undefined ? {} : { cursor: next }),
    });
    yield* page.rows;
    next = page.next;
  }
}
