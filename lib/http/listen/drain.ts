import { waitAtMost } from "../../time/wait_at_most.ts";
import type { InFlight } from "./in_flight.ts";

/** A listener, and what is under way behind it. */
export interface Drained {
  /** The requests that are being answered. */
  readonly requests: Pick<InFlight, "idle">;
  /** The bodies that are on their way. */
  readonly bodies: Pick<InFlight, "idle">;
  /** Closes the listener, and every connection once its request is answered. */
  shutdown(): Promise<void>;
}

/** How long what is in may take: a supervisor leaves 15 seconds for all that has to end. */
const LIMIT_MS = 11_000;
/** How long an answer may take beyond its body, and how long it may take to be written. */
const GRACE_MS = 1000;

/**
 * Lets the requests that are in finish, within limits, and takes no new connections.
 *
 * @param drained What is to end.
 * @param bodyTimeoutMs How long a body may take.
 */
export async function drain(
  { requests, bodies, shutdown }: Drained,
  bodyTimeoutMs: number,
): Promise<void> {
  const startedAt = performance.now();
  // Deno's own shutdown cuts off bodies that are still on their way, so they come first.
  await waitAtMost(Math.min(bodyTimeoutMs + GRACE_MS, LIMIT_MS), bodies.idle());
  const closed = shutdown();
  await waitAtMost(LIMIT_MS + GRACE_MS - (performance.now() - startedAt), requests.idle());
  // It waits for clients that never finish a refused body too: they are not waited for.
  await waitAtMost(GRACE_MS, closed);
}
