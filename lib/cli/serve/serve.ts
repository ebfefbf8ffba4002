import type { Handler } from "../../../handlers/handler.ts";
import type { Loaded } from "../../config/load.ts";
import { JournalNotOpened } from "../../journal/errors.ts";
import type { Journal } from "../../journal/journal.ts";
import { openJournalInThread } from "../../journal/sqlite/thread/open.ts";
import { tellLastWords } from "../../observe/last_words.ts";
import { configureLog, log } from "../../observe/log.ts";
import { createMeters, type Meters } from "../../observe/meters/meters.ts";
import { loadOrComplain } from "../config/load.ts";
import { type Command, type Terminal, UsageError } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { VERSION } from "../version.ts";
import { banner } from "./banner.ts";
import { NotListening } from "./not_listening.ts";
import { type Running, startRunning } from "./running.ts";
import { onStopSignal } from "./stop_signals.ts";

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
      const file = options.text("config");
      const loaded = await loadOrComplain({
        config: file,
        kinds: handlers,
        flags: {
          ...(hostname === undefined ? {} : { hostname }),
          ...(port === undefined ? {} : { port: needPort(port) }),
        },
      }, terminal);
      if (loaded === undefined) return 2;
      configureLog(loaded.config.log, loaded.secrets);
      tellLastWords();
      const meters = createMeters(VERSION);
      const journal = await openOrComplain(loaded.config.journal.path, meters, terminal);
      if (journal === undefined) return 1;
      const running = await startOrComplain(loaded, journal, meters, terminal);
      if (running === undefined) {
        await journal.close();
        return 1;
      }
      const stopSignal = nextStopSignal();
      terminal.out(
        banner({ ...running, loaded, file, handlers, colour: terminal.colour }),
      );
      const { signal, forget } = await stopSignal;
      log.info("Stopping on {signal}: requests that are in are answered first", { signal });
      await running.stop();
      forget();
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

/** Opens the journal for writing, or says why it cannot be. */
async function openOrComplain(
  path: string,
  meters: Meters,
  terminal: Terminal,
): Promise<Journal | undefined> {
  try {
    return await openJournalInThread(path, { onCommit: meters.journal.committed });
  } catch (error) {
    if (!(error instanceof JournalNotOpened)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** Starts to serve, or says why it cannot listen. */
async function startOrComplain(
  loaded: Loaded,
  journal: Journal,
  meters: Meters,
  terminal: Terminal,
): Promise<Running | undefined> {
  try {
    return await startRunning(loaded, journal, meters);
  } catch (error) {
    if (!(error instanceof NotListening)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** Waits for the first signal to stop; from then on a second one ends the process at once. */
function nextStopSignal(): Promise<{ readonly signal: Deno.Signal; readonly forget: () => void }> {
  return new Promise((resolve) => {
    const forget = onStopSignal((signal) => resolve({ signal, forget }));
  });
}
