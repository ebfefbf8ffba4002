/**
 * The first module of a service of Windows that runs from the sources. Windows waits 30 seconds for
 * a service to speak up, and loading the rest may take longer: its account has a cache of packages
 * of its own, which is empty at first. The executable has all it needs and begins with `main.ts`.
 */
import { openEventLog, SERVICE_EVENTS } from "../../windows/event_log.ts";
import { becomeService, NotAService } from "../../windows/service_process.ts";
import { WINDOWS_SERVICE_NAME } from "../../windows/service_manager.ts";

const index = Deno.args.indexOf("--name");
const service = (index < 0 ? undefined : Deno.args[index + 1]) ?? WINDOWS_SERVICE_NAME;
try {
  await becomeService(service);
} catch (error) {
  // Whoever started it by hand is told so by the command.
  if (!(error instanceof NotAService)) throw error;
}
try {
  // Not by its name: what is named here would be loaded first.
  await import(new URL("../../../main.ts", import.meta.url).href);
} catch (error) {
  // What came later was told by the service itself, which has given the permission up by then.
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") throw error;
  const text = `Cannot load the sources: ${error instanceof Error ? error.message : String(error)}`;
  openEventLog(service).write({ ...SERVICE_EVENTS.failed, text });
  throw error;
}
