import type { JournalOutbox } from "../../forwards.ts";
import type { Listeners } from "../../listeners.ts";
import type { Changes } from "../changes.ts";
import type { ReadSession } from "../session.ts";

/**
 * Fills the contract of the outbox.
 *
 * @param changes Changes the file.
 * @param session Gives the session to read with.
 * @param listeners Those who want to be told of changes.
 * @returns The outbox.
 */
export function createOutbox(
  changes: Changes,
  session: () => ReadSession,
  listeners: Listeners,
): JournalOutbox {
  /** Also what waited behind what was called off may be due. */
  async function announced<T>(change: Promise<T>): Promise<T> {
    const result = await change;
    listeners.announce();
    return result;
  }
  return {
    ...readingOutbox(session),
    lease: changes.lease,
    complete: changes.complete,
    release: (ids) => announced(changes.release(ids)),
    disable: changes.disable,
    enable: (destination) => announced(changes.enable(destination)),
    pause: changes.pause,
    resume: (destination) => announced(changes.resume(destination)),
    correctDueDates: changes.correctDueDates,
    onChange: listeners.add,
    retry: (selection, now) => announced(changes.retry(selection, now)),
    resend: (selection, now) => announced(changes.resend(selection, now)),
    cancel: (selection) => announced(changes.cancel(selection)),
  };
}

/**
 * Fills the part of the contract that changes nothing.
 *
 * @param session Gives the session to read with.
 * @returns That part.
 */
export function readingOutbox(
  session: () => ReadSession,
): Pick<
  JournalOutbox,
  "list" | "get" | "count" | "nextDueAt" | "disabled" | "paused" | "counts" | "countsByState"
> {
  return {
    list: (options = {}) => session().forwards.list(options),
    get: (id) => session().forwards.get(id),
    nextDueAt: (destination, ordered) => session().forwards.nextDueAt(destination, ordered),
    count: (filter) => session().forwards.count(filter),
    disabled: () => session().disabled.all(),
    paused: () => session().paused.all(),
    counts: () => session().forwards.counts(),
    countsByState: () => session().forwards.countsByState(),
  };
}
