import { flushLog, log } from "./log.ts";

const UNFORESEEN = 1;

/**
 * Ends the process by an error that nobody caught with a line in the log, and writes what was
 * logged however the process ends. The runtime's own words would hold whatever the error holds.
 */
export function tellLastWords(): void {
  function end(error: unknown): never {
    log.fatal("Cannot go on: {error}", { error });
    flushLog();
    Deno.exit(UNFORESEEN);
  }
  globalThis.addEventListener("unload", flushLog);
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    end(event.error);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    end(event.reason);
  });
}
