import type { ComingEvent, KnownEvent, KnownEvents } from "../../../../lib/journal/repeats.ts";

/** An event that came, as the rule for repeats knows it. */
export interface RecentEvent extends KnownEvent {
  readonly subject: string;
  key: string | null;
  content: string | null;
  deliveryId: string;
}

/** What the rule for repeats knows, in memory. */
export interface MemoryRecentEvents {
  /** Finds those of an endpoint. */
  readonly at: (endpoint: string) => KnownEvents<RecentEvent>;
  readonly insert: (
    endpoint: string,
    event: ComingEvent & Pick<KnownEvent, "id" | "receivedAt" | "deliveryId">,
  ) => void;
  /** Forgets those that no retry can reach. */
  readonly forget: (now: number, windowMs: number) => void;
  /** Takes out what it knows of an event: that there was one stays known. */
  readonly blank: (isMeant: (event: RecentEvent) => boolean) => void;
}

/**
 * Makes an empty collection.
 *
 * @returns The collection.
 */
export function createMemoryRecentEvents(): MemoryRecentEvents {
  /** Newest first, by endpoint. */
  const byEndpoint = new Map<string, RecentEvent[]>();

  function eventsAt(endpoint: string): RecentEvent[] {
    const found = byEndpoint.get(endpoint) ?? [];
    byEndpoint.set(endpoint, found);
    return found;
  }

  return {
    at: (endpoint) => ({
      newestOf: (subject, _, most) =>
        eventsAt(endpoint).filter((event) => event.subject === subject).slice(0, most),
      withKey: (key) =>
        eventsAt(endpoint).filter((event) => event.key === key && event.content !== null),
    }),
    insert(endpoint, { id, subject, key, content = null, receivedAt, deliveryId }) {
      eventsAt(endpoint).unshift({ id, subject, key, content, receivedAt, deliveryId });
    },
    forget(now, windowMs) {
      const isNear = ({ receivedAt }: RecentEvent) => Math.abs(now - receivedAt) < windowMs;
      for (const [endpoint, events] of byEndpoint) byEndpoint.set(endpoint, events.filter(isNear));
    },
    blank(isMeant) {
      for (const event of [...byEndpoint.values()].flat()) {
        if (isMeant(event)) event.key = event.content = null;
      }
    },
  };
}
