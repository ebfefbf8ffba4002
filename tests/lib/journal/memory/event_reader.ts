import type { EventFilter, JournalEvents } from "../../../../lib/journal/events.ts";
import { type MemoryEvents, summaryOf } from "./events.ts";
import { matchesEventFilter } from "./filter.ts";
import type { MemoryForwards } from "./forwards.ts";
import { statusOf } from "./outbox.ts";
import { pageOf, streamOf, timeBehindOf } from "./page.ts";

/**
 * Fills the contract of events.
 *
 * @param events The events.
 * @param forwards Their forwards.
 * @returns The events, to be read.
 */
export function readMemoryEvents(events: MemoryEvents, forwards: MemoryForwards): JournalEvents {
  const select = (filter: EventFilter = {}) =>
    events.inOrder().filter((event) => matchesEventFilter(event, filter));

  return {
    each: (filter) => streamOf(() => select(filter)),
    list: ({ limit, cursor, ...filter } = {}) =>
      Promise.try(() => {
        const page = pageOf(select(filter), (event) => event, { limit, cursor });
        return { events: page.items.map(summaryOf), next: page.next };
      }),
    timeBehind: (rows, span) => timeBehindOf(select(span), (event) => event, rows, span),
    get(id) {
      const holder = events.find(id);
      return Promise.resolve(
        holder && { ...holder.event, forwards: forwards.ofEvent(holder).map(statusOf) },
      );
    },
    counts() {
      const all = events.inOrder();
      const withWarnings = all.filter(({ warnings }) => warnings.length > 0).length;
      return Promise.resolve({ events: all.length, withWarnings });
    },
  };
}
