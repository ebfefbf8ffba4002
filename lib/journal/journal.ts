import type { ClockRecord } from "./clock_watch.ts";
import type { JournalConsole } from "./console.ts";
import type { Delivery, DeliverySummary, StoredDelivery } from "./delivery.ts";
import type { DeliveryFilter, TimeBehind } from "./delivery_filter.ts";
import type { Follows, JournalEvents } from "./events.ts";
import type { ExportIdentity, StoredExport } from "./export.ts";
import type { JournalOutbox } from "./forwards.ts";
import type { MentionRole } from "./mentions.ts";

/** Whether deliveries can be recorded just now. */
export type JournalState =
  | { readonly writable: true }
  | { readonly writable: false; readonly reason: string };

/** A part of a list, newest first. */
export interface DeliveryPage {
  readonly deliveries: readonly DeliverySummary[];
  /** Continues the list; `null` behind its end. */
  readonly next: string | null;
}

/** Which part of a list is wanted. */
export interface ListOptions extends DeliveryFilter {
  /** The length of a page; 50 unless given. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** What may go, and how long that may take. */
export interface PruneOptions {
  /** Removes what was received longer ago than this. */
  readonly olderThanMs?: number;
  /** Removes the oldest until the rest takes no more than this. */
  readonly maxBytes?: number;
  /**
   * Gives up the oldest that wait for a destination until those that are left take no more than
   * this. Where only events that wait are left, it gives up the oldest of these for `maxBytes`, too.
   */
  readonly maxWaitingBytes?: number;
  /** Leaves so much of the file free for what comes next, in place of making it smaller. */
  readonly spareBytes?: number;
  /** Counts what would go, about so where it goes by size, and changes nothing. */
  readonly dryRun?: boolean;
  /** Stops after about this time; the next call goes on. */
  readonly budgetMs: number;
  /** What counts as now, in milliseconds since the epoch; the clock unless given. */
  readonly now?: number;
}

/** What a call of `prune()` came to. */
export interface PruneResult {
  readonly deliveries: number;
  readonly events: number;
  readonly exportVersions: number;
  /** How many forwards were given up, by destination; the last attempt of each says why. */
  readonly givenUp: Readonly<Record<string, number>>;
  /** Whether nothing is left to do. */
  readonly done: boolean;
}

/** What holds an address. */
export interface EraseCounts {
  readonly deliveries: number;
  readonly events: number;
  readonly exportVersions: number;
}

/** What a call of `erase()` came to. */
export interface EraseResult extends EraseCounts {
  /** What was not forwarded yet, and was called off. */
  readonly forwards: number;
  /** How much of it names the address only as the store's or its staff's. */
  readonly ofStore: EraseCounts;
}

/** How a person is erased. */
export interface EraseOptions {
  /** Counts what would go, and changes nothing. */
  readonly dryRun?: boolean;
  /** Takes out only what names the address so; all of it unless given. */
  readonly role?: MentionRole;
}

/** How much is kept. */
export interface JournalCounts {
  /** Accepted deliveries. */
  readonly accepted: number;
  /** Refused deliveries; the oldest makes room when there are too many. */
  readonly refused: number;
  /** Lists that have an export identity. */
  readonly exports: number;
  /** What all of it takes. */
  readonly bytes: number;
}

/** How many refused deliveries are kept and how much of each, so that strangers fill no disk. */
export interface RefusedLimits {
  readonly count: number;
  readonly bodyBytes: number;
}

/** The limits unless others are given. */
export const REFUSED_LIMITS: RefusedLimits = { count: 10_000, bodyBytes: 65_536 };

/**
 * Everything that was answered. What reads rejects with `JournalUnavailable` where there is no journal
 * to read from just now.
 */
export interface Journal {
  /**
   * In whose name this process leases forwards. Where one process at a time may write, each has the
   * same name as the one before, and may reclaim at once what that one left; else nobody has it but
   * this one.
   */
  readonly leaseOwner: string;
  /**
   * Records a delivery and what follows from it: its events, their forwards and its export are one
   * change with it, stored whole or not at all. Resolves once it is durable. An event that repeats
   * another (`judgeRepeats()` has the rule) is counted, and neither kept nor forwarded again.
   *
   * @throws {JournalUnavailable} When it can't be written; nothing of it is stored then.
   * @throws {RangeError} When a part is wrong in itself, such as an id that the journal has already
   *   or an unknown token of an export; nothing of it is stored then either.
   */
  record(delivery: Delivery, follows?: Follows): Promise<void>;
  /** The events that deliveries brought. */
  readonly events: JournalEvents;
  /** What is to be forwarded, and what became of it. */
  readonly outbox: JournalOutbox;
  /** Who is signed in to the console, what was done there, and how much came. */
  readonly console: JournalConsole;
  /** Tells whether it can be written, and tries again by itself when it could not. */
  state(): JournalState;
  /**
   * Lists deliveries, newest first.
   *
   * @throws {SyntaxError} When the cursor is not one.
   */
  list(options?: ListOptions): Promise<DeliveryPage>;
  /** Tells when deliveries were received, and so how densely they came. */
  readonly timeBehind: TimeBehind;
  /** Finds one delivery. */
  get(id: string): Promise<StoredDelivery | undefined>;
  /** Walks through deliveries, oldest first, holding few of them at a time. */
  each(filter?: DeliveryFilter): AsyncIterable<StoredDelivery>;
  /**
   * Gives the identity of a list's export: the first call assigns it, later ones return the same.
   *
   * @param externalId The id to assign when there is none yet.
   * @throws {JournalUnavailable} When a new one can't be written.
   */
  exportOf(endpoint: string, listKey: string, externalId?: string): Promise<ExportIdentity>;
  /** Finds an export by the token of its page: the newest version unless another is named. */
  findExport(token: string, version?: number): Promise<StoredExport | undefined>;
  /**
   * Removes what is too old or too much, in steps that leave room for requests. An event takes its
   * forwards along, and stays as long as one of them waits: what waits is given up only beyond
   * `maxWaitingBytes`.
   */
  prune(options: PruneOptions): Promise<PruneResult>;
  /**
   * Takes a person's data out: of each delivery that holds the address remain id, times, endpoint
   * and status, of each event id, times, endpoint, source and type; export versions that hold it
   * go. The delivery of such an event counts as one that holds it, and what is not forwarded yet
   * is called off. What a destination said goes where it holds the address.
   *
   * @throws {SyntaxError} When it is not an address.
   */
  erase(email: string, options?: EraseOptions): Promise<EraseResult>;
  /**
   * Writes a copy of the whole journal as of now, which can be opened in its place.
   *
   * @throws {Error} When the file exists or can't be written.
   */
  backup(file: string): Promise<void>;
  /** What was noted of the clock; `null` when nothing was. */
  clockRecord(): Promise<ClockRecord | null>;
  /**
   * Notes what is known of the clock, in the place of what was noted before.
   *
   * @throws {JournalUnavailable} When it can't be written.
   */
  noteClock(record: ClockRecord): Promise<void>;
  /** Counts what is kept. */
  counts(): Promise<JournalCounts>;
  /** Stores what is pending and lets go of the files. */
  close(): Promise<void>;
}
