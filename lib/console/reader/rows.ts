/** What the console reads of the journal, as it is shown: plain values. */
import type { DeliveryBrief } from "../../../handlers/handler.ts";
import type { EventCounts } from "../../journal/events.ts";
import type { ForwardCounts } from "../../journal/forwards.ts";
import type { ForwardsDetail } from "../../journal/forwards_detail.ts";
import type { JournalCounts } from "../../journal/journal.ts";
import type { summaryRecord } from "../queries/deliveries.ts";
import type { eventRecord, eventSummaryRecord } from "../queries/events.ts";
import type { forwardRecord, forwardSummaryRecord } from "../queries/forwards.ts";

/** A delivery in a list. */
export type DeliveryRow = ReturnType<typeof summaryRecord> & {
  readonly brief: DeliveryBrief;
  /** How many decisions there are; `decisions` holds the first of them. */
  readonly decisionCount: number;
  /** Whether the program made the id of the request: a sender's own may be any text. */
  readonly isOwnRequestId: boolean;
};

/** How far a list was looked through, newest first. */
export interface LookedThrough {
  /** Continues the list; `null` behind its end. */
  readonly next: string | null;
  /**
   * Back to when it was looked, in ISO 8601, where the search stopped because its time was up;
   * `null` where a page is full or all was seen.
   */
  readonly lookedBackTo: string | null;
}

/** A part of a list of deliveries, newest first. */
export interface FoundDeliveryList extends LookedThrough {
  readonly deliveries: readonly DeliveryRow[];
}

/** An event in a list. */
export type EventRow = ReturnType<typeof eventSummaryRecord> & { readonly payloadBytes: number };

/** A part of a list of events, newest first. */
export interface EventList extends LookedThrough {
  readonly events: readonly EventRow[];
}

/** An event with its payload, as far as it is shown, and with every attempt to forward it. */
export interface EventWithForwards extends ReturnType<typeof eventRecord> {
  readonly payloadBytes: number;
  /** Whether `payload` holds its beginning alone. */
  readonly payloadIsCut: boolean;
  readonly forwards: readonly ReturnType<typeof forwardRecord>[];
}

/** A forward in a list. */
export type ForwardRow = ReturnType<typeof forwardSummaryRecord>;

/** A part of a list of forwards, newest first. */
export interface ForwardList extends LookedThrough {
  readonly forwards: readonly ForwardRow[];
}

/** A forward with its attempts, and the event that it forwards. */
export interface ForwardWithHistory extends ReturnType<typeof forwardRecord> {
  readonly eventId: string;
  readonly deliveryId: string;
}

/** How much there is. */
export interface JournalFigures extends JournalCounts, EventCounts {
  readonly forwards: ForwardCounts;
  readonly notDone: ForwardsDetail;
}
