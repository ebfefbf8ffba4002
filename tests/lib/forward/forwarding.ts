import type { Destination } from "../../../lib/forward/attempt.ts";
import type { AttemptMade } from "../../../lib/forward/destination_loop.ts";
import { type ForwardToPut, type MemoryOutbox, memoryOutbox } from "./memory_outbox.ts";
import type { Outbox } from "../../../lib/forward/outbox.ts";
import {
  type DestinationState,
  type Forwarding,
  type ForwardingOptions,
  startForwarding,
} from "../../../lib/forward/worker.ts";
import { OWNER } from "./outbox_harness.ts";
import { createQueue, type Queue } from "./queue.ts";
import { NOW, toPut } from "./samples.ts";

/** A forwarding to one destination, `erp`, by a clock that stands. */
export interface Scene {
  readonly outbox: MemoryOutbox;
  readonly forwarding: Forwarding;
  /** The attempts that were made and written down. */
  readonly made: Queue<AttemptMade>;
  /** Puts forwards, due now, and gives their ids. */
  put(...forwards: readonly Partial<ForwardToPut>[]): readonly string[];
  /** Sets the clock forward, and has the worker notice. */
  advance(ms: number): Promise<void>;
  /** How the destination fares. */
  state(): DestinationState | undefined;
}

/** What a scene may have else. */
export interface SceneOptions extends Partial<ForwardingOptions> {
  /** Stands between the worker and the outbox. */
  readonly between?: (outbox: MemoryOutbox) => Outbox;
}

/** Runs a test with a forwarding. */
export async function withForwarding(
  destination: Destination,
  run: (scene: Scene) => Promise<void>,
  { between = (outbox) => outbox, ...options }: SceneOptions = {},
): Promise<void> {
  const outbox = memoryOutbox();
  const made = createQueue<AttemptMade>();
  let now = NOW;
  const forwarding = startForwarding({
    outbox: between(outbox),
    owner: OWNER,
    destinations: new Map([["erp", destination]]),
    now: () => now,
    random: () => 0.5,
    onAttempt: made.push,
    ...options,
  });
  try {
    await run({
      outbox,
      forwarding,
      made,
      put(...forwards) {
        const complete = forwards.map((forward) => toPut({ createdAt: now, ...forward }));
        outbox.put(complete);
        return complete.map(({ id }) => id);
      },
      async advance(ms) {
        now += ms;
        // Timers go by the real clock, and know nothing of this one.
        outbox.put([]);
        await turns(5);
      },
      state: () => forwarding.state().find(({ name }) => name === "erp"),
    });
  } finally {
    await forwarding.stop();
  }
}

/** Lets everything happen that can happen without waiting. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
