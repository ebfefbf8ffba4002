/** What happens now, as it happens: one look a second for all who watch. */
import { Problem } from "../http/problem/problem.ts";
import type { Role } from "../journal/console.ts";
import { log } from "../observe/log.ts";
import type { ConsoleContext, Viewer } from "./context.ts";
import { seesPeople } from "./privacy/policy.ts";
import { sightOf } from "./privacy/proof.ts";
import { deliveryRowForViewers, eventRowForViewers } from "./privacy/records.ts";
import type { DeliveryRow, EventRow } from "./reader/rows.ts";

/** How much is not done, in a stream. */
export interface LiveCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly events: number;
  readonly waiting: number;
  readonly failed: number;
}

/** Lets browsers watch. */
export interface Live {
  /**
   * Begins to tell somebody what happens.
   *
   * @param viewer Who watches: what is seen of it is that of the role.
   * @param isStillIn Tells whether whoever watches is signed in as before; asked every few seconds.
   * @returns A stream of server-sent events: `deliveries`, `events`, `counts`, `beat` where nothing
   * happens, and `end` where it is not.
   * @throws {Problem} `overloaded` when too many watch.
   */
  watch(viewer: Pick<Viewer, "name" | "by" | "role">, isStillIn: () => Promise<boolean>): Response;
  /** Ends all streams. */
  stop(): void;
}

/** How often it is looked, and who is still signed in. */
const LOOK_MS = 1000;
const STILL_IN_EVERY = 5;
/** Every so many looks it is read whether counts have changed or not. */
const LOOK_EVERY = 5;
/** After so many looks without a word one is said, so that nobody takes the line for dead. */
const BEAT_EVERY = 15;
/** So many rows of a look are told; of more, that they were more. */
const MOST_ROWS = 25;
/** After a look with so many, so many looks are left out. */
const LEFT_OUT = 2;
/** What came so long ago may be recorded only now. */
const LATE_MS = 20_000;
const MOST_SEEN = 2000;
/** Whoever has so much before them is not waited for. */
const MOST_BEHIND_BYTES = 262_144;
const MOST_WATCHING = 64;
/** Whoever opens ever more leaves room for others. */
const MOST_OF_ONE = 32;

const NO_DELIVERIES: { readonly deliveries: readonly DeliveryRow[] } = { deliveries: [] };
const NO_EVENTS: { readonly events: readonly EventRow[] } = { events: [] };

interface Watching {
  readonly who: string;
  readonly role: Role;
  readonly isStillIn: () => Promise<boolean>;
  readonly send: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly end: () => void;
}

const encoder = new TextEncoder();

/**
 * Makes what lets browsers watch. While nobody does, nothing is looked at.
 *
 * @param context What is read, the time, and what is known of texts.
 */
export function createLive(
  { reader, now, served, handlers }: Pick<
    ConsoleContext,
    "reader" | "now" | "served" | "handlers"
  >,
): Live {
  const all = new Set<Watching>();
  const seen = new Set<string>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let looks = 0;
  let quiet = 0;
  let lastCounts = "";
  let last: LiveCounts | undefined;
  let isLooking = false;
  let looksLeftOut = 0;

  function fresh<Row extends { readonly id: string }>(rows: readonly Row[]): readonly Row[] {
    const found = rows.filter(({ id }) => !seen.has(id));
    for (const { id } of found) seen.add(id);
    for (const id of seen) {
      if (seen.size <= MOST_SEEN) break;
      seen.delete(id);
    }
    return found;
  }

  async function read() {
    const { accepted, refused, events: count, notDone: { waiting, failed } } = await reader
      .figures();
    const counts: LiveCounts = { accepted, refused, events: count, waiting, failed };
    const part = { since: now() - LATE_MS, limit: MOST_ROWS };
    // Nothing is read every second while nothing comes. Of refused ones there may be as many as before
    // though others came.
    const isQuiet = looks % LOOK_EVERY !== 0 && last?.accepted === accepted &&
      last.refused === refused;
    const { deliveries } = isQuiet ? NO_DELIVERIES : await reader.deliveries(part);
    const { events } = last?.events === count ? NO_EVENTS : await reader.events(part);
    last = counts;
    return { deliveries: fresh(deliveries), events: fresh(events), counts };
  }

  /** Written once for those who see people, and once for the others. */
  function tell(write: (role: Role) => string): void {
    const texts = new Map<boolean, Uint8Array<ArrayBuffer>>();
    for (const one of all) {
      const sees = seesPeople(one.role);
      const bytes = texts.get(sees) ?? encoder.encode(write(one.role));
      texts.set(sees, bytes);
      one.send(bytes);
    }
  }

  function tellRows(deliveries: readonly DeliveryRow[], events: readonly EventRow[]): void {
    const sight = sightOf(served().config, handlers);
    if (deliveries.length > 0) {
      tell((role) =>
        message("deliveries", {
          deliveries: deliveries.map((row) =>
            seesPeople(role) ? row : deliveryRowForViewers(row, sight)
          ),
          isAll: deliveries.length < MOST_ROWS,
        })
      );
    }
    if (events.length > 0) {
      tell((role) =>
        message("events", {
          events: events.map((row) => seesPeople(role) ? row : eventRowForViewers(row, sight)),
          isAll: events.length < MOST_ROWS,
        })
      );
    }
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    if (looksLeftOut > 0) {
      looksLeftOut--;
      return;
    }
    isLooking = true;
    try {
      looks++;
      if (looks % STILL_IN_EVERY === 0) await sendAway();
      const { deliveries, events, counts } = await read();
      // Of so many nobody reads each, and shoppers need the processor.
      if (deliveries.length === MOST_ROWS) looksLeftOut = LEFT_OUT;
      tellRows(deliveries, events);
      const written = message("counts", counts);
      const isSame = written === lastCounts;
      lastCounts = written;
      quiet = isSame && deliveries.length === 0 && events.length === 0 ? quiet + 1 : 0;
      if (!isSame) tell(() => written);
      else if (quiet > 0 && quiet % BEAT_EVERY === 0) tell(() => message("beat", {}));
    } catch (error) {
      // The journal may come back; who watches sees that nothing comes.
      log.debug("Cannot look what happens: {error}", { error });
    } finally {
      isLooking = false;
    }
  }

  async function sendAway(): Promise<void> {
    await Promise.all([...all].map(async (one) => {
      if (await one.isStillIn()) return;
      one.send(encoder.encode(message("end", {})));
      one.end();
    }));
  }

  function begin(): void {
    if (timer !== undefined) return;
    // What is there already stands on the page.
    read().catch(() => undefined);
    lastCounts = "";
    last = undefined;
    timer = setInterval(look, LOOK_MS);
  }

  function leave(one: Watching): void {
    all.delete(one);
    if (all.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    watch({ name, by, role }, isStillIn) {
      const who = `${by} ${name}`;
      const ofOne = [...all].filter((one) => one.who === who).length;
      if (all.size >= MOST_WATCHING || ofOne >= MOST_OF_ONE) throw new Problem("overloaded");
      let one: Watching | undefined;
      const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          const me: Watching = {
            who,
            role,
            isStillIn,
            send(bytes) {
              // Whoever reads too slowly is cut off, and comes again by itself.
              if ((controller.desiredSize ?? 0) > bytes.length) controller.enqueue(bytes);
              else {
                leave(me);
                controller.error(new Error("It is read too slowly"));
              }
            },
            end() {
              leave(me);
              controller.close();
            },
          };
          one = me;
          all.add(me);
          me.send(encoder.encode("retry: 2000\n\n"));
        },
        cancel() {
          if (one !== undefined) leave(one);
        },
      }, new ByteLengthQueuingStrategy({ highWaterMark: MOST_BEHIND_BYTES }));
      begin();
      return new Response(stream, {
        headers: { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" },
      });
    },
    stop() {
      for (const one of all) one.end();
    },
  };
}

function message(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
