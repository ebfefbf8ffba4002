import type { Endpoint } from "../../http/endpoint.ts";
import { PROBLEM_STATUSES } from "../../http/problem/problem.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { DeliveryFilter } from "../../journal/filter.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Progress } from "../terminal/progress.ts";
import { decideAgain } from "./again.ts";
import { compare, type Difference } from "./compare.ts";
import { countDecided, countMoved, newTally, type Tally } from "./tally.ts";

/** What is tried on what. */
export interface Trial {
  readonly journal: Journal;
  readonly endpoints: readonly Endpoint[];
  /** Which of the accepted deliveries. */
  readonly filter: DeliveryFilter;
}

/**
 * Decides the accepted deliveries of a journal again, oldest first.
 *
 * @param trial What is tried on what. The journal is only read.
 * @param progress Where it is told how many are done.
 * @param onDifference Gets each delivery that would be decided otherwise.
 * @returns The counts.
 */
export async function runBacktest(
  { journal, endpoints, filter }: Trial,
  progress: Progress,
  onDifference: (difference: Difference) => void,
): Promise<Tally> {
  const again = decideAgain(endpoints, journal);
  const tally = newTally();
  for await (const delivery of journal.each({ ...filter, verified: true })) {
    progress.step(tally.decided);
    if (delivery.erasedAt !== null) tally.erased++;
    else if (wasUnavailable(delivery)) tally.unavailable++;
    else {
      const { endpoint, moved } = again.takerOf(delivery);
      if (moved || endpoint === undefined) {
        countMoved(tally, delivery.endpoint, endpoint?.path ?? null);
      }
      const decided = again.decide(delivery, endpoint);
      // Most endpoints answer at once, and a turn of the event loop for each would be dear.
      const now = decided instanceof Promise ? await decided : decided;
      const difference = compare(delivery, now);
      countDecided(tally, difference);
      if (difference !== undefined) onDifference(difference);
    }
  }
  return tally;
}

/** A service that failed is answered with the same status, and can be decided again. */
function wasUnavailable({ status, decisions }: StoredDelivery): boolean {
  return status === PROBLEM_STATUSES.unavailable &&
    decisions.every(({ asked }) => asked?.failure === undefined);
}
