import { dirname, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { loadPlan } from "./load_plan.ts";
import { whichService, writeSteps } from "./options.ts";
import type { WhichService } from "./options.ts";
import type { RunCommand } from "../terminal/table.ts";

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
    await Deno.writeTextFile(file, text);
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
