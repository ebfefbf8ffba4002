import { flushLog } from "../../observe/log.ts";

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
export function onStopSignal(stop: (signal: Deno.Signal) => void): () => void {
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
