import { callsWindows, main } from "./lib/cli/mod.ts";
import { processTerminal } from "./lib/cli/terminal/terminal.ts";
import { flushLog } from "./lib/observe/log.ts";

// What a double click starts has no arguments.
const isBare = Deno.build.os === "windows" && Deno.args.length === 0;
const window = isBare ? await import("./lib/cli/own_window.ts") : undefined;
const exitCode = window?.hasOwnWindow() === true
  ? await window.runInOwnWindow({ run, terminal: processTerminal() })
  : await run(Deno.args);
flushLog();
Deno.exit(exitCode);

async function run(args: readonly string[]): Promise<number> {
  // Windows' executable may call libraries for its window and its service alone.
  if (!callsWindows(args)) Deno.permissions.revokeSync({ name: "ffi" });
  return await main(args);
}
