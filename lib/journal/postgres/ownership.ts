import { createListeners } from "../forwards.ts";
import { integerColumn } from "../columns.ts";
import type { Database, Query } from "./connection.ts";
import { storedText, textOf } from "./rows.ts";

/** The table by which instances have destinations one at a time. */
export const ownershipTable = `
  CREATE TABLE destination_owners (
    destination text COLLATE "C" PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    until bigint NOT NULL
  );
`;

/** So long an owner that says nothing keeps its destinations: another has them within 15 seconds. */
const OWNED_MS = 11_000;
/** So long an owner counts on it without a word from the database: then it calls off what it sends. */
const COUNTED_ON_MS = 9000;
/** An owner that was told so lately need not ask again. */
const SURE_MS = 4000;
/** How often it is looked whether that time is over. */
const LOOK_MS = 500;
/** So long who has its share leaves to others what was let go. */
const HESITATION_MS = 1500;
/** So long it counts though nobody wants it: then it may be one that no config has any more. */
const FORGOTTEN_MS = 24 * 3_600_000;
/** Whoever forwards wants each of its destinations every ten seconds: this one is none by now. */
const UNWANTED_MS = 60_000;
/** The owner of what was let go, until somebody takes it. */
const NOBODY = "";

/** The clock of the database, in milliseconds since the epoch: those of instances may differ. */
export const DATABASE_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/**
 * The destinations of an instance: pace, concurrency, breaker and order of each are kept by one
 * instance at a time.
 */
export interface Ownership {
  /**
   * Makes a change in a transaction, unless the destination is another instance's. One that is
   * nobody's is taken; what an owner that died was about to send to it is due again then.
   *
   * @returns What the change gives; `undefined` where it was not made.
   */
  readonly asOwner: <T>(
    destination: string,
    change: (query: Query) => Promise<T>,
  ) => Promise<T | undefined>;
  /**
   * Tells in how many milliseconds another instance loses what it is sending to a destination, unless
   * it says a word until then; `undefined` where none sends anything.
   */
  readonly othersLoseIn: (destination: string) => Promise<number | undefined>;
  /** Those that it has. */
  readonly owned: () => readonly string[];
  /** Says how many are its share: beyond that, it leaves to others for a moment what was let go. */
  readonly keepShare: (share: number) => void;
  /** Takes nothing of a destination that it has, though it stays its own; or does so again. */
  readonly withhold: (destination: string, isWithheld: boolean) => void;
  /**
   * Lets go of one that is withheld, if nothing of it is under way.
   *
   * @returns Whether it is not its own any more.
   */
  readonly letGo: (destination: string) => Promise<boolean>;
  /** Says that this instance has its destinations still. */
  readonly renew: () => Promise<void>;
  /**
   * Has a listener hear of each destination that may be another instance's by now: it was taken, or
   * the database has said nothing for long. Gives what ends that.
   */
  readonly onLost: (listener: (destination: string) => void) => () => void;
  /** Says that a destination is forwarded to still. */
  readonly want: (destination: string) => void;
  /**
   * Forgets destinations that this instance has and has not wanted for a while, as those that a reload
   * removed, and those that were let go and that nobody has wanted for long.
   */
  readonly forget: () => Promise<void>;
  /** Leaves all of them to the others. */
  readonly leave: () => Promise<void>;
}

/**
 * Lets an instance own destinations.
 *
 * @param database The database.
 * @param id The name of the instance, which nobody else has.
 * @param unwantedMs After how long it forgets one that it does not want.
 * @returns What it owns: nothing at first.
 */
export function createOwnership(
  database: Database,
  id: string,
  unwantedMs = UNWANTED_MS,
): Ownership {
  /** When each was asked for the last time that the database said yes: it may have said so later. */
  const toldAt = new Map<string, number>();
  /** When each was wanted for the last time. */
  const wantedAt = new Map<string, number>();
  const lost = createListeners<string>();
  const withheld = new Set<string>();
  /** Those of which all that was under way was called off: some of it may be leased still. */
  const calledOff = new Set<string>();
  /** How many changes are under way, by destination. */
  const changing = new Map<string, number>();
  let share = Infinity;
  let hasOwned = false;
  let looking: ReturnType<typeof setInterval> | undefined;

  function told(destination: string, askedAt: number): void {
    hasOwned = true;
    calledOff.delete(destination);
    toldAt.set(destination, askedAt);
    looking ??= setInterval(look, LOOK_MS);
  }

  function lose(destination: string): void {
    if (!toldAt.delete(destination)) return;
    calledOff.add(destination);
    if (toldAt.size === 0) stopLooking();
    lost.announce(destination);
  }

  function look(): void {
    const last = performance.now() - COUNTED_ON_MS;
    for (const [destination, at] of [...toldAt]) if (at < last) lose(destination);
  }

  function stopLooking(): void {
    clearInterval(looking);
    looking = undefined;
  }

  async function take(query: Query, destination: string): Promise<boolean> {
    const name = storedText(destination);
    const [before] = await query(
      "SELECT owner FROM destination_owners WHERE destination = $1 FOR UPDATE",
      [name],
    );
    const [taken] = await query(
      `INSERT INTO destination_owners AS o (destination, owner, until)
       VALUES ($1, $2, ${DATABASE_NOW} + ${OWNED_MS})
       ON CONFLICT (destination) DO UPDATE SET owner = excluded.owner, until = excluded.until
       WHERE o.owner = excluded.owner
         OR o.until < ${DATABASE_NOW} - CASE o.owner WHEN '${NOBODY}' THEN $3 ELSE 0 END
       RETURNING owner`,
      [name, id, toldAt.size < share ? 0 : HESITATION_MS],
    );
    if (taken === undefined) return false;
    const owner = before === undefined ? id : textOf(before, "owner");
    if (owner !== id || calledOff.has(destination)) {
      await query(
        `UPDATE forwards SET leased_until = 0, lease_owner = NULL
         WHERE destination = $1 AND state = 'waiting' AND leased_until > 0 AND lease_owner = $2`,
        [name, owner],
      );
    }
    return true;
  }

  /** One change after the other or several at a time, while it is this instance's. */
  async function changeAsOwner<T>(
    destination: string,
    change: (query: Query) => Promise<T>,
  ): Promise<T | undefined> {
    const askedAt = performance.now();
    const isSure = askedAt - (toldAt.get(destination) ?? -Infinity) < SURE_MS;
    const made = await database.transaction(async (query) => {
      if (!isSure && !await take(query, destination)) return undefined;
      return { result: await change(query) };
    });
    if (made === undefined) lose(destination);
    else if (!isSure) told(destination, askedAt);
    return made?.result;
  }

  /** Ends that it has a destination, by a statement, unless something of it is under way. */
  async function giveUp(destination: string, statement: string): Promise<boolean> {
    // What a change that began before takes is under way then.
    if (changing.has(destination)) return false;
    const at = toldAt.get(destination);
    if (at === undefined) return true;
    // Whether it was done is not known of what fails: this instance has to ask before it goes on.
    toldAt.set(destination, Math.min(at, performance.now() - SURE_MS));
    const gone = await database.query(
      `${statement} WHERE destination = $1 AND owner = $2 AND NOT EXISTS (
         SELECT FROM forwards AS f WHERE f.lease_owner = o.owner AND f.leased_until > 0
           AND f.destination = o.destination AND f.state = 'waiting')
       RETURNING 1 AS one`,
      [storedText(destination), id],
    );
    if (gone.length > 0) lose(destination);
    return gone.length > 0;
  }

  async function forgetUnwanted(): Promise<void> {
    const last = performance.now() - unwantedMs;
    for (const destination of [...toldAt.keys()]) {
      if ((wantedAt.get(destination) ?? 0) > last) continue;
      const isForgotten = await giveUp(destination, "DELETE FROM destination_owners AS o");
      if (isForgotten) wantedAt.delete(destination);
    }
  }

  function want(destination: string): void {
    wantedAt.set(destination, performance.now());
  }

  function countChange(destination: string, by: 1 | -1): void {
    const count = (changing.get(destination) ?? 0) + by;
    if (count > 0) changing.set(destination, count);
    else changing.delete(destination);
  }

  return {
    onLost: lost.add,
    want,
    async asOwner(destination, change) {
      want(destination);
      if (withheld.has(destination)) return undefined;
      countChange(destination, 1);
      try {
        return await changeAsOwner(destination, change);
      } finally {
        countChange(destination, -1);
      }
    },
    owned: () => [...toldAt.keys()],
    keepShare(next) {
      share = next;
    },
    withhold(destination, isWithheld) {
      if (isWithheld) withheld.add(destination);
      else withheld.delete(destination);
    },
    letGo: (destination) =>
      giveUp(
        destination,
        `UPDATE destination_owners AS o SET owner = '${NOBODY}', until = ${DATABASE_NOW}`,
      ),
    async othersLoseIn(destination) {
      const [row] = await database.query(
        `SELECT greatest(0, until - ${DATABASE_NOW}) AS ms FROM destination_owners AS o
         WHERE destination = $1 AND owner <> $2 AND EXISTS (
           SELECT FROM forwards AS f WHERE f.lease_owner = o.owner AND f.leased_until > 0
             AND f.destination = o.destination AND f.state = 'waiting')`,
        [storedText(destination), id],
      );
      return row === undefined ? undefined : integerColumn(row, "ms");
    },
    async renew() {
      const askedAt = performance.now();
      const before = new Map(toldAt);
      const rows = await database.query(
        `UPDATE destination_owners SET until = ${DATABASE_NOW} + ${OWNED_MS} WHERE owner = $1
         RETURNING destination`,
        [id],
      );
      const owned = new Set(rows.map((row) => textOf(row, "destination")));
      for (const [destination, at] of before) {
        // One that was taken or let go meanwhile is not what it was when this was asked.
        if (toldAt.get(destination) !== at) continue;
        if (owned.has(destination)) told(destination, Math.max(at, askedAt));
        else lose(destination);
      }
    },
    async forget() {
      await forgetUnwanted();
      await database.query(
        `DELETE FROM destination_owners
         WHERE owner = '${NOBODY}' AND until < ${DATABASE_NOW} - ${FORGOTTEN_MS}`,
      );
    },
    async leave() {
      stopLooking();
      toldAt.clear();
      if (!hasOwned) return;
      await database.query("DELETE FROM destination_owners WHERE owner = $1", [id]);
    },
  };
}
