/** What a supervisor sends to have a config loaded again; Windows knows no such thing. */
const SIGNAL: Deno.Signal | undefined = Deno.build.os === "windows" ? undefined : "SIGHUP";

/** What a reload signal may mean. */
export interface ReloadSignal {
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
export function onReloadSignal({ reload, hangUp }: ReloadSignal): () => void {
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
