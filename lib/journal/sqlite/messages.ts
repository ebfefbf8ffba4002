import { JournalNotOpened, JournalUnavailable } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import type { Changes } from "./changes.ts";
import type { Commit } from "./group_commit.ts";
import type { OpenOptions } from "./open.ts";

/** What the thread needs to open the file. */
export interface ThreadSettings
  extends Pick<OpenOptions, "refused" | "repeatWindowMs" | "maxPages"> {
  readonly path: string;
  readonly probeEveryMs: number;
}

/** A change that is made in the thread. */
export interface Call {
  /** Among the calls that wait; it is given out again. */
  readonly id: number;
  readonly method: keyof Changes;
  readonly args: readonly unknown[];
}

/** Calls that are stored together, or the last message of all. */
export type ToThread = readonly Call[] | "close";

/** What is left of an error between threads. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
}

/** What became of a call: what it gives, or why it failed. */
export type CallOutcome =
  & { readonly id: number }
  & ({ readonly value: unknown } | { readonly error: ErrorText });

/** What the thread tells. */
export type Told =
  | { readonly kind: "opened" }
  | { readonly kind: "not opened"; readonly error: ErrorText }
  /** The calls of one message are made; those that take no longer than that are stored or refused. */
  | { readonly kind: "taken" }
  | { readonly kind: "outcome"; readonly outcome: CallOutcome }
  | { readonly kind: "state"; readonly state: JournalState }
  /** The file was removed or replaced, and another is open now. */
  | { readonly kind: "replaced" }
  | { readonly kind: "commit"; readonly commit: Commit }
  | { readonly kind: "closed" };

/** What is told in one turn. */
export type FromThread = readonly Told[];

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
