import { JournalNotOpened, JournalUnavailable } from "../../errors.ts";
import type { ErrorText } from "./messages.ts";

/** Errors by which callers tell what to do. */
const KNOWN = [JournalUnavailable, JournalNotOpened, RangeError, SyntaxError, TypeError];

/**
 * Makes of an error what can be sent to another thread, which would lose its class.
 *
 * @param error What was thrown.
 * @returns Its name and message.
 */
export function errorText(error: unknown): ErrorText {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}

/**
 * Makes an error of what another thread sent.
 *
 * @param text Its name and message.
 * @returns An error of the same class, where callers tell that class from others.
 *
 * @example
 * ```ts
 * import { assertInstanceOf } from "@std/assert";
 * import { JournalUnavailable } from "../../errors.ts";
 *
 * const text = errorText(new JournalUnavailable("Cannot use the journal: the disk is full"));
 * assertInstanceOf(errorOf(text), JournalUnavailable);
 * ```
 */
export function errorOf({ name, message }: ErrorText): Error {
  const Class = KNOWN.find((known) => known.name === name) ?? Error;
  return new Class(message);
}
