/** What asks a program to stop: Ctrl+C, a supervisor, and on Windows Ctrl+Break. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

const KILLED_BY_SECOND_SIGNAL = 1;

/**
 * Calls a function when the process is asked to stop. Asked a second time, the process ends at
 * once: whoever asks twice does not want to wait.
 *
 * @param stop Called once, on the first signal.
 * @returns A function that stops listening for signals.
 */
export function onStopSignal(stop: (signal: Deno.Signal) => void): () => void {
  let isAsked = false;
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (isAsked) Deno.exit(KILLED_BY_SECOND_SIGNAL);
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
