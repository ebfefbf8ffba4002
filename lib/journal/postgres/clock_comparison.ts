import { log } from "../../observe/log.ts";
import { secondsApart } from "../instances.ts";
import { integerColumn } from "../columns.ts";
import type { Database } from "./connection.ts";
import { DATABASE_NOW } from "./ownership.ts";

/** By so much the clocks of machines that are kept together by NTP never differ. */
const APART_MS = 2000;
/** What differs by less is together again: one on the border is not told over and over. */
const TOGETHER_MS = 1000;

/** Compares the clock of this machine with that of the database, which all instances have. */
export interface ClockComparison {
  /** Looks, and logs what has changed. */
  readonly look: () => Promise<void>;
  /**
   * By how much this clock was ahead when that was last told, in milliseconds; negative where it was
   * behind, and 0 where the two are together.
   */
  readonly aheadMs: () => number;
}

/**
 * Compares clocks.
 *
 * @param database The database.
 * @returns The comparison.
 */
export function compareClocks({ query }: Pick<Database, "query">): ClockComparison {
  let told = 0;

  return {
    async look() {
      const before = Date.now();
      const [row] = await query(`SELECT ${DATABASE_NOW} AS now`);
      if (row === undefined) return;
      // The database looked at its clock at some time on the way, which may be long.
      const halfTripMs = Math.max(0, Date.now() - before) / 2;
      const aheadMs = Math.round(before + halfTripMs - integerColumn(row, "now"));
      const change = Math.abs(aheadMs - told);
      const isApart = Math.abs(aheadMs) >= (told === 0 ? APART_MS : TOGETHER_MS) + halfTripMs;
      if (isApart && change >= Math.max(APART_MS, Math.abs(told) / 2) + halfTripMs) {
        told = aheadMs;
        warn(aheadMs);
      }
      if (told !== 0 && Math.abs(aheadMs) + halfTripMs < TOGETHER_MS) {
        told = 0;
        log.info("The clock of this machine goes with that of the database again");
      }
    },
    aheadMs: () => told,
  };
}

/** Two texts: what is put into one stands in quotes there. */
function warn(aheadMs: number): void {
  log.warn(
    `The clock of this machine is {seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} that of the ` +
      "database: by it the next attempts are due and repeats are judged. Keep the clocks together " +
      "(NTP)",
    { seconds: secondsApart(aheadMs) },
  );
}
