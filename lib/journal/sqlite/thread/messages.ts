import type { JournalState } from "../../journal.ts";
import type { Changes } from "../changes.ts";
import type { Commit } from "../group_commit.ts";
import type { OpenOptions } from "../open.ts";

/** What the thread needs to open the file. */
export interface ThreadSettings
  extends Pick<OpenOptions, "refused" | "repeatWindowMs" | "maxPages"> {
  readonly path: string;
  readonly probeEveryMs: number;
}

/** A method that is called in the thread, with what it takes. */
export type Call<Method extends keyof Changes = keyof Changes> = {
  [Each in Method]: {
    /** Among the calls of this method that wait; it is given out again. */
    readonly id: number;
    readonly method: Each;
    readonly args: Parameters<Changes[Each]>;
  };
}[Method];

/** Calls that are stored together, or the last message of all. */
export type ToThread = readonly Call[] | "close";

/** What is left of an error between threads. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
}

/** What a method gives. */
export type ResultOf<Method extends keyof Changes> = Awaited<ReturnType<Changes[Method]>>;

/** What became of a call: what it gives, or why it failed. */
export type Outcome<Method extends keyof Changes = keyof Changes> = {
  [Each in Method]:
    & { readonly id: number; readonly method: Each }
    & ({ readonly value: ResultOf<Each> } | { readonly error: ErrorText });
}[Method];

/** What the thread tells. */
export type Told =
  | { readonly kind: "opened" }
  | { readonly kind: "not opened"; readonly error: ErrorText }
  /** The calls of one message are made; those that take no longer than that are stored or refused. */
  | { readonly kind: "taken" }
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "state"; readonly state: JournalState }
  | { readonly kind: "commit"; readonly commit: Commit }
  | { readonly kind: "closed" };

/** What is told in one turn. */
export type FromThread = readonly Told[];
