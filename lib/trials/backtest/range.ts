/** A part of a journal, decided again: here, or in a thread. */
import type { Endpoint } from "../../http/endpoint.ts";
import { decodeJson } from "../../http/json.ts";
import { PROBLEM_STATUSES } from "../../http/problem/problem.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { DeliveryFilter } from "../../journal/delivery_filter.ts";
import type { Journal } from "../../journal/journal.ts";
import { nextTurn } from "../../util/waiting.ts";
import { decideAgain } from "./again.ts";
import { compare, type Difference } from "./compare.ts";
import { countDecided, countMoved, newTally, type Tally } from "./tally.ts";

/** A kind of endpoint, as far as it says what a delivery was about. */
export interface BriefedKind {
  readonly kind: string;
  /** Says what an order costs: `612.40 USD`. Never throws. */
  readonly brief?: (document: unknown, answer: unknown) => { readonly total?: string };
}

/** What is tried on what. */
export interface Trial {
  /** Only read. */
  readonly journal: Pick<Journal, "each" | "findExport">;
  /** Those of the config that is tried. */
  readonly endpoints: readonly Endpoint[];
  readonly kinds: readonly BriefedKind[];
}

/** Which deliveries are decided again, and what is told of them. */
export interface RangeOptions {
  readonly filter: DeliveryFilter;
  /** How many differences are given back, the first ones; all are counted. */
  readonly most: number;
  /** Told how many are done. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a part. */
export interface RangeResult {
  readonly tally: Tally;
  readonly differences: readonly Difference[];
}

/** Others wait no longer than this for their turn. */
const PIECE_MS = 20;

/**
 * Decides accepted deliveries again, oldest first.
 *
 * @param trial What is tried on what.
 * @param options Which deliveries.
 */
export async function decideRange(trial: Trial, options: RangeOptions): Promise<RangeResult> {
  const { journal, endpoints, kinds } = trial;
  const { filter, most, onProgress, signal } = options;
  const again = decideAgain(endpoints, journal);
  const briefs = new Map(kinds.map(({ kind, brief }) => [kind, brief]));
  const tally = newTally();
  const differences: Difference[] = [];
  /** The first deliveries of the orders that were counted; such a one may be out of the range. */
  const counted = new Set<string>();
  let startedAt = performance.now();
  for await (const delivery of journal.each({ ...filter, verified: true })) {
    if (performance.now() - startedAt > PIECE_MS) {
      onProgress?.(tally.decided);
      await nextTurn();
      if (signal?.aborted) break;
      startedAt = performance.now();
    }
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
      if (difference === undefined) countDecided(tally, delivery.receivedAt, undefined);
      else {
        const total = orderTotalOf(delivery.body, briefs.get(delivery.kind));
        const priced = total === undefined ? difference : { ...difference, total };
        // An order that came again costs what it costs once.
        const first = delivery.repeatOf ?? delivery.id;
        countDecided(tally, delivery.receivedAt, counted.has(first) ? difference : priced);
        if (total !== undefined) counted.add(first);
        if (differences.length < most) differences.push(priced);
      }
    }
  }
  return { tally, differences };
}

/**
 * Tells what an order costs.
 *
 * @param body The bytes of its delivery.
 * @param brief What its kind says of it.
 * @returns The amount with its currency, `612.40 USD`; `undefined` where nothing says so.
 */
export function orderTotalOf(
  body: Uint8Array,
  brief: BriefedKind["brief"],
): string | undefined {
  if (brief === undefined) return undefined;
  try {
    return brief(decodeJson(body), undefined).total;
  } catch {
    // A body that is no JSON costs nothing.
    return undefined;
  }
}

/** A service that failed is answered with the same status, and can be decided again. */
function wasUnavailable({ status, decisions }: StoredDelivery): boolean {
  return status === PROBLEM_STATUSES.unavailable &&
    decisions.every(({ asked }) => asked?.failure === undefined);
}
