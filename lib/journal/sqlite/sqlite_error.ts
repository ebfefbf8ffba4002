/** Primary result codes of SQLite that are told apart here. */
export const SQLITE = {
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

const REASONS: ReadonlyMap<number, string> = new Map<number, string>([
  [SQLITE.busy, "another program is writing to it"],
  [SQLITE.readOnly, "the file is read-only"],
  [SQLITE.ioError, "the disk reports an error"],
  [SQLITE.corrupt, "the file is damaged"],
  [SQLITE.full, "the disk is full"],
  [SQLITE.cannotOpen, "the file can't be opened"],
  [SQLITE.notADatabase, "the file is not a database"],
]);

/** What `exec()` and the constructor say: their errors carry no code. */
const MESSAGES: readonly (readonly [start: string, code: number])[] = [
  ["database is locked", SQLITE.busy],
  ["attempt to write a readonly database", SQLITE.readOnly],
  ["disk I/O error", SQLITE.ioError],
  ["database or disk is full", SQLITE.full],
  ["unable to open database file", SQLITE.cannotOpen],
  ["file is not a database", SQLITE.notADatabase],
  ["database disk image is malformed", SQLITE.corrupt],
];

const OPERATION = /: \w+ '.*'$/s;

/**
 * Finds the primary result code of an error.
 *
 * @param error What was thrown.
 * @returns The code, or `undefined` when it is not SQLite's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SQLITE, sqliteCode } from "./sqlite_error.ts";
 *
 * assertEquals(sqliteCode(new Error("database or disk is full")), SQLITE.full);
 * assertEquals(sqliteCode(new Error("no such file")), undefined);
 * ```
 */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  // The upper bits of an extended code say more than is needed here.
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  return MESSAGES.find(([start]) => error.message.startsWith(start))?.[1];
}

/**
 * Says in words why the journal can't be used, without its path: the reason may be shown outside.
 *
 * @param error What was thrown.
 * @returns The reason, to stand behind a colon.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeError } from "./sqlite_error.ts";
 *
 * assertEquals(describeError(new Error("database or disk is full")), "the disk is full");
 * ```
 */
export function describeError(error: unknown): string {
  const known = REASONS.get(sqliteCode(error) ?? 0);
  if (known !== undefined) return known;
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "permission is denied";
  }
  // The runtime's own words end with what was done to which path.
  return error instanceof Error ? error.message.replace(OPERATION, "") : String(error);
}
