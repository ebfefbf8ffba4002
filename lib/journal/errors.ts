/** The journal can't be written (or read) just now: the answer to a delivery is 503. */
export class JournalUnavailable extends Error {
  override readonly name = "JournalUnavailable";
}

/** The journal can't be opened, and trying again would not help: see the message. */
export class JournalNotOpened extends Error {
  override readonly name = "JournalNotOpened";
  /** Why, without the path of the journal: it may be shown outside. */
  readonly reason: string;

  constructor(message: string, { reason = message, ...options }: NotOpenedOptions = {}) {
    super(message, options);
    this.reason = reason;
  }
}

/** What may be known of a journal that can't be opened, beside words for whoever has it. */
interface NotOpenedOptions extends ErrorOptions {
  readonly reason?: string;
}

/**
 * Makes the error for a journal that can't be opened.
 *
 * @param path The path of its file.
 * @param reason Why, without the path.
 * @param cause What was thrown, if anything was.
 * @returns The error, with the path in its message.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { notOpened } from "./errors.ts";
 *
 * const { message } = notOpened("data/journal.db", "the file is damaged");
 * assertEquals(message, 'Cannot open journal "data/journal.db": the file is damaged');
 * ```
 */
export function notOpened(path: string, reason: string, cause?: unknown): JournalNotOpened {
  const options = cause === undefined ? { reason } : { reason, cause };
  return new JournalNotOpened(`Cannot open journal "${path}": ${reason}`, options);
}

/** What is left of an error between threads. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
}

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
 * import { JournalUnavailable } from "./errors.ts";
 *
 * const text = errorText(new JournalUnavailable("Cannot use the journal: the disk is full"));
 * assertInstanceOf(errorOf(text), JournalUnavailable);
 * ```
 */
export function errorOf({ name, message }: ErrorText): Error {
  const Class = KNOWN.find((known) => known.name === name) ?? Error;
  return new Class(message);
}
