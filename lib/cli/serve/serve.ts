import { bold, cyan, dim, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import type { Loaded } from "../../config/load.ts";
import { DEVELOPMENT_KEY, usesDevelopmentKey } from "../../config/references.ts";
import { locateForLoading } from "../config/load.ts";
import { programName, shellWord } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { VERSION } from "../version.ts";
import { forgetServer, noteServer, startOrComplain } from "./start.ts";
import { obeySignals } from "./signals.ts";

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
    const { publicUrl: consoleUrl } = loaded.config.console;
    await noteServer(path, { pid: Deno.pid, url, adminUrl, consoleUrl, startedAt });
    // A file or a log that keeps what is printed would keep the way in.
    const consoleLink = terminal.isTerminal === true ? await running.consoleLink?.() : undefined;
    terminal.out(
      banner({ ...running, loaded, file, handlers, colour: terminal.colour, consoleLink }),
    );
    await untilStopped();
    await forgetServer(path);
    return 0;
  };
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
