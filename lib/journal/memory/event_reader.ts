import type { EventFilter, JournalEvents } from "../events.ts";
import { type MemoryEvents, summaryOf } from "./events.ts";
import { matchesEventFilter } from "./filter.ts";
import type { MemoryForwards } from "./forwards.ts";
import { statusOf } from "./outbox.ts";
import { pageOf } from "./page.ts";

/**
 * Fills the contract of events.
 *
 * @param events The events.
 * @param forwards Their forwards.
 * @returns The events, to be read.
 */
export function readMemoryEvents(events: MemoryEvents, forwards: MemoryForwards): JournalEvents {
  function* each(filter: EventFilter = {}) {
    for (const event of events.inOrder()) if (matchesEventFilter(event, filter)) yield event;
  }

  return {
    each,
    list({ limit, cursor, ...filter } = {}) {
      const page = pageOf([...each(filter)], (event) => event, { limit, cursor });
      return { events: page.items.map(summaryOf), next: page.next };
    },
    get(id) {
      const holder = events.find(id);
      if (holder === undefined) return undefined;
      return { ...holder.event, forwards: forwards.ofEvent(holder).map(statusOf) };
    },
    counts() {
      const all = events.inOrder();
      const withWarnings = all.filter(({ warnings }) => warnings.length > 0).length;
      return { events: all.length, withWarnings };
    },
  };
}
