import { dirname, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { retryWhileBusy } from "../../util/files.ts";
import type { RunCommand } from "../terminal/table.ts";
import { loadPlan, type WhichService, whichService, writeSteps } from "./load.ts";
import type { ServiceAction } from "./supervisor.ts";
import { startOnWindows, stopOnWindows } from "./windows_control.ts";
import { installOnWindows, uninstallOnWindows } from "./windows_install.ts";
import { printForWindows } from "./windows_plan.ts";
import { concernsWindowsService } from "./windows_words.ts";

/**
 * Makes `storehook service install`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function serviceInstallCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    if (concernsWindowsService(options)) return await installOnWindows(options, kinds, terminal);
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
    if (concernsWindowsService(options)) return await printForWindows(options, kinds, terminal);
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
export const serviceStartCommand: RunCommand = stepsCommand("start", startOnWindows);

/** `storehook service stop`. */
export const serviceStopCommand: RunCommand = stepsCommand("stop", stopOnWindows);

/** `storehook service uninstall`. */
export const serviceUninstallCommand: RunCommand = stepsCommand("uninstall", uninstallOnWindows);

/** Windows is told; elsewhere the program prints what an administrator runs: it cannot start others. */
function stepsCommand(
  action: Exclude<ServiceAction, "install">,
  onWindows: RunCommand,
): RunCommand {
  return async (options, terminal) => {
    if (concernsWindowsService(options)) return await onWindows(options, terminal);
    const { supervisor, executable } = whichService(options);
    const commands = supervisor.steps[action](executable);
    if (options.flag("json")) {
      terminal.out(`${JSON.stringify({ supervisor: supervisor.name, commands })}\n`);
    } else writeSteps(supervisor, ["Run as an administrator:"], commands, terminal);
    return 0;
  };
}
