import type { ForwardToPut } from "./memory_outbox.ts";
import type { Attempt, Forward, LeaseOptions, Outbox } from "../../../lib/forward/outbox.ts";
import { NOW } from "./samples.ts";

/** An outbox, and what stands around it. */
export interface OutboxHarness {
  readonly outbox: Outbox;
  /**
   * Records forwards with their events, all in one transaction.
   *
   * @returns They as recorded: ids may be the outbox's own, in the same order; all else as given.
   */
  put(forwards: readonly ForwardToPut[]): Promise<readonly Forward[]>;
  /** Finds one forward. */
  get(id: string): Promise<Forward | undefined>;
  /** The attempts of one forward, oldest first. */
  attemptsOf(id: string): Promise<readonly Attempt[]>;
}

/** Runs a test with an empty outbox. */
export type WithOutbox = (run: (harness: OutboxHarness) => Promise<void>) => Promise<void>;

/** In whose name a test leases. */
export const OWNER = "worker 1";

/** How long a test leases. */
export const LEASE_MS = 60_000;

/** How a test leases, but for what is given. */
export function lease(parts: Partial<LeaseOptions> = {}): LeaseOptions {
  return {
    owner: OWNER,
    destination: "erp",
    limit: 10,
    leaseMs: LEASE_MS,
    now: NOW,
    ordered: false,
    ...parts,
  };
}

/** Leases, and gives the ids. */
export async function leasedIds(
  outbox: Outbox,
  parts: Partial<LeaseOptions> = {},
): Promise<readonly string[]> {
  return idsOf(await outbox.lease(lease(parts)));
}

/** The ids of forwards. */
export function idsOf(forwards: readonly { readonly id: string }[]): readonly string[] {
  return forwards.map(({ id }) => id);
}
