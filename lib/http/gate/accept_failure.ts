/** The codes of systems for "too many files are open" and "no memory for another". */
const CODES: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);
/** The numbers of Windows for the same, which has no such codes. */
const NUMBERS = /\(os error (?:10024|10055)\)/;

/**
 * Tells whether there are no descriptors left: the one fault of `accept()` that time and closed
 * connections mend. Any other is that of the connection, which its client had reset, for one.
 *
 * @param error What it failed with.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const tooMany = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
 * assertEquals(isShortOfDescriptors(tooMany), true);
 * assertEquals(isShortOfDescriptors(new Deno.errors.ConnectionReset()), false);
 * ```
 */
export function isShortOfDescriptors(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string" && CODES.has(error.code)) return true;
  return NUMBERS.test(error.message) || /too many open files/i.test(error.message);
}
