import { log } from "../observe/log.ts";
import type { Disabled, Outbox } from "./outbox.ts";
import type { Health } from "./pace/health.ts";

/**
 * Keeps the same what a destination's book says and what the outbox keeps: that it is disabled
 * outlives the process, and any process may enable it.
 *
 * @param name The destination's name.
 * @param outbox Where it is kept.
 * @param health The book.
 * @returns What compares the two, to be called before anything is taken. It rejects when the outbox
 * can't be used; the next call goes on.
 */
export function keepDisabled(name: string, outbox: Outbox, health: Health): () => Promise<void> {
  /** What the outbox was seen to keep; `undefined` when nobody looked yet. */
  let kept: Disabled | null | undefined;

  function begin(): void {
    kept = outbox.disabled().get(name) ?? null;
    if (kept === null) return;
    health.disable(kept);
    log.error(
      "Destination {destination} is disabled since {since}; its forwards wait until it is enabled",
      { destination: name, since: new Date(kept.at).toISOString() },
    );
  }

  return async () => {
    if (kept === undefined) begin();
    const { disabled } = health.state();
    // Nobody else disables it, so there is nothing to look for.
    if (disabled === null) return;
    if (kept === null) {
      await outbox.disable(name, disabled);
      kept = disabled;
    } else if (!outbox.disabled().has(name)) {
      kept = null;
      health.enable();
      log.info("Destination {destination} is enabled", { destination: name });
    }
  };
}
