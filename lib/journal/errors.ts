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
