import * as z from "zod/mini";
import { resolve } from "@std/path";
import type { Loaded, LoadOptions } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { watchServices } from "../../console/queries/services.ts";
import {
  type ServedJournal,
  type StartingJournal,
  startServerJournal,
} from "../../journal/configured.ts";
import { JournalNotOpened } from "../../journal/errors.ts";
import { isServed, journalFiles } from "../../journal/sqlite/files.ts";
import { configureLog, log, tellLastWords } from "../../observe/log.ts";
import { createMeters, type Meters } from "../../observe/metrics/meters.ts";
import { retryWhileBusy, retryWhileBusySync } from "../../util/files.ts";
import { createFileReader, type FileWatch, watchFiles } from "../../util/watch_files.ts";
import { loadTestedConfig } from "../../trials/rule_tests/tested_config.ts";
import { loadLocated } from "../config/load.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { VERSION } from "../version.ts";
import { NotListening, type Running, type RunningTools, startRunning } from "./running.ts";
import { describeInstances, describeSpool, factsOf } from "./instances.ts";
import { shadowFile } from "../../trials/shadow_record.ts";
import { type Shadow, startShadow } from "./shadow.ts";
import { createConfigStatus, createReload } from "./reload.ts";

/** A server that runs and follows its config file. */
export interface Started {
  /** What it serves at first. */
  readonly loaded: Loaded;
  readonly running: Running;
  readonly watch: FileWatch;
}

/** Whoever is told of what an administrator has to know, beside the log. */
export interface Overseer {
  /** A changed config has mistakes, all of which are told; the one before is served on. */
  configRejected(mistakes: string): void;
  /** The config was changed, and this one is served. */
  configTaken(config: Config): void;
  /** The process ends by an error that nobody foresaw. */
  failed(reason: string): void;
}

/** Which config is served, and which one is tried beside it. */
export interface ServeLoad extends LoadOptions {
  /** The file of a config by which deliveries are decided too, without touching the answer. */
  readonly shadow?: string | undefined;
  /** The thread of the journal, where it was begun while the rest was loaded. */
  readonly journalThread?: Worker;
}

/** What the command ends with when there is no server: it can't start, or the config is wrong. */
type NotStarted = 1 | 2;

/**
 * Starts a server, or says why it can't.
 *
 * @param which Which config.
 * @param terminal Where mistakes are written: standard error.
 * @param overseer Who else is told of some of what happens later.
 * @returns The server, or the exit code; why was told then.
 */
export async function startOrComplain(
  { shadow: shadowed, journalThread, ...which }: ServeLoad,
  terminal: Terminal,
  overseer: Partial<Overseer> = {},
): Promise<Started | NotStarted> {
  const meters = createMeters(VERSION);
  const starting = startServerJournal(journalThread, meters.journal.committed);
  const services = watchServices();
  const load: LoadOptions = {
    ...which,
    onServiceCall(event) {
      meters.observeServiceCall(event);
      services.note(event, Date.now());
    },
  };
  const { read, readFolder, seen } = createFileReader();
  const loaded = await loadLocated(
    { ...load, readFile: read, onJournal: starting.foresee },
    terminal,
    async (options) => (await loadTestedConfig({ ...options, listFolder: readFolder })).loaded,
  );
  if (loaded === undefined) {
    await starting.end();
    return 2;
  }
  // The thread of the journal is at it meanwhile.
  const opening = openOrComplain(starting, loaded.config.journal, terminal);
  configureLog(loaded.config.log, loaded.secrets);
  tellLastWords(overseer.failed);
  const journal = await opening;
  if (journal === undefined) return 1;
  const status = createConfigStatus();
  const { shared } = journal;
  shared?.describe(factsOf(loaded.config));
  const details = {
    config: status.describe,
    ...(shared === undefined ? {} : {
      spool: () => describeSpool(shared.spooled()),
      instances: async () => describeInstances(await shared.instances()),
    }),
  };
  const tools = {
    meters,
    details,
    console: {
      ...{ load, services, version: VERSION },
      ...{ notServed: status.describe, mistakes: status.mistakes },
    },
  };
  const shadow = shadowed === undefined
    ? undefined
    : startShadowOf(shadowed, loaded.config.journal, meters);
  const watched = shadow === undefined ? journal : shadow.watching(journal);
  const listening = await runOrComplain(loaded, watched, tools, terminal);
  if (listening === undefined) {
    await shadow?.stop();
    await journal.close();
    return 1;
  }
  const running: Running = shadow === undefined ? listening : {
    ...listening,
    async stop() {
      await listening.stop();
      await shadow.stop();
    },
  };
  let served = loaded.config;
  const onReload = (isServed: boolean, why: string) => {
    meters.observeReload(isServed);
    if (isServed) overseer.configTaken?.(served);
    else overseer.configRejected?.(why);
  };
  const untouchable = journalFiles(loaded.config.journal.path);
  const onChange = createReload({
    load: { ...load, findDelivery: journal.get },
    started: loaded.config,
    untouchable,
    running: {
      swap(next) {
        running.swap(next);
        served = next.config;
        shared?.follow(next.config.journal);
        shared?.describe(factsOf(next.config));
      },
    },
    status,
    onReload,
  });
  return { loaded, running, watch: watchFiles({ seen, untouchable, onChange }) };
}

function startShadowOf(
  file: string,
  journal: Config["journal"],
  { observeShadow }: Meters,
): Shadow {
  return startShadow({
    file: resolve(file),
    recordFile: shadowFile(journal.url === undefined ? journal.path : journal.spool),
    untouchable: [...journalFiles(journal.path), ...journalFiles(journal.spool)],
  }, observeShadow);
}

/** Opens the journal for writing, or says why it cannot be. */
async function openOrComplain(
  starting: StartingJournal,
  section: Config["journal"],
  terminal: Terminal,
): Promise<ServedJournal | undefined> {
  try {
    return await starting.open(section);
  } catch (error) {
    if (!(error instanceof JournalNotOpened)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** Starts to serve, or says why it cannot listen. */
async function runOrComplain(
  loaded: Loaded,
  journal: ServedJournal,
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

const runningServer = z.object({
  pid: z.int(),
  url: z.string(),
  adminUrl: z.string(),
  consoleUrl: z.optional(z.string()),
  startedAt: z.string(),
});

/** What a server that runs says of itself beside its journal, for commands. */
type RunningServerFacts = z.output<typeof runningServer>;

/** What of a config tells which journal it is. */
type WhichServed = Pick<Config["journal"], "path" | "url" | "spool">;

/** Names the file in which it says so. */
function factsFile({ path, url, spool }: WhichServed): string {
  return `${url === undefined ? path : spool}-server.json`;
}

/**
 * Says where a server listens, for commands beside it: its config may name another port by now. A
 * folder that takes no file is no reason not to serve.
 *
 * @param journal Which journal it has.
 * @param facts What it says.
 */
export function noteServer(journal: WhichServed, facts: RunningServerFacts): void {
  try {
    const text = `${JSON.stringify(facts)}\n`;
    // A line is written sooner than another thread is asked to.
    retryWhileBusySync(() => Deno.writeTextFileSync(factsFile(journal), text, { mode: 0o600 }));
  } catch (error) {
    log.warn("Cannot say beside the journal where the server listens: {error}", { error });
  }
}

/**
 * Takes that away again.
 *
 * @param journal Which journal it had.
 */
export async function forgetServer(journal: WhichServed): Promise<void> {
  await retryWhileBusy(() => Deno.remove(factsFile(journal))).catch(() => undefined);
}

/** What is there answers at once. */
const ANSWERS_MS = 2000;

/**
 * Finds the server that runs with a journal: of those that share one, the one with this spool.
 *
 * @param journal Which journal.
 * @returns What it said of itself; `undefined` when none runs, or none that says so.
 */
export async function findRunningServer(
  journal: WhichServed,
): Promise<RunningServerFacts | undefined> {
  try {
    if (journal.url === undefined && !isServed(journal.path)) return undefined;
    const facts = runningServer.parse(JSON.parse(await Deno.readTextFile(factsFile(journal))));
    if (journal.url !== undefined) {
      const response = await fetch(`${facts.adminUrl}/healthz`, {
        signal: AbortSignal.timeout(ANSWERS_MS),
      });
      await response.body?.cancel();
    }
    return facts;
  } catch {
    // Made by an older version, half written, not for this account to read, or left behind.
    return undefined;
  }
}
