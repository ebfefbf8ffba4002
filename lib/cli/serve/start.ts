import type { Config } from "../../config/schema.ts";
import type { Loaded, LoadOptions } from "../../config/load.ts";
import { JournalNotOpened } from "../../journal/errors.ts";
import type { Journal } from "../../journal/journal.ts";
import { journalFiles } from "../../journal/journal_files.ts";
import { type StartingJournal, startServerJournal } from "../../journal/configured.ts";
import { configureLog, tellLastWords } from "../../observe/log.ts";
import { createMeters, type Meters } from "../../observe/meters/meters.ts";
import { createFileReader, type FileWatch, watchFiles } from "../../util/watch_files.ts";
import { loadLocated } from "../config/load.ts";
import type { Terminal } from "../terminal/command.ts";
import { VERSION } from "../version.ts";
import { NotListening } from "./not_listening.ts";
import { createConfigStatus } from "./reload/config_status.ts";
import { createReload } from "./reload/reload.ts";
import { type Running, type RunningTools, startRunning } from "./running.ts";

/** A server that runs and follows its config file. */
export interface Started {
  /** What it serves at first. */
  readonly loaded: Loaded;
  readonly running: Running;
  readonly watch: FileWatch;
}

/** What the command ends with when there is no server: it can't start, or the config is wrong. */
export type NotStarted = 1 | 2;

/**
 * Starts a server, or says why it can't.
 *
 * @param which Which config.
 * @param terminal Where mistakes are written: standard error.
 * @returns The server, or the exit code; why was told then.
 */
export async function startOrComplain(
  which: LoadOptions,
  terminal: Terminal,
): Promise<Started | NotStarted> {
  const starting = startServerJournal();
  const meters = createMeters(VERSION);
  const load = { ...which, onServiceCall: meters.observeServiceCall };
  const { read, seen } = createFileReader();
  const loaded = await loadLocated({ ...load, readFile: read }, terminal);
  if (loaded === undefined) {
    starting.end();
    return 2;
  }
  configureLog(loaded.config.log, loaded.secrets);
  tellLastWords();
  const journal = await openOrComplain(starting, loaded.config.journal, meters, terminal);
  if (journal === undefined) return 1;
  const status = createConfigStatus();
  const tools = { meters, details: { config: status.describe } };
  const running = await runOrComplain(loaded, journal, tools, terminal);
  if (running === undefined) {
    await journal.close();
    return 1;
  }
  const onReload = meters.observeReload;
  const untouchable = journalFiles(loaded.config.journal.path);
  const onChange = createReload({
    load,
    started: loaded.config,
    untouchable,
    running,
    status,
    onReload,
  });
  return { loaded, running, watch: watchFiles({ seen, untouchable, onChange }) };
}

/** Opens the journal for writing, or says why it cannot be. */
async function openOrComplain(
  starting: StartingJournal,
  section: Config["journal"],
  meters: Meters,
  terminal: Terminal,
): Promise<Journal | undefined> {
  try {
    return await starting.open(section, meters.journal.committed);
  } catch (error) {
    if (!(error instanceof JournalNotOpened)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** Starts to serve, or says why it cannot listen. */
async function runOrComplain(
  loaded: Loaded,
  journal: Journal,
  tools: RunningTools,
  terminal: Terminal,
): Promise<Running | undefined> {
  try {
    return await startRunning(loaded, journal, tools);
  } catch (error) {
    if (!(error instanceof NotListening)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}
