import { backup as copyPages, type DatabaseSync } from "node:sqlite";
import type { Completion } from "../../forward/outbox.ts";
import { retryWhileBusy, retryWhileBusySync } from "../../util/files.ts";
import type { ReadingConsole } from "../console.ts";
import type { Position } from "../delivery_filter.ts";
import { newExportIdentity, versionOf } from "../export.ts";
import { createListeners, type JournalOutbox, type Listeners } from "../forwards.ts";
import type { Journal, JournalState, RefusedLimits } from "../journal.ts";
import { warnOfContradictions } from "../repeats.ts";
import type { Changes } from "./changes.ts";
import { encodeDelivery } from "./deliveries.ts";
import { encodeEventsInOrder } from "./events_in_order.ts";
import type { packEvents } from "./packed_events.ts";
import type { Key } from "./rows.ts";
import type { ReadSession } from "./session.ts";

/** What a journal that is written is made of. */
export interface Parts {
  readonly changes: Changes;
  /** What many events go through on their way to another thread. */
  readonly packEvents?: typeof packEvents;
  /** Gives the session to read with. */
  readonly session: () => ReadSession;
  readonly state: () => JournalState;
  /** Who hears that something may be due. */
  readonly listeners?: Listeners;
  readonly close: () => Promise<void>;
  /** In whose name this process leases. */
  readonly leaseOwner: string;
  /** How much of refused deliveries is kept. */
  readonly refused: RefusedLimits;
}

/**
 * Fills the contract of a journal that is written.
 *
 * @param parts What it is made of.
 * @returns The journal.
 */
export function writingJournal(parts: Parts): Journal {
  const { changes, session, state, listeners = createListeners(), close, refused, leaseOwner } =
    parts;
  const reading = readingJournal(session);
  const completions = collectCompletions(changes.complete);
  const inOrder = encodeEventsInOrder(parts.packEvents);

  /** Also what waited behind what was called off may be due. */
  async function announced<T>(change: Promise<T>): Promise<T> {
    const result = await change;
    listeners.announce();
    return result;
  }

  return {
    ...reading,
    leaseOwner,
    outbox: {
      ...reading.outbox,
      lease(options) {
        // What waits behind what is done by now can be leased, too.
        completions.send();
        return changes.lease(options);
      },
      complete: (lease, attempt, outcome) => completions.add({ lease, attempt, outcome }),
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
    },
    console: { ...reading.console, change: changes.changeConsole },
    // An async function, so that what is thrown becomes a rejection.
    async record(delivery, { events: toRecord = [], exported, isBodyGiven = false } = {}) {
      const encoding = inOrder.encode(delivery, toRecord);
      // Where they are few, in this turn: what is asked for together is stored together.
      const events = encoding instanceof Promise ? await encoding : encoding;
      const encoded = encodeDelivery(delivery, refused, isBodyGiven);
      const contradicting = exported === undefined
        ? await changes.record(encoded, events)
        : await changes.record(encoded, events, versionOf(delivery, exported));
      if (contradicting.length > 0) warnOfContradictions(delivery.endpoint, contradicting);
      if (toRecord.some(({ forwardTo }) => forwardTo.length > 0)) listeners.announce();
    },
    state,
    async exportOf(endpoint, listKey, externalId) {
      const known = session().exports.identity(endpoint, listKey);
      if (known !== undefined) return known;
      // Another call for the same list may come first: then its identity is the one.
      return await changes.assignExport(endpoint, listKey, newExportIdentity(externalId));
    },
    noteClock: changes.noteClock,
    prune: changes.prune,
    erase: changes.erase,
    close() {
      completions.send();
      return inOrder.afterwards(close);
    },
  };
}

/**
 * Makes one change of the attempts that are told of in one turn: each by itself would be a call of
 * its own, in statements of its own.
 */
function collectCompletions(write: Changes["complete"]) {
  let collected: Completion[] = [];
  let written = Promise.withResolvers<readonly boolean[]>();

  function send(): void {
    if (collected.length === 0) return;
    written.resolve(write(collected));
    written = Promise.withResolvers();
    collected = [];
  }

  return {
    send,
    async add(completion: Completion): Promise<boolean> {
      if (collected.push(completion) === 1) queueMicrotask(send);
      const [index, { promise }] = [collected.length - 1, written];
      return (await promise)[index] === true;
    },
  };
}

/** The part of the contract of the outbox that changes nothing. */
type ReadingOutbox = Pick<
  JournalOutbox,
  | "list"
  | "timeBehind"
  | "get"
  | "count"
  | "nextDueAt"
  | "disabled"
  | "paused"
  | "counts"
  | "countsByState"
>;

/** The part of the contract that changes nothing. */
export interface ReadingJournal extends
  Pick<
    Journal,
    | "list"
    | "timeBehind"
    | "get"
    | "each"
    | "findExport"
    | "events"
    | "counts"
    | "clockRecord"
    | "backup"
  > {
  readonly outbox: ReadingOutbox;
  readonly console: ReadingConsole;
}

/** Keys that `each()` fetches at once; what they lead to comes one by one. */
const KEYS_AT_ONCE = 500;

/**
 * Fills the part of the contract that changes nothing.
 *
 * @param session Gives the session to read with.
 * @returns That part.
 */
export function readingJournal(session: () => ReadSession): ReadingJournal {
  /** What is thrown becomes a rejection. */
  const read = <T>(look: (session: ReadSession) => T) => Promise.try(() => look(session()));
  return {
    list: (options = {}) => read(({ reader }) => reader.list(options)),
    timeBehind: (rows, span) => read(({ reader }) => reader.timeBehind(rows, span)),
    get: (id) => read(({ reader }) => reader.get(id)),
    each: (filter = {}) =>
      walk(
        (after) => session().reader.keysAfter(filter, after, KEYS_AT_ONCE),
        (seq) => session().reader.bySeq(seq),
      ),
    findExport: (token, version) => read(({ exports }) => exports.find(token, version)),
    counts: () => read(({ reader }) => reader.counts()),
    clockRecord: () => read(({ clock }) => clock.read()),
    backup: async (file) => await backup(session().database, file),
    events: {
      list: (options = {}) => read(({ events }) => events.list(options)),
      timeBehind: (rows, span) => read(({ events }) => events.timeBehind(rows, span)),
      get: (id) => read(({ events }) => events.get(id)),
      each: (filter = {}) =>
        walk(
          (after) => session().events.keysAfter(filter, after, KEYS_AT_ONCE),
          (seq) => session().events.bySeq(seq),
        ),
      counts: () => read(({ events }) => events.counts()),
    },
    console: {
      session: (hash) => read(({ console }) => console.session(hash)),
      link: (hash) => read(({ console }) => console.link(hash)),
      audit: (options) => read(({ console }) => console.audit(options)),
      traffic: (span, since) => read(({ console }) => console.traffic(span, since)),
      ruleCounts: (endpoint, since) => read(({ console }) => console.ruleCounts(endpoint, since)),
    },
    outbox: {
      list: (options = {}) => read(({ forwards }) => forwards.list(options)),
      timeBehind: (rows, span) => read(({ forwards }) => forwards.timeBehind(rows, span)),
      get: (id) => read(({ forwards }) => forwards.get(id)),
      nextDueAt: (destination, ordered) =>
        read(({ forwards }) => forwards.nextDueAt(destination, ordered)),
      count: (filter) => read(({ forwards }) => forwards.count(filter)),
      disabled: () => read(({ disabled }) => disabled.all()),
      paused: () => read(({ paused }) => paused.all()),
      counts: () => read(({ forwards }) => forwards.counts()),
      countsByState: () => read(({ forwards }) => forwards.countsByState()),
    },
  };
}

/**
 * Page by page: a single long query would keep the write-ahead log of a running server from being
 * emptied for as long as the walk takes.
 */
async function* walk<T>(
  keysAfter: (after: Position | undefined) => readonly Key[],
  bySeq: (seq: number) => T | undefined,
): AsyncGenerator<T> {
  let after: Position | undefined;
  for (;;) {
    const keys = keysAfter(after);
    for (const { seq } of keys) {
      const found = bySeq(seq);
      // Retention may have removed it meanwhile.
      if (found !== undefined) yield found;
    }
    if (keys.length < KEYS_AT_ONCE) return;
    after = keys.at(-1);
  }
}

/** More than a journal can have: all in one step, and so as of one moment. */
const ALL_PAGES = 2_147_483_647;

/**
 * Writes a copy of a journal, as of one moment, also while it is written.
 *
 * @param database The open journal.
 * @param file Where the copy goes; it is complete as soon as it stands there.
 * @throws {Deno.errors.AlreadyExists} When the file exists.
 */
async function backup(database: DatabaseSync, file: string): Promise<void> {
  const partial = `${file}.partial`;
  const made = [file];
  reserve(file);
  try {
    // It takes an empty file; the one it would make could be read by others. `VACUUM INTO` would do,
    // too, but the runtime refuses it unless the program may do everything.
    Deno.openSync(partial, { write: true, create: true, truncate: true, mode: 0o600 }).close();
    made.push(partial);
    await copyPages(database, partial, { rate: ALL_PAGES });
    sync(partial);
    await retryWhileBusy(() => Deno.rename(partial, file));
  } catch (error) {
    // Each for itself: what can't be removed may not keep the other, nor hide what went wrong.
    for (const left of made) {
      await retryWhileBusy(() => Deno.remove(left)).catch(() => undefined);
    }
    throw error;
  }
}

function reserve(file: string): void {
  try {
    Deno.openSync(file, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new Deno.errors.AlreadyExists(`Cannot write backup "${file}": the file exists`);
  }
}

function sync(path: string): void {
  using file = retryWhileBusySync(() => Deno.openSync(path, { write: true }));
  file.syncSync();
}
