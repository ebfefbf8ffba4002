import { bold, cyan, dim, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import type { Loaded } from "../../config/load.ts";
import { DEVELOPMENT_KEY, usesDevelopmentKey } from "../../config/endpoints/references.ts";
import { createExportRoutes } from "../../exports/routes.ts";
import { createDestinations } from "../../forward/destinations.ts";
import { startForwarding } from "../../forward/worker.ts";
import { type RunningServer, startServer } from "../../http/server.ts";
import { JournalNotOpened } from "../../journal/errors.ts";
import type { Journal } from "../../journal/journal.ts";
import { keepRetention } from "../../journal/retention.ts";
import { openJournal } from "../../journal/sqlite/open.ts";
import { tellLastWords } from "../../observe/last_words.ts";
import { configureLog, log } from "../../observe/log.ts";
import { type Command, type Terminal, UsageError } from "../terminal/command.ts";
import { loadOrComplain } from "../config/load.ts";
import { parseOptions } from "../terminal/options.ts";
import { programName, shellWord } from "../terminal/program.ts";
import { onStopSignal } from "./stop_signals.ts";
import { VERSION } from "../version.ts";

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
that are in are answered first. A config with mistakes is told and not served.

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
      const loaded = await loadOrComplain({
        config: options.text("config"),
        kinds: handlers,
        flags: {
          ...(hostname === undefined ? {} : { hostname }),
          ...(port === undefined ? {} : { port: needPort(port) }),
        },
      }, terminal);
      if (loaded === undefined) return 2;
      configureLog(loaded.config.log, loaded.secrets);
      tellLastWords();
      const journal = openOrComplain(loaded.config.journal.path, terminal);
      if (journal === undefined) return 1;
      const retention = keepRetention(journal, loaded.config.journal);
      const forwarding = startForwarding({
        outbox: journal.outbox,
        destinations: createDestinations(loaded.config.destinations),
      });
      try {
        return await serve(
          { ...loaded, file: options.text("config") },
          journal,
          handlers,
          terminal,
        );
      } finally {
        await Promise.all([retention.stop(), forwarding.stop()]);
        await journal.close();
      }
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

/** Opens the journal for writing, or says why it cannot be. */
function openOrComplain(path: string, terminal: Terminal): Journal | undefined {
  try {
    return openJournal(path);
  } catch (error) {
    if (!(error instanceof JournalNotOpened)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** What is served, and the file that `--config` named. */
interface ServedConfig extends Pick<Loaded, "config" | "endpoints"> {
  readonly file: string | undefined;
}

async function serve(
  { config, endpoints, file }: ServedConfig,
  journal: Journal,
  handlers: readonly Handler[],
  terminal: Terminal,
): Promise<number> {
  let server: RunningServer;
  try {
    server = startServer(config.server, {
      endpoints,
      journal,
      exports: createExportRoutes(journal),
    });
  } catch (error) {
    const { hostname, port } = config.server;
    const reason = error instanceof Error ? error.message : String(error);
    terminal.err(`Cannot listen on ${hostname}, port ${port}: ${reason}\n`);
    return 1;
  }
  const forgetSignals = onStopSignal((signal) => {
    log.info("Stopping on {signal}: requests that are in are answered first", { signal });
    server.stop();
  });
  terminal.out(banner(server.url, { config, endpoints, file }, handlers, terminal.colour));
  await server.finished;
  forgetSignals();
  return 0;
}

function banner(
  url: string,
  { config, endpoints, file }: ServedConfig,
  handlers: readonly Handler[],
  colour: boolean,
): string {
  setColorEnabled(colour);
  const width = Math.max(0, ...endpoints.map(({ path }) => `${url}${path}`.length));
  const lines = endpoints.map(({ path, kind }) => {
    const summary = handlers.find((handler) => handler.kind === kind)?.summary ?? kind;
    return `  ${cyan(`${url}${path}`.padEnd(width))}   ${summary}`;
  });
  const [first] = endpoints;
  const [configured] = config.endpoints;
  const isDevelopment = configured !== undefined && usesDevelopmentKey(configured.settings);
  // Any other key is a secret, and where it comes from need not be set in another terminal.
  const key = isDevelopment ? `--key ${DEVELOPMENT_KEY}` : "--key KEY";
  const option = file === undefined ? "" : ` --config ${shellWord(file)}`;
  const next = first === undefined ? [] : [
    "",
    bold("Try next, in another terminal:"),
    `  ${programName()} send ${first.kind} --to ${url}${first.path} ${key}`,
    `  ${programName()} check${option}`,
  ];
  return [
    `${bold(`Storehook ${VERSION}`)} listens on ${url}`,
    "",
    ...lines,
    `  ${cyan(`${url}/readyz`.padEnd(width))}   whether it is ready`,
    ...next,
    "",
    dim("Stop it with Ctrl+C."),
    "",
  ].join("\n");
}
