import { log } from "../../observe/log.ts";
import { waitAtMost } from "../../util/waiting.ts";
import { onReloadSignal } from "./reload/reload_signal.ts";
import type { Started } from "./start.ts";
import { onStopSignal } from "./stop_signals.ts";

/** A supervisor leaves 15 seconds, and does not wait longer. */
const STOP_LIMIT_MS = 14_500;

/** What may be called while a server runs. */
export interface Stopping {
  /** Waits until the program is asked to stop, and stops the server then, within limits. */
  untilStopped(): Promise<void>;
}

/**
 * Listens for signals from now on: those to stop, and the one to load the config again.
 *
 * @param started What reloads and stops.
 * @returns What to wait for.
 */
export function obeySignals({ running, watch }: Pick<Started, "running" | "watch">): Stopping {
  const asked = Promise.withResolvers<string>();
  const forgetStop = onStopSignal(asked.resolve);
  const forgetReload = onReloadSignal({
    reload: watch.force,
    hangUp: () => asked.resolve("SIGHUP"),
  });
  return {
    async untilStopped() {
      log.info("Stopping on {signal}: requests that are in are answered first", {
        signal: await asked.promise,
      });
      const stopped = Promise.all([watch.stop(), running.stop()]);
      const isOver = await waitAtMost(STOP_LIMIT_MS, stopped);
      if (!isOver) log.warn("Ending although not everything has come to its end");
      forgetReload();
      forgetStop();
    },
  };
}
