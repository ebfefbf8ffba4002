import { flushLog, log } from "../../observe/log.ts";
import { waitAtMost } from "../../util/waiting.ts";
import type { Started } from "./start.ts";

/** A supervisor leaves 15 seconds, and does not wait longer. */
const STOP_LIMIT_MS = 14_500;

/** What may be called while a server runs. */
interface Stopping {
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

/** What a process ends with when it is asked to stop a second time. */
const KILLED_BY_SECOND_SIGNAL = 1;

/**
 * Names what asks a program to stop: Ctrl+C and a supervisor, and on Windows Ctrl+C and Ctrl+Break.
 *
 * @param os The system.
 * @returns The signals.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stopSignals("windows"), ["SIGINT", "SIGBREAK"]);
 * assertEquals(stopSignals("linux"), ["SIGINT", "SIGTERM"]);
 * ```
 */
export function stopSignals(os: typeof Deno.build.os): readonly Deno.Signal[] {
  return os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
}

/**
 * Calls a function when the process is asked to stop. Asked a second time, the process ends at
 * once: whoever asks twice does not want to wait.
 *
 * @param stop Called once, on the first signal.
 * @returns A function that stops listening for signals.
 */
function onStopSignal(stop: (signal: Deno.Signal) => void): () => void {
  let isAsked = false;
  const listeners = stopSignals(Deno.build.os).map((signal) => {
    const listener = () => {
      if (isAsked) {
        flushLog();
        Deno.exit(KILLED_BY_SECOND_SIGNAL);
      }
      isAsked = true;
      stop(signal);
    };
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
  };
}

/** What a supervisor sends to have a config loaded again; Windows knows no such thing. */
const SIGNAL: Deno.Signal | undefined = Deno.build.os === "windows" ? undefined : "SIGHUP";

/** What a reload signal may mean. */
interface ReloadSignal {
  /** The config is to be loaded again. */
  reload(): void;
  /** The terminal in which the program was started is gone. */
  hangUp(): void;
}

/**
 * Listens for the signal to load the config again. A terminal that is closed sends the same signal:
 * a program that was started in it ends with it.
 *
 * @param handle What to do.
 * @returns A function that stops listening.
 */
function onReloadSignal({ reload, hangUp }: ReloadSignal): () => void {
  if (SIGNAL === undefined) return () => {};
  const signal = SIGNAL;
  const startedInTerminal = Deno.stdin.isTerminal();
  const listener = () => {
    if (startedInTerminal && !Deno.stdin.isTerminal()) hangUp();
    else reload();
  };
  Deno.addSignalListener(signal, listener);
  return () => Deno.removeSignalListener(signal, listener);
}
