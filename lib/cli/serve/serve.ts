import { bold, cyan, dim, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import type { Loaded } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { DEVELOPMENT_KEY, usesDevelopmentKey } from "../../config/references.ts";
import { locateForLoading } from "../config/load.ts";
import { programName, shellWord } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { VERSION } from "../version.ts";
import { flushLog, log } from "../../observe/log.ts";
import { waitAtMost } from "../../util/waiting.ts";
import {
  forgetServer,
  noteServer,
  type Overseer,
  type ServeLoad,
  type Started,
  startOrComplain,
} from "./start.ts";

/**
 * `storehook serve`.
 *
 * @param handlers The webhooks that a config can configure.
 * @param journalThread The thread of the journal, which was begun meanwhile.
 */
export function serveCommand(handlers: readonly Handler[], journalThread: Worker): RunCommand {
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
    }, terminal).catch((error) => {
      journalThread.terminate();
      throw error;
    });
    const shadow = options.text("shadow");
    return await serveInTerminal({ ...load, shadow, journalThread }, terminal, { file, handlers });
  };
}

/**
 * Serves a config until somebody asks it to stop, and shows where.
 *
 * @param load Which config.
 * @param terminal Where that is shown.
 * @param what The file that `--config` named, and the kinds of webhooks.
 * @returns The exit code.
 */
export async function serveInTerminal(
  load: ServeLoad,
  terminal: Terminal,
  what: Pick<BannerOptions, "file" | "handlers">,
): Promise<number> {
  return await serveUntilStopped(load, terminal, {
    async onStarted({ loaded, running }) {
      // A file or a log that keeps what is printed would keep the way in.
      const consoleLink = terminal.isTerminal === true ? await running.consoleLink?.() : undefined;
      const { colour } = terminal;
      terminal.out(banner({ ...running, ...what, loaded, colour, consoleLink }));
    },
  });
}

/** What differs by who has started a server. */
interface ServeOptions {
  /** Told once it listens. */
  onStarted(started: Started): void | Promise<void>;
  /** What asks it to stop beside signals, by its name. */
  readonly stopAsked?: Promise<string>;
  /** Who is told of some of what happens, beside the log. */
  readonly overseer?: Overseer;
}

/**
 * Serves a config until somebody asks it to stop.
 *
 * @param load Which config.
 * @param terminal Where mistakes are written: standard error.
 * @param options What differs by who has started it.
 * @returns The exit code.
 */
export async function serveUntilStopped(
  load: ServeLoad,
  terminal: Terminal,
  { onStarted, stopAsked, overseer }: ServeOptions,
): Promise<number> {
  const startedAt = new Date().toISOString();
  let running: Started | undefined = undefined;

  /** Browsers may reach the console elsewhere by a config that is loaded again. */
  function note({ console: { publicUrl: consoleUrl } }: Config): void {
    if (running === undefined) return;
    const { loaded: { config: { journal } }, running: { url, adminUrl } } = running;
    noteServer(journal, { pid: Deno.pid, url, adminUrl, consoleUrl, startedAt });
  }

  const started = await startOrComplain(load, terminal, {
    ...overseer,
    configTaken(config) {
      note(config);
      overseer?.configTaken(config);
    },
  });
  if (typeof started === "number") return started;
  const { untilStopped } = obeySignals(started, stopAsked);
  running = started;
  note(started.loaded.config);
  await onStarted(started);
  await untilStopped();
  await forgetServer(started.loaded.config.journal);
  return 0;
}

/** What a server that has started says of itself. */
interface BannerOptions {
  /** Where it listens. */
  readonly url: string;
  /** Where the listener for the people who run it listens. */
  readonly adminUrl: string;
  /** What it serves. */
  readonly loaded: Pick<Loaded, "config" | "endpoints">;
  /** The file that `--config` named. */
  readonly file: string | undefined;
  /** The kinds, to say what each endpoint is for. */
  readonly handlers: readonly Handler[];
  readonly colour: boolean;
  /** A link that signs in to the console, for whoever sits at the terminal. */
  readonly consoleLink?: string | undefined;
}

/**
 * Writes what is shown once the server listens: its URLs, and what to try next.
 *
 * @param options What it says.
 * @returns The text, with a line break at its end.
 */
export function banner(options: BannerOptions): string {
  const { url, adminUrl, loaded, file, handlers, colour, consoleLink } = options;
  const { config, endpoints } = loaded;
  setColorEnabled(colour);
  const lines = endpoints.map(({ path, kind }) => {
    const summary = handlers.find((handler) => handler.kind === kind)?.summary ?? kind;
    return { link: `${url}${path}`, summary };
  });
  const own = [
    { link: `${url}/readyz`, summary: "whether it is ready" },
    { link: `${adminUrl}/`, summary: "the console, to see what happened and why" },
    { link: `${adminUrl}/metrics`, summary: "how it fares, for Prometheus" },
  ];
  const width = Math.max(...[...lines, ...own].map(({ link }) => link.length));
  const line = ({ link, summary }: { readonly link: string; readonly summary: string }) =>
    `  ${cyan(link.padEnd(width))}   ${summary}`;
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
    ...[...lines, ...own].map(line),
    ...next,
    ...(consoleLink === undefined ? [] : [
      "",
      bold("Sign in to the console, once, within a minute:"),
      `  ${cyan(consoleLink)}`,
    ]),
    "",
    dim("Stop it with Ctrl+C."),
    "",
  ].join("\n");
}

/** A supervisor leaves 15 seconds, and does not wait longer. */
const STOP_LIMIT_MS = 14_500;

/** What may be called while a server runs. */
interface Stopping {
  /** Waits until the program is asked to stop, and stops the server then, within limits. */
  untilStopped(): Promise<void>;
}

/**
 * Listens for signals from now on: those to stop, and the one to load the config again.
 *
 * @param started What reloads and stops.
 * @param stopAsked What asks it to stop beside signals, by its name.
 * @returns What to wait for.
 */
export function obeySignals(
  { running, watch }: Pick<Started, "running" | "watch">,
  stopAsked?: Promise<string>,
): Stopping {
  const asked = Promise.withResolvers<string>();
  stopAsked?.then(asked.resolve);
  const forgetStop = onStopSignal(asked.resolve);
  const forgetReload = onReloadSignal({
    reload: watch.force,
    hangUp: () => asked.resolve("SIGHUP"),
  });
  return {
    async untilStopped() {
      log.info("Stopping on {signal}: requests that are in are answered first", {
        signal: await asked.promise,
      });
      const stopped = Promise.all([watch.stop(), running.stop()]);
      const isOver = await waitAtMost(STOP_LIMIT_MS, stopped);
      if (!isOver) log.warn("Ending although not everything has come to its end");
      forgetReload();
      forgetStop();
    },
  };
}

/** What a process ends with when it is asked to stop a second time. */
const KILLED_BY_SECOND_SIGNAL = 1;

/**
 * Names what asks a program to stop: Ctrl+C and a supervisor, and on Windows Ctrl+C and Ctrl+Break.
 *
 * @param os The system.
 * @returns The signals.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stopSignals("windows"), ["SIGINT", "SIGBREAK"]);
 * assertEquals(stopSignals("linux"), ["SIGINT", "SIGTERM"]);
 * ```
 */
export function stopSignals(os: typeof Deno.build.os): readonly Deno.Signal[] {
  return os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
}

/**
 * Calls a function when the process is asked to stop. Asked a second time, the process ends at
 * once: whoever asks twice does not want to wait.
 *
 * @param stop Called once, on the first signal.
 * @returns A function that stops listening for signals.
 */
function onStopSignal(stop: (signal: Deno.Signal) => void): () => void {
  let isAsked = false;
  const listeners = stopSignals(Deno.build.os).map((signal) => {
    const listener = () => {
      if (isAsked) {
        flushLog();
        Deno.exit(KILLED_BY_SECOND_SIGNAL);
      }
      isAsked = true;
      stop(signal);
    };
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
  };
}

/** What a supervisor sends to have a config loaded again; Windows knows no such thing. */
const SIGNAL: Deno.Signal | undefined = Deno.build.os === "windows" ? undefined : "SIGHUP";

/** What a reload signal may mean. */
interface ReloadSignal {
  /** The config is to be loaded again. */
  reload(): void;
  /** The terminal in which the program was started is gone. */
  hangUp(): void;
}

/**
 * Listens for the signal to load the config again. A terminal that is closed sends the same signal:
 * a program that was started in it ends with it.
 *
 * @param handle What to do.
 * @returns A function that stops listening.
 */
function onReloadSignal({ reload, hangUp }: ReloadSignal): () => void {
  if (SIGNAL === undefined) return () => {};
  const signal = SIGNAL;
  const startedInTerminal = Deno.stdin.isTerminal();
  const listener = () => {
    if (startedInTerminal && !Deno.stdin.isTerminal()) hangUp();
    else reload();
  };
  Deno.addSignalListener(signal, listener);
  return () => Deno.removeSignalListener(signal, listener);
}
