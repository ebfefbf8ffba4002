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
    release: (leases) => announced(changes.release(leases)),
    reclaim: (owner) => announced(changes.reclaim(owner)),
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
  const read = <T>(look: (session: ReadSession) => T) => Promise.try(() => look(session()));
  return {
    list: (options = {}) => read(({ forwards }) => forwards.list(options)),
    get: (id) => read(({ forwards }) => forwards.get(id)),
    nextDueAt: (destination, ordered) =>
      read(({ forwards }) => forwards.nextDueAt(destination, ordered)),
    count: (filter) => read(({ forwards }) => forwards.count(filter)),
    disabled: () => read(({ disabled }) => disabled.all()),
    paused: () => read(({ paused }) => paused.all()),
    counts: () => read(({ forwards }) => forwards.counts()),
    countsByState: () => read(({ forwards }) => forwards.countsByState()),
  };
}
