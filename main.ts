import { main } from "./lib/cli/mod.ts";
import { flushLog } from "./lib/observe/log.ts";

const exitCode = await main(Deno.args);
flushLog();
Deno.exit(exitCode);
