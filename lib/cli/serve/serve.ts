import type { Handler } from "../../../handlers/handler.ts";
import { locateForLoading } from "../config/load.ts";
import { type Command, UsageError } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { banner } from "./banner.ts";
import { forgetServer, noteServer } from "./running_server.ts";
import { startOrComplain } from "./start.ts";
import { obeySignals } from "./until_stopped.ts";

const HIGHEST_PORT = 65_535;

/**
 * `storehook serve`.
 *
 * @param handlers The webhooks that a config can configure.
 */
export function serveCommand(handlers: readonly Handler[]): Command {
  return {
    name: "serve",
    summary: "answer webhooks (the default command)",
    help: `Usage: storehook [serve] [--config FILE] [--hostname H] [--port N]

Answers the webhooks of the config until it is stopped by Ctrl+C or a termination signal; requests
that are in are answered first. A config with mistakes is told and not served. When the file changes
it is served as it is then; with mistakes, the one before is served on.

Options:
  --config FILE   the config (default: STOREHOOK_CONFIG, then config.json here, then beside the
                  executable)
  --hostname H    where to listen instead of the config's server.hostname
  --port N        the port instead of the config's server.port; 0 takes a free one

Exit codes: 0 stopped, 1 cannot listen, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, { text: ["config", "hostname", "port"] });
      const hostname = options.text("hostname");
      const port = options.text("port");
      const file = options.text("config");
      const load = await locateForLoading({
        config: file,
        kinds: handlers,
        flags: {
          ...(hostname === undefined ? {} : { hostname }),
          ...(port === undefined ? {} : { port: needPort(port) }),
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
    },
  };
}

function needPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= HIGHEST_PORT) return port;
  throw new UsageError(
    `Cannot listen on port "${text}": wanted a number from 0 to ${HIGHEST_PORT}`,
  );
}
