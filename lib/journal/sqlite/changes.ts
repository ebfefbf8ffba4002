import type { Completion, Lease, LeasedForward } from "../../forward/outbox.ts";
import type { Position } from "../delivery_filter.ts";
import type { JournalConsole } from "../console.ts";
import type { ExportIdentity, UncountedVersion } from "../export.ts";
import {
  deliveredBefore,
  type ForwardFilter,
  type ForwardSelection,
  isIds,
  type JournalOutbox,
} from "../forwards.ts";
import type { Journal, PruneOptions, PruneResult } from "../journal.ts";
import type { ConnectionHolder } from "./connection_holder.ts";
import type { GroupCommit, Weight } from "./group_commit.ts";
import type { EncodedDelivery } from "./deliveries.ts";
import { erase } from "./erase.ts";
import type { ForwardWriter } from "./forwards_writer.ts";
import { type ManyEvents, unpackEvents } from "./packed_events.ts";
import { makeRoom, prune } from "./prune.ts";
import type { WriteSession } from "./session.ts";
import { inSteps } from "./steps.ts";

/**
 * All that changes the file, in values that can be sent to another thread.
 *
 * Each rejects with `JournalUnavailable` when the file can't be written.
 */
export interface Changes extends
  Pick<Journal, "prune" | "erase" | "noteClock">,
  Pick<
    JournalOutbox,
    | "lease"
    | "release"
    | "reclaim"
    | "retry"
    | "resend"
    | "cancel"
    | "disable"
    | "enable"
    | "pause"
    | "resume"
    | "correctDueDates"
  > {
  /**
   * Stores a delivery and what follows from it, all of it or nothing.
   *
   * @returns The ids of the events that are kept though the sender's id was known.
   */
  record(
    delivery: EncodedDelivery,
    events: ManyEvents,
    exported?: UncountedVersion,
  ): Promise<readonly string[]>;
  /**
   * Writes what became of attempts, and ends their leases.
   *
   * @returns Of each, whether its lease was held.
   */
  complete(completions: readonly Completion[]): Promise<readonly boolean[]>;
  /** Changes what the console keeps. */
  changeConsole: JournalConsole["change"];
  /** Gives a list this identity unless it has one, and returns the one that it has now. */
  assignExport(
    endpoint: string,
    listKey: string,
    identity: ExportIdentity,
  ): Promise<ExportIdentity>;
}

/** The names of all changes: whoever makes them elsewhere sends one of these, and what it takes. */
export const CHANGES = [
  "record",
  "assignExport",
  "lease",
  "complete",
  "release",
  "reclaim",
  "disable",
  "enable",
  "pause",
  "resume",
  "correctDueDates",
  "retry",
  "resend",
  "cancel",
  "noteClock",
  "changeConsole",
  "prune",
  "erase",
] as const satisfies readonly (keyof Changes)[];

/**
 * Changes the file in this thread.
 *
 * @param holder Gives the session.
 * @param commits Commits together what belongs to one turn.
 * @returns The changes.
 */
export function createChanges(holder: ConnectionHolder, commits: GroupCommit): Changes {
  const room = keepRoom();
  return {
    // Each an async function, so that what is thrown becomes a rejection.
    async record(delivery, packed, exported) {
      const events = unpackEvents(packed);
      let contradicting: readonly string[] = [];
      let givenUp = NOTHING;
      await commits.submit((session) => {
        const { writer, eventWriter, exports } = session;
        // Before it is stored: what comes is never what goes.
        givenUp = room.make(session, delivery.body.byteLength);
        writer.insert(delivery);
        if (events.length > 0) contradicting = eventWriter.insert(delivery, events);
        if (exported !== undefined) exports.save(exported);
      }, weightOf(events.length, delivery.body.byteLength));
      room.note(givenUp);
      return contradicting;
    },
    async assignExport(endpoint, listKey, wanted) {
      let identity = wanted;
      await commits.submit(({ exports }) => {
        identity = exports.assign(endpoint, listKey, wanted);
      });
      return identity;
    },
    async lease(options) {
      let leased: readonly LeasedForward[] = [];
      await commits.submit(({ forwardWriter }) => {
        leased = forwardWriter.lease(options);
      });
      return leased;
    },
    async complete(completions) {
      let held: readonly boolean[] = [];
      await commits.submit(({ forwardWriter }) => {
        held = forwardWriter.complete(completions);
      });
      return held;
    },
    async release(leases) {
      let lost: readonly Lease[] = [];
      await commits.submit(({ forwardWriter }) => {
        lost = leases.filter((lease) => !forwardWriter.release(lease));
      });
      return lost;
    },
    async reclaim(owner) {
      let reclaimed = 0;
      await commits.submit(({ forwardWriter }) => {
        reclaimed = forwardWriter.reclaim(owner);
      });
      return reclaimed;
    },
    disable: (destination, entry) =>
      commits.submit(({ disabled }) => disabled.insert(destination, entry)),
    async enable(destination) {
      let wasDisabled = false;
      await commits.submit(({ disabled }) => {
        wasDisabled = disabled.remove(destination);
      });
      return wasDisabled;
    },
    pause: (destination, pause) => commits.submit(({ paused }) => paused.put(destination, pause)),
    async resume(destination) {
      let wasPaused = false;
      await commits.submit(({ paused }) => {
        wasPaused = paused.remove(destination);
      });
      return wasPaused;
    },
    async correctDueDates(destination, latest, now) {
      let corrected = 0;
      await commits.submit(({ forwardWriter }) => {
        corrected = forwardWriter.correctDueDates(destination, latest, now);
      });
      return corrected;
    },
    retry: (selection, now = Date.now()) =>
      changeForwards(holder, selection, (writer, id) => writer.retry(id, now)),
    resend: (selection, now = Date.now()) =>
      changeForwards(
        holder,
        deliveredBefore(selection, now),
        (writer, id) => writer.resend(id, now),
      ),
    cancel: (selection) => changeForwards(holder, selection, (writer, id) => writer.cancel(id)),
    async changeConsole(change) {
      let isDone = false;
      await commits.submit((session) => {
        isDone = session.console.change(change);
      });
      return isDone;
    },
    noteClock: (record) => commits.submit(({ clock }) => clock.write(record)),
    prune: async (options) => room.told(options, await prune(holder, options)),
    erase: (email, options) => erase(holder, email, options),
  };
}

/** With more events than this, a delivery takes longer to store than others should wait for. */
const HEAVY_EVENTS = 200;
/** With a larger body, too. */
const HEAVY_BYTES = 1_048_576;

function weightOf(events: number, bodyBytes: number): Weight {
  if (events > HEAVY_EVENTS || bodyBytes > HEAVY_BYTES) return "heavy";
  return events === 0 ? "light" : "normal";
}

/** How many forwards were given up, by destination. */
type GivenUp = ReadonlyMap<string, number>;
const NOTHING: GivenUp = new Map();

/** Asking how large the file is costs as much as storing a delivery. */
const CHECK_EVERY_BYTES = 131_072;
/** What a delivery takes beside its body, roughly. */
const ROW_BYTES = 2048;

/**
 * Keeps the limits by which a server prunes, so that they hold also where deliveries come faster
 * than it looks.
 */
function keepRoom() {
  let limits: PruneOptions | undefined;
  let uncheckedBytes = 0;
  let untold: Record<string, number> = {};
  return {
    /** Before so many bytes come. */
    make(session: WriteSession, bytes: number): GivenUp {
      uncheckedBytes += bytes + ROW_BYTES;
      if (limits === undefined || uncheckedBytes < CHECK_EVERY_BYTES) return NOTHING;
      uncheckedBytes = 0;
      return makeRoom(session, limits);
    },
    /** Notes what was given up, once that is stored. */
    note(givenUp: GivenUp): void {
      for (const [name, count] of givenUp) untold[name] = (untold[name] ?? 0) + count;
    },
    /** Tells what was given up since it was told, and keeps the limits of a server. */
    told(options: PruneOptions, result: PruneResult): PruneResult {
      if (options.spareBytes !== undefined) limits = options;
      const givenUp = { ...result.givenUp };
      for (const [name, count] of Object.entries(untold)) {
        givenUp[name] = (givenUp[name] ?? 0) + count;
      }
      untold = {};
      return { ...result, givenUp };
    },
  };
}

/** Looked up at once; changing them takes about a millisecond. */
const AT_ONCE = 50;

/**
 * Changes many forwards, in steps that leave room for requests.
 *
 * @param holder Gives the session.
 * @param selection Which forwards.
 * @param change Changes one; tells whether it could.
 * @returns How many were changed.
 */
async function changeForwards(
  holder: ConnectionHolder,
  selection: ForwardSelection,
  change: (writer: ForwardWriter, id: string) => boolean,
): Promise<number> {
  const nextIds = isIds(selection) ? pagesOfIds(selection) : pagesOfFilter(selection);
  let changed = 0;
  await inSteps(holder.rest, (deadline) =>
    holder.transaction((session) => {
      for (;;) {
        const ids = nextIds(session);
        changed += ids.filter((id) => change(session.forwardWriter, id)).length;
        if (ids.length < AT_ONCE) return true;
        if (performance.now() > deadline) return false;
      }
    }));
  return changed;
}

type NextIds = (session: WriteSession) => readonly string[];

function pagesOfIds(ids: readonly string[]): NextIds {
  const unique = [...new Set(ids)];
  return () => unique.splice(0, AT_ONCE);
}

function pagesOfFilter(filter: ForwardFilter): NextIds {
  let after: Position | undefined;
  return ({ forwards }) => {
    const keys = forwards.keysAfter(filter, after, AT_ONCE);
    after = keys.at(-1) ?? after;
    return keys.map(({ id }) => id);
  };
}
