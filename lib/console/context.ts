/** What the console is given, and who looks at it. */
import type { Handler } from "../../handlers/handler.ts";
import type { Loaded } from "../config/load.ts";
import type { LocatedMistake } from "../config/mistake.ts";
import type { DestinationState } from "../forward/worker.ts";
import type { Readiness } from "../http/routes.ts";
import type { Language } from "../http/problem/problem.ts";
import { type JournalConsole, type Role, ROLES, type SignedInBy } from "../journal/console.ts";
import type { Journal } from "../journal/journal.ts";
import type { ConsoleReader } from "./reader/reader.ts";
import type { Drafts } from "./editing/draft.ts";
import type { RunningServices } from "./queries/services.ts";
import type { Traffic } from "./traffic.ts";

/** The config as it is served now. */
export interface ServedConfig
  extends Pick<Loaded, "config" | "endpoints" | "secrets" | "warnings"> {
  /** The path of its file. */
  readonly file: string;
  /** Since when it is served, in milliseconds since the epoch. */
  readonly since: number;
}

/** What the console is given. */
export interface ConsoleContext {
  /** What is read; in a server in a thread of its own. */
  readonly reader: ConsoleReader;
  /**
   * What is changed, and who is signed in: one row, which whoever asks without being known may have
   * read, but nothing that could keep others from reading.
   */
  readonly journal: Pick<Journal, "outbox"> & {
    readonly console: Pick<JournalConsole, "change" | "session" | "link">;
  };
  readonly handlers: readonly Handler[];
  /** Tries drafts of the config. */
  readonly drafts: Drafts;
  /** The config as it is served now. */
  readonly served: () => ServedConfig;
  /** What is wrong with the file where it is not served; `undefined` when it is. */
  readonly notServed: () => { readonly message: string; readonly since: string } | undefined;
  /** The mistakes of a file that is not served. */
  readonly mistakes: () => readonly LocatedMistake[];
  readonly readiness: () => Promise<Readiness>;
  readonly destinations: () => readonly DestinationState[];
  readonly services: RunningServices;
  readonly traffic: Traffic;
  readonly version: string;
  /** Since when the program runs, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** Who looks at the console. */
export interface Viewer {
  readonly name: string;
  readonly by: SignedInBy;
  readonly role: Role;
  readonly language: Language;
  /** What stands before the path of every link: `""`, or that of `console.publicUrl`. */
  readonly base: string;
}

/**
 * Tells whether a role may do what another one may.
 *
 * @param role The role.
 * @param needed The other one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([mayDo("admin", "operator"), mayDo("viewer", "operator")], [true, false]);
 * ```
 */
export function mayDo(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
