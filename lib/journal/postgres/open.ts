import type { Completion, Lease } from "../../forward/outbox.ts";
import { newExportIdentity, versionOf } from "../export.ts";
import { createListeners, deliveredBefore, type ForwardSelection } from "../forwards.ts";
import type { Instance, InstanceFacts } from "../instances.ts";
import { type Journal, REFUSED_LIMITS, type RefusedLimits } from "../journal.ts";
import { REPEAT_WINDOW_MS, warnOfContradictions } from "../repeats.ts";
import { postgresConsole } from "./console.ts";
import { type Database, openDatabase } from "./connection.ts";
import {
  Counting,
  readEventCounts,
  readForwardCounts,
  readJournalCounts,
  readOutboxCounts,
} from "./counters.ts";
import {
  DELIVERIES_IN_ORDER,
  deliveriesAfter,
  deliveryById,
  listDeliveries,
} from "./deliveries.ts";
import { deliveryToInsert } from "./deliveries_writer.ts";
import { readClock, readDisabled, readPaused, smallChanges } from "./small_tables.ts";
import { eraseFromDatabase } from "./erase.ts";
import { EVENTS_IN_ORDER, eventsAfter, eventsToInsert, listEvents } from "./events.ts";
import { assignIdentity, findExportOf, findIdentity } from "./exports.ts";
import type { OutboxChange } from "./forward_places.ts";
import {
  countForwards,
  findEvent,
  findForward,
  FORWARDS_IN_ORDER,
  listForwards,
  nextDueAt,
} from "./forwards.ts";
import { createGatherer } from "./gather.ts";
import type { DatabasePlace } from "./hosts.ts";
import { joinInstances } from "./membership.ts";
import { migrateDatabase } from "./migrations.ts";
import { createOwnership } from "./ownership.ts";
import { createNotes } from "./notes.ts";
import {
  cancelForwards,
  completeAttempts,
  endLeases,
  leaseForwards,
  resendForwards,
  retryForwards,
} from "./outbox.ts";
import { readTimeBehind } from "./pages.ts";
import { pruneDatabase } from "./prune.ts";
import { createRecorder, type RecorderOptions } from "./record.ts";
import { storedText } from "./rows.ts";
import { createSharing } from "./sharing.ts";
import { idsOf, walk } from "./walk.ts";
import { createWeekKeeper, makeWeeks } from "./weeks.ts";

/** How a journal on PostgreSQL is opened. */
export interface PostgresOptions extends Partial<RecorderOptions> {
  readonly refused?: RefusedLimits;
}

/** A journal on PostgreSQL, which processes share. */
export interface PostgresJournal extends Journal {
  /** Says what this process is, to the others; before it, it is none of the instances. */
  readonly describe: (facts: InstanceFacts) => void;
  /** The processes that serve with it. */
  readonly instances: () => Promise<readonly Instance[]>;
}

/**
 * Opens a journal on PostgreSQL, and makes or updates its tables with the first use. Any number of
 * processes may have it at the same time.
 *
 * @param place Where the database is.
 * @param options How it is opened.
 * @returns The journal; whether the database can be reached, its first use tells.
 * @throws {JournalNotOpened} When the URL can't be read.
 */
export function openPostgresJournal(
  place: DatabasePlace,
  options: PostgresOptions = {},
): PostgresJournal {
  return openSharedJournal(place, options).journal;
}

/**
 * Opens such a journal for who needs its database too.
 *
 * @param place Where the database is.
 * @param options How it is opened.
 * @returns The journal and its database, which closes with it.
 * @throws {JournalNotOpened} When the URL can't be read.
 */
export function openSharedJournal(
  place: DatabasePlace,
  options: PostgresOptions = {},
): { readonly journal: PostgresJournal; readonly database: Database } {
  const database = openDatabase(place, async (raw) => {
    await migrateDatabase(raw, place.schema);
    await makeWeeks(raw, Date.now());
  });
  const journal = postgresJournal(database, {
    repeatWindowMs: REPEAT_WINDOW_MS,
    refused: REFUSED_LIMITS,
    ...options,
  });
  return { journal, database };
}

function postgresJournal(database: Database, options: RecorderOptions): PostgresJournal {
  const { query } = database;
  const recorder = createRecorder(database, options);
  // That none is taken for a retry is said of events; of a delivery it is only told.
  const repeatWindowMs = Math.max(options.repeatWindowMs, REPEAT_WINDOW_MS);
  // Nobody else has it: what a process leaves behind runs out by itself.
  const leaseOwner = crypto.randomUUID();
  const ownership = createOwnership(database, leaseOwner);
  const sharing = createSharing(database, ownership, () => announce());
  const membership = joinInstances(database, leaseOwner, ownership, sharing);
  const listeners = createListeners();
  const notes = createNotes(database, leaseOwner);
  const pruning = {
    database,
    keepWeeks: createWeekKeeper(database),
    repeatWindowMs: options.repeatWindowMs,
  };

  function announce(): void {
    listeners.announce();
    notes.tell();
  }

  /** Runs a change with its counters, which are written last. */
  function change<T>(run: (change: OutboxChange) => Promise<T>, now = Date.now()): Promise<T> {
    return database.transaction(async (query) => {
      const counting = new Counting();
      const result = await run({ query, counting, now });
      await counting.write(query);
      return result;
    });
  }

  const completions = createGatherer<Completion, boolean>({
    async handle(group) {
      // A forward may come twice, by leases of which one is lost: one after the other then.
      const ids = group.map(({ lease }) => lease.id);
      const [together, others] = [true, false].map((isFirst) =>
        group.filter((_, index) => (ids.indexOf(ids[index] ?? "") === index) === isFirst)
      );
      const held = new Map<Completion, boolean>();
      for (const some of [together ?? [], ...(others ?? []).map((one) => [one])]) {
        const results = await change((each) => completeAttempts(each, some));
        for (const [index, one] of some.entries()) held.set(one, results[index] === true);
      }
      return group.map((one) => ({ result: held.get(one) === true }));
    },
    groups: 2,
    mostAtOnce: 100,
  });

  async function announced<T>(changed: Promise<T>): Promise<T> {
    const result = await changed;
    announce();
    return result;
  }

  async function changeAll(
    selection: ForwardSelection,
    run: (change: OutboxChange, ids: readonly string[]) => Promise<number>,
    now?: number,
  ): Promise<number> {
    let changed = 0;
    for await (const ids of idsOf(query, selection)) {
      changed += await change((each) => run(each, ids), now);
    }
    return changed;
  }

  return {
    leaseOwner,
    describe: membership.describe,
    instances: membership.instances,
    console: postgresConsole(database, leaseOwner),
    async record(delivery, { events: toRecord = [], exported } = {}) {
      const events = eventsToInsert(delivery, toRecord);
      const recorded = {
        delivery: deliveryToInsert(delivery, options.refused),
        endpoint: delivery.endpoint,
        events,
        ...(exported === undefined ? {} : {
          exported: versionOf(delivery, {
            token: exported.token,
            list: exported.list.slice(),
          }),
        }),
      };
      warnOfContradictions(delivery.endpoint, await recorder.submit(recorded));
      if (events.some(({ forwards }) => forwards.length > 0)) announce();
    },
    state: database.state,
    list: (listing = {}) => listDeliveries(query, listing, repeatWindowMs),
    timeBehind: (rows, span) => readTimeBehind(query, DELIVERIES_IN_ORDER, rows, span),
    get: (id) => deliveryById(query, id, repeatWindowMs),
    each: (filter = {}) =>
      walk(
        (after, count) => deliveriesAfter(query, filter, after, count, repeatWindowMs),
        ({ id, receivedAt }) => ({ id, receivedAt }),
      ),
    async exportOf(endpoint, listKey, externalId) {
      return await findIdentity(query, endpoint, listKey) ??
        await change((each) =>
          assignIdentity(
            each.query,
            each.counting,
            endpoint,
            listKey,
            newExportIdentity(externalId),
          )
        );
    },
    findExport: (token, version) => findExportOf(query, token, version),
    prune: (limits) => pruneDatabase(pruning, limits),
    erase: (email, erasing) => eraseFromDatabase(database, email, repeatWindowMs, erasing),
    backup: () =>
      Promise.reject(
        new Error(
          "the journal stands in PostgreSQL: use pg_dump or a base backup, see docs/postgres.md",
        ),
      ),
    clockRecord: () => readClock(query),
    counts: () => readJournalCounts(query),
    events: {
      list: (listing = {}) => listEvents(query, listing),
      timeBehind: (rows, span) => readTimeBehind(query, EVENTS_IN_ORDER, rows, span),
      get: (id) => findEvent(query, id),
      each: (filter = {}) =>
        walk((after, count) => eventsAfter(query, filter, after, count), ({ id, receivedAt }) => ({
          id,
          receivedAt,
        })),
      counts: () => readEventCounts(query),
    },
    outbox: {
      ...smallChanges(query, announce),
      list: (listing = {}) => listForwards(query, listing),
      timeBehind: (rows, span) => readTimeBehind(query, FORWARDS_IN_ORDER, rows, span),
      get: (id) => findForward(query, id),
      count: (filter) => countForwards(query, filter),
      counts: () => readOutboxCounts(query),
      countsByState: () => readForwardCounts(query),
      async nextDueAt(destination, ordered) {
        const dueAt = await nextDueAt(query, destination, ordered);
        const now = Date.now();
        if (dueAt === null || dueAt <= now) return dueAt;
        // What an instance was sending that died is due before its leases run out.
        return Math.min(dueAt, now + (await ownership.othersLoseIn(destination) ?? Infinity));
      },
      disabled: () => readDisabled(query),
      paused: () => readPaused(query),
      lease: async (leasing) =>
        await ownership.asOwner(leasing.destination, (each) => leaseForwards(each, leasing)) ?? [],
      want: ownership.want,
      onLost: ownership.onLost,
      complete: (lease, attempt, outcome) => completions.submit({ lease, attempt, outcome }),
      release: (leases: readonly Lease[]) => announced(endLeases(query, leases)),
      async reclaim(owner) {
        const ended = await query(
          `UPDATE forwards SET leased_until = 0, lease_owner = NULL
           WHERE state = 'waiting' AND leased_until > 0 AND lease_owner = $1 RETURNING seq`,
          [storedText(owner)],
        );
        announce();
        return ended.length;
      },
      async correctDueDates(destination, latest, now) {
        const corrected = await query(
          `UPDATE forwards SET due_at = $3 WHERE destination = $1 AND state = 'waiting'
           AND ready_at > least($2, $3::bigint)
           AND (due_at > $2 OR (due_at > $3 AND created_at > $3)) RETURNING seq`,
          [storedText(destination), latest, now],
        );
        return corrected.length;
      },
      onChange(listener) {
        notes.listen(listeners.announce);
        return listeners.add(listener);
      },
      retry: (selection, now) => announced(changeAll(selection, retryForwards, now)),
      resend: (selection, now = Date.now()) =>
        announced(changeAll(deliveredBefore(selection, now), resendForwards, now)),
      cancel: (selection) => announced(changeAll(selection, cancelForwards)),
    },
    async noteClock({ trustedAt, seenMs }) {
      await query(
        `INSERT INTO clock (trusted_at, seen_ms) VALUES ($1, $2)
         ON CONFLICT (one) DO UPDATE SET trusted_at = excluded.trusted_at, seen_ms = excluded.seen_ms`,
        [Math.round(trustedAt), Math.round(seenMs)],
      );
    },
    async close() {
      await recorder.idle();
      await completions.idle();
      await membership.leave();
      await notes.close();
      await database.close();
    },
  };
}
