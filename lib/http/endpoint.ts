import type { Authenticator } from "../auth/authenticator.ts";
import type { DecidingRules, Decision } from "../rules/decision.ts";
import type { Vocabulary } from "../rules/vocabulary.ts";
import type { ReceivedEvent } from "../events/event.ts";
import type { ExportIdentity } from "../journal/export.ts";
import type { Reply, Service } from "../services/service.ts";
import type { Question } from "../services/exchange.ts";
import type { AddressList } from "../util/addresses.ts";
import type { TokenBucket } from "../util/rates.ts";
import type { Problem } from "./problem/problem.ts";

/** What a handler gets of a delivery that was verified and parsed. */
export interface Incoming {
  /** What {@linkcode documentOf} makes of the body. */
  readonly document: unknown;
  readonly requestId: string;
  /** The exact bytes of the body. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
  /** Reads where it was sent to. No getter, for what it leaves behind: see docs/architecture.md. */
  readonly url: () => URL;
  /** The time zone by which it was decided once, where it is decided again. */
  readonly timeZone?: string;
  /**
   * Gives the lasting names of an exported list: the first call for a list assigns them.
   *
   * @param listKey What tells one list of this endpoint from another.
   * @param externalId The external id to keep when the list has one already.
   * @throws {JournalUnavailable} When new names cannot be kept.
   */
  exportOf(listKey: string, externalId?: string): Promise<ExportIdentity>;
  /**
   * Asks a service about this delivery.
   *
   * @param service The service.
   * @param question What is wanted of it.
   * @returns What came of it; `undefined` where nobody is to be asked, as in a backtest.
   */
  ask<Said>(service: Service, question: Question<Said>): Promise<Reply<Said> | undefined>;
}

/** An exported list, to be kept with the delivery that brought it. */
export interface Exported {
  /** The token under which its page is found. */
  readonly token: string;
  /** What the page shows. */
  readonly list: object;
}

/** What a handler makes of a delivery. */
export interface Answer {
  /** The JSON text of a 200, `null` for a 204, or the problem that takes its place. */
  readonly result: string | null | Problem;
  /** Why: one decision a subject, also when the answer is a refusal. */
  readonly decisions: readonly Decision[];
  /** What follows from it: a new version of an exported list. */
  readonly exported?: Exported;
  /** What follows from it: events, to be kept and handed on. */
  readonly events?: readonly ReceivedEvent[];
}

/** How an endpoint takes in events, which are not answered but kept. */
export interface Ingestion {
  /** Whether the paths below the endpoint's own belong to it, e.g. `/emporix/cart.created`. */
  readonly below: boolean;
  /** Whether the body must be JSON by its type; else the handler sees bytes alone. */
  readonly json: boolean;
}

/** Whether an event goes to a destination of its endpoint, and why. */
export interface ForwardChoice {
  readonly destination: string;
  readonly goes: boolean;
  /** The filter that decides; `null` where there is none, and every event goes. */
  readonly when: string | null;
  /** Why the filter could not be evaluated. The event goes there then. */
  readonly failure?: string;
}

/** A configured path: a handler opened with its settings. */
export interface Endpoint extends DecidingRules {
  /** Where it listens, e.g. `/ustore/order-approval`. */
  readonly path: string;
  /** The handler's kind, e.g. `ustore.order-approval`. */
  readonly kind: string;
  readonly auth: Authenticator;
  /** What its rules speak of, with what its config adds; absent where it has none. */
  readonly vocabulary?: Vocabulary;
  /** From where requests may come, absent for everywhere; a 401 for others. */
  readonly addresses?: AddressList;
  /** How often it answers who was verified, absent for always; a 429 beyond. */
  readonly rate?: TokenBucket;
  /** Only where it takes in events. Such an endpoint answers `HEAD` and `OPTIONS` with a 204. */
  readonly ingestion?: Ingestion;
  /** Reads by which numbers people look for a delivery; it never throws. Absent where by none. */
  readonly numbersOf?: (document: unknown) => readonly string[];
  /** To which destinations an event goes. */
  forwardTo(event: ReceivedEvent): readonly string[];
  /** The same with the reasons, and without a word to the log. */
  weighForwards(event: ReceivedEvent): readonly ForwardChoice[];
  /** Decides. May throw a {@linkcode Problem} where the document has the wrong shape. */
  answer(incoming: Incoming): Answer | Promise<Answer>;
}

/** Paths that the server answers by itself. */
const RESERVED_PATHS: ReadonlySet<string> = new Set(["/livez", "/readyz", "/healthz"]);

/** Below it stand the pages of all exported lists. */
export const EXPORTS_PREFIX = "/exports/";

/** Below them the server answers by itself too. */
export const RESERVED_PREFIXES: readonly string[] = [EXPORTS_PREFIX];

/**
 * Tells whether the server answers a path by itself.
 *
 * @param path The path.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["/livez", "/exports/x", "/exports"].map(isReserved), [true, true, false]);
 * ```
 */
export function isReserved(path: string): boolean {
  return RESERVED_PATHS.has(path) || RESERVED_PREFIXES.some((prefix) => path.startsWith(prefix));
}
