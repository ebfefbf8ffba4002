import type { Handler } from "../../../handlers/handler.ts";
import { locateForLoading } from "../config/load.ts";
import { banner } from "./banner.ts";
import { forgetServer, noteServer } from "./running_server.ts";
import { startOrComplain } from "./start.ts";
import { obeySignals } from "./until_stopped.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * `storehook serve`.
 *
 * @param handlers The webhooks that a config can configure.
 */
export function serveCommand(handlers: readonly Handler[]): RunCommand {
  return async (options, terminal) => {
    const hostname = options.text("hostname");
    const port = options.number("port");
    const file = options.text("config");
    const load = await locateForLoading({
      config: file,
      kinds: handlers,
      flags: {
        ...(hostname === undefined ? {} : { hostname }),
        ...(port === undefined ? {} : { port }),
      },
    }, terminal);
    const started = await startOrComplain(load, terminal);
    if (typeof started === "number") return started;
    const { untilStopped } = obeySignals(started);
    const { loaded, running } = started;
    const { path } = loaded.config.journal;
    const startedAt = new Date().toISOString();
    const { url, adminUrl } = running;
    await noteServer(path, { pid: Deno.pid, url, adminUrl, startedAt });
    terminal.out(
      banner({ ...running, loaded, file, handlers, colour: terminal.colour }),
    );
    await untilStopped();
    await forgetServer(path);
    return 0;
  };
}
