import { pause } from "../../util/waiting.ts";
import { integerColumn } from "../columns.ts";
import type { Database } from "./connection.ts";
import { DATABASE_NOW, type Ownership } from "./ownership.ts";

/** One that has said nothing for so long takes no destination any more. */
const LIVE_MS = 10_000;
/** So long what is under way may take to come to its end; nothing else is begun meanwhile. */
const LET_GO_MS = 2000;
const LOOK_MS = 50;
/** A destination that was too slow for that is left in peace for so long. */
const PEACE_MS = 60_000;

/** Spreads destinations over the instances. */
export interface Sharing {
  /**
   * Lets go of what is more than this instance's share of the destinations that are forwarded to. Each
   * goes once nothing of it is under way; whoever has less than its share takes it.
   *
   * @param config The hash of its config: instances of another one have other destinations.
   */
  readonly balance: (config: string) => Promise<void>;
  /** Lets go of nothing more. */
  readonly stop: () => void;
}

/**
 * Lets an instance share destinations with the others.
 *
 * @param database The database.
 * @param ownership What the instance owns.
 * @param onLetGo Called for each that others may take from now on.
 * @returns What shares them.
 */
export function createSharing(
  database: Pick<Database, "query">,
  ownership: Ownership,
  onLetGo: () => void,
): Sharing {
  /** Until when those that were too slow are left in peace. */
  const inPeaceUntil = new Map<string, number>();
  const stopping = new AbortController();

  async function shareOf(config: string): Promise<number> {
    const [row] = await database.query(
      `SELECT
         (SELECT count(*) FROM instances
          WHERE config = $1 AND seen_at > ${DATABASE_NOW} - ${LIVE_MS}) AS instances,
         (SELECT count(*) FROM destination_owners
          WHERE owner = '' OR until > ${DATABASE_NOW}) AS destinations`,
      [config],
    );
    const instances = Math.max(1, integerColumn(row, "instances"));
    return Math.ceil(integerColumn(row, "destinations") / instances);
  }

  /** Under a load without end nothing is idle by itself: nothing more of them is begun meanwhile. */
  async function letGo(destinations: readonly string[]): Promise<void> {
    const left = new Set(destinations);
    const deadline = performance.now() + LET_GO_MS;
    for (const destination of left) ownership.withhold(destination, true);
    try {
      do {
        for (const destination of [...left]) {
          if (!await ownership.letGo(destination)) continue;
          left.delete(destination);
          ownership.withhold(destination, false);
          onLetGo();
        }
        if (left.size > 0) await pause(LOOK_MS, stopping.signal);
      } while (left.size > 0 && performance.now() < deadline && !stopping.signal.aborted);
    } finally {
      for (const destination of left) {
        ownership.withhold(destination, false);
        inPeaceUntil.set(destination, performance.now() + PEACE_MS);
      }
    }
  }

  return {
    async balance(config) {
      const share = await shareOf(config);
      ownership.keepShare(share);
      const owned = ownership.owned();
      const surplus = owned.length - share;
      if (surplus <= 0) return;
      const now = performance.now();
      await letGo(owned.filter((one) => (inPeaceUntil.get(one) ?? 0) < now).slice(-surplus));
    },
    stop: () => stopping.abort(),
  };
}
