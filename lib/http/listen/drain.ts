/** How a listener comes to its end. */
import { type InFlight, waitAtMost } from "../../util/waiting.ts";
import type { Listener } from "./listener.ts";

/** A listener, and what is under way behind it. */
export interface Drained {
  readonly listener: Pick<Listener, "close" | "shutdown">;
  /** The requests that are being answered. */
  readonly requests: Pick<InFlight, "idle">;
  /** The bodies that are on their way, and are waited for. */
  readonly bodies: Pick<InFlight, "idle">;
  /** From now on bodies that begin are not waited for. */
  waitForNoMore(): void;
}

/** How long what is in may take: a supervisor leaves 15 seconds for all that has to end. */
const LIMIT_MS = 11_000;
/** How long an answer may take beyond its body, and how long it may take to be written. */
const GRACE_MS = 1000;
/** Whoever has connected before may send a request for so long. */
const IDLE_GRACE_MS = 250;
const LOOK_EVERY_MS = 25;

/**
 * Lets the requests that are in finish, within limits, and closes every connection.
 *
 * Behind a gate no new connections are taken meanwhile; whoever goes on asking over one that is
 * there, as HTTP/2 lets a client, is refused after a second and not waited for. The runtime, where it
 * listens by itself, can't stop to listen without cutting off bodies that are still on their way:
 * there bodies come first, and new connections are taken until they are in.
 *
 * @param drained What is to end.
 * @param bodyTimeoutMs How long a body may take.
 */
export async function drainListener(drained: Drained, bodyTimeoutMs: number): Promise<void> {
  const { listener, requests } = drained;
  const startedAt = performance.now();
  const limitMs = Math.min(bodyTimeoutMs + GRACE_MS, LIMIT_MS);
  const closeIdle = listener.close?.();
  if (closeIdle === undefined) await waitForBodies(drained, limitMs);
  else await waitForConnections(closeIdle, startedAt + limitMs);
  const closed = listener.shutdown();
  await waitAtMost(LIMIT_MS + GRACE_MS - (performance.now() - startedAt), requests.idle());
  // It waits for clients that never finish a refused body too: they are not waited for.
  await waitAtMost(GRACE_MS, closed);
}

/** Each is closed with the answer to its request, and those without one are closed here. */
async function waitForConnections(
  closeIdle: (idleMs: number) => number,
  endsAt: number,
): Promise<void> {
  while (closeIdle(IDLE_GRACE_MS) > 0 && performance.now() < endsAt) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Under load there is a body on its way at every time, so those that begin are let go at last. */
async function waitForBodies(
  { bodies, waitForNoMore }: Drained,
  limitMs: number,
): Promise<void> {
  if (await waitAtMost(Math.min(GRACE_MS, limitMs), bodies.idle())) return;
  waitForNoMore();
  await waitAtMost(Math.max(0, limitMs - GRACE_MS), bodies.idle());
}
