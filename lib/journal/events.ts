import type { ReceivedEvent } from "../events/event.ts";
import type { StoredEvent } from "../forward/outbox.ts";
import type { TimeBehind } from "./delivery_filter.ts";
import type { ExportToSave } from "./export.ts";
import type { ForwardStatus } from "./forwards.ts";

/** An event on its way into the journal. */
export interface EventToRecord extends ReceivedEvent {
  /** The names of the destinations that get it. */
  readonly forwardTo: readonly string[];
}

/** What follows from a delivery, stored with it or not at all. */
export interface Follows {
  readonly events?: readonly EventToRecord[];
  /** Becomes the newest version of its export, saved when the delivery was answered. */
  readonly exported?: ExportToSave | undefined;
  /** Whether nobody else needs the delivery's body any more: then it may be taken without a copy. */
  readonly isBodyGiven?: boolean;
}

/** An event as the journal keeps it, with what became of it since. */
export interface KeptEvent extends StoredEvent {
  /** When it came for the last time, in milliseconds since the epoch. */
  readonly lastSeenAt: number;
  /** When a person's data was erased from it, in milliseconds since the epoch. */
  readonly erasedAt: number | null;
}

/** What stands in a list of events: everything but the payload. */
export interface EventSummary extends Omit<KeptEvent, "payload"> {
  readonly payloadBytes: number;
}

/** An event with what became of it at each of its destinations. */
export interface EventDetails extends KeptEvent {
  readonly forwards: readonly ForwardStatus[];
}

/** Which events are meant; every field that is given must hold. */
export interface EventFilter {
  readonly endpoint?: string;
  readonly source?: string;
  readonly type?: string;
  readonly subject?: string;
  /** Received at this time or later, in milliseconds since the epoch. */
  readonly since?: number;
  /** Received before this time, in milliseconds since the epoch. */
  readonly until?: number;
  /** Stands in the payload, the subject or the key; ASCII letters of any case match. */
  readonly text?: string;
  /** `true` for those with warnings alone, `false` for those without alone. */
  readonly withWarnings?: boolean;
}

/** Which part of a list of events is wanted. */
export interface EventListOptions extends EventFilter {
  /** The length of a page; 50 unless given. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** A part of a list of events, newest first. */
export interface EventPage {
  readonly events: readonly EventSummary[];
  /** Continues the list; `null` behind its end. */
  readonly next: string | null;
}

/** How many events are kept. */
export interface EventCounts {
  readonly events: number;
  readonly withWarnings: number;
}

/** The events in a journal. */
export interface JournalEvents {
  /**
   * Lists events, newest first.
   *
   * @throws {SyntaxError} When the cursor is not one.
   */
  list(options?: EventListOptions): Promise<EventPage>;
  /** Tells when events were received, and so how densely they came. */
  readonly timeBehind: TimeBehind;
  /** Finds one event. */
  get(id: string): Promise<EventDetails | undefined>;
  /** Walks through events, oldest first, holding few of them at a time. */
  each(filter?: EventFilter): AsyncIterable<KeptEvent>;
  /** Counts what is kept. */
  counts(): Promise<EventCounts>;
}
