import { callsWindows, main } from "./lib/cli/mod.ts";
import { processTerminal } from "./lib/cli/terminal/terminal.ts";
import { flushLog } from "./lib/observe/log.ts";

// What a double click starts has no arguments.
const window = Deno.build.os === "windows" && Deno.args.length === 0
  ? await import("./lib/cli/own_window.ts")
  : undefined;
const isOwn = window?.hasOwnWindow() === true;
// Windows' executable may call libraries for its window, and for the sake of its service, alone.
if (!isOwn && !callsWindows(Deno.args)) Deno.permissions.revokeSync({ name: "ffi" });
const exitCode = isOwn && window !== undefined
  ? await window.runInOwnWindow({ run: main, terminal: processTerminal() })
  : await main(Deno.args);
flushLog();
Deno.exit(exitCode);
