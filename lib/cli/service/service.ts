import { dirname, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { localUrl } from "../../util/addresses.ts";
import { fileExists, retryWhileBusy } from "../../util/files.ts";
import { openConnection } from "../../util/connection.ts";
import { findRunningServer } from "../serve/start.ts";
import type { RunCommand } from "../terminal/table.ts";
import { loadPlan, type WhichService, whichService, writeSteps } from "./load.ts";
import type { ServiceAction } from "./supervisor.ts";
import { messageOf } from "../../util/words.ts";

/**
 * Makes `storehook service install`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function serviceInstallCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const which = whichService(options);
    const loaded = await loadPlan(which, options, kinds, terminal);
    if (loaded === undefined) return 2;
    const { supervisor, executable } = which;
    const file = resolve(options.text("to") ?? supervisor.file(executable));
    const failure = await write(
      file,
      supervisor.definition(loaded.plan),
      options.flag("replace"),
    );
    if (failure !== undefined) {
      terminal.err(`${failure}\n`);
      return 1;
    }
    const missing = await missingWrapper(which);
    if (missing !== undefined) terminal.err(`${missing}\n`);
    const said = [`Wrote ${file}. Run these as an administrator:`];
    const steps = supervisor.install(loaded.plan);
    // Elsewhere the supervisor would not find it, or would start the one of before.
    const copied = file === resolve(supervisor.file(executable))
      ? []
      : [supervisor.copy(file, executable)];
    const commands = [...copied, ...steps];
    if (options.flag("json")) {
      terminal.out(`${JSON.stringify({ supervisor: supervisor.name, file, commands })}\n`);
    } else writeSteps(supervisor, said, commands, terminal);
    return missing === undefined ? 0 : 1;
  };
}

/** Says what failed, `undefined` when nothing did. */
async function write(file: string, text: string, replaces: boolean): Promise<string | undefined> {
  const name = JSON.stringify(file);
  try {
    if (!replaces && await isAnother(file, text)) {
      return `Cannot write ${name}: it exists with another content; give --replace to replace it`;
    }
    await retryWhileBusy(() => Deno.writeTextFile(file, text));
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) {
      return `Cannot write ${name}: run this as an administrator (sudo)`;
    }
    if (error instanceof Deno.errors.NotFound) {
      return `Cannot write ${name}: there is no folder "${dirname(file)}"; ` +
        "give --to FILE and copy it where the supervisor looks for it";
    }
    throw error;
  }
}

async function isAnother(file: string, text: string): Promise<boolean> {
  try {
    return await Deno.readTextFile(file) !== text;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Says how to get the supervisor's own program where it is missing. */
async function missingWrapper(
  { supervisor, executable }: WhichService,
): Promise<string | undefined> {
  const wrapper = supervisor.wrapper?.(executable);
  if (wrapper === undefined) return undefined;
  try {
    await Deno.stat(wrapper);
    return undefined;
  } catch {
    return `WinSW is missing: download WinSW-x64.exe, version 2.12 or newer, from ` +
      `https://github.com/winsw/winsw/releases and save it as ${
        JSON.stringify(wrapper)
      }; then run:`;
  }
}

/**
 * Makes `storehook service print`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function servicePrintCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const which = whichService(options);
    const loaded = await loadPlan(which, options, kinds, terminal);
    if (loaded === undefined) return 2;
    const { supervisor, executable } = which;
    const definition = supervisor.definition(loaded.plan);
    const record = { supervisor: supervisor.name, file: supervisor.file(executable), definition };
    terminal.out(options.flag("json") ? `${JSON.stringify(record)}\n` : definition);
    return 0;
  };
}

/** `storehook service start`. */
export const serviceStartCommand: RunCommand = stepsCommand("start");

/** `storehook service stop`. */
export const serviceStopCommand: RunCommand = stepsCommand("stop");

/** `storehook service uninstall`. */
export const serviceUninstallCommand: RunCommand = stepsCommand("uninstall");

/** The program cannot start others, and so prints what an administrator runs. */
function stepsCommand(action: Exclude<ServiceAction, "install">): RunCommand {
  // deno-lint-ignore require-await -- so that what is thrown becomes a rejection
  return async (options, terminal) => {
    const { supervisor, executable } = whichService(options);
    const commands = supervisor.steps[action](executable);
    if (options.flag("json")) {
      terminal.out(`${JSON.stringify({ supervisor: supervisor.name, commands })}\n`);
    } else writeSteps(supervisor, ["Run as an administrator:"], commands, terminal);
    return 0;
  };
}

const TIMEOUT_MS = 5000;

/**
 * Makes `storehook service status`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function serviceStatusCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const which = whichService(options);
    const loaded = await loadPlan(which, options, kinds, terminal);
    if (loaded === undefined) return 2;
    const { server, admin, journal } = loaded.config;
    // No certificate is for the address of this machine.
    const { hostname, port } = server.tls === undefined ? server : admin;
    const definition = which.supervisor.file(which.executable);
    const running = await findRunningServer(journal);
    // The one that runs listens where its config said when it started.
    const listening = server.tls === undefined ? running?.url : running?.adminUrl;
    const url = `${listening ?? localUrl(hostname, port)}/readyz`;
    const listensElsewhere = listening !== undefined && port !== 0 && !hasPort(listening, port);
    const status = {
      definition,
      installed: await fileExists(definition),
      url,
      ...(running === undefined ? {} : { running }),
      ...(listensElsewhere ? { restartNeeded: true } : {}),
      ...await ask(url),
    };
    terminal.out(
      options.flag("json") ? `${JSON.stringify(status)}\n` : [
        `definition   ${definition}${status.installed ? "" : " (missing)"}`,
        `server       ${url}`,
        ...(running === undefined ? [] : [
          `runs         since ${running.startedAt}, process ${running.pid}, on ${running.url}`,
        ]),
        ...(listensElsewhere
          ? [`restart      needed: by its config it would listen on port ${port}`]
          : []),
        `ready        ${status.ready ? "yes" : `no: ${status.reason}`}`,
        "",
      ].join("\n"),
    );
    return status.ready ? 0 : 1;
  };
}

function hasPort(url: string, port: number): boolean {
  const { port: found, protocol } = new URL(url);
  return Number(found || (protocol === "https:" ? 443 : 80)) === port;
}

interface Readiness {
  readonly ready: boolean;
  /** Why it is not. */
  readonly reason?: string;
}

async function ask(url: string): Promise<Readiness> {
  try {
    const response = await openConnection({ url })
      .request({ signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    return response.ok ? { ready: true } : { ready: false, reason: text };
  } catch (error) {
    const reason = messageOf(error);
    return { ready: false, reason: `nothing answers (${reason})` };
  }
}
