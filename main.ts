import { callsWindows, main } from "./lib/cli/mod.ts";
import { flushLog } from "./lib/observe/log.ts";

// Windows' executable may call libraries for the sake of its service alone.
if (!callsWindows(Deno.args)) Deno.permissions.revokeSync({ name: "ffi" });
const exitCode = await main(Deno.args);
flushLog();
Deno.exit(exitCode);
