/** The events of deliveries on their way into the journal, in the order in which these came. */
import { mapInPieces } from "../../util/waiting.ts";
import type { Delivery } from "../delivery.ts";
import type { EventToRecord } from "../events.ts";
import { type EncodedEvent, encodeEvent } from "./events.ts";
import { LEAST_PACKED, type ManyEvents } from "./packed_events.ts";

/** Encodes the events of deliveries, those of many events in pieces. */
export interface EventsInOrder {
  /**
   * Encodes events. None are given back before those of an earlier delivery: what is given back is to
   * be recorded in the same turn.
   *
   * @returns They, at once where they are few and nobody is before them.
   */
  readonly encode: (
    delivery: Delivery,
    events: readonly EventToRecord[],
  ) => ManyEvents | Promise<ManyEvents>;
  /** Runs when all that was asked for is given back, at once where nothing is under way. */
  readonly afterwards: (next: () => Promise<void>) => Promise<void>;
}

/**
 * Prepares to encode the events of deliveries.
 *
 * @param pack What many of them go through in the end; nothing unless given.
 */
export function encodeEventsInOrder(
  pack: (events: readonly EncodedEvent[]) => ManyEvents | Promise<ManyEvents> = (events) => events,
): EventsInOrder {
  let underWay: Promise<void> | undefined;

  async function encodeMany(
    before: Promise<void> | undefined,
    delivery: Delivery,
    events: readonly EventToRecord[],
  ): Promise<ManyEvents> {
    await before;
    return await pack(await mapInPieces(events, (event) => encodeEvent(delivery, event)));
  }

  return {
    encode(delivery, events) {
      if (events.length === 0) return [];
      if (underWay === undefined && events.length < LEAST_PACKED) {
        return events.map((event) => encodeEvent(delivery, event));
      }
      const encoded = encodeMany(underWay, delivery, events);
      // Whoever asked hears of it first: it waits for less.
      const ended = Promise.allSettled([encoded]).then(() => {
        if (underWay === ended) underWay = undefined;
      });
      underWay = ended;
      return encoded;
    },
    afterwards: (next) => underWay === undefined ? next() : underWay.then(next),
  };
}
