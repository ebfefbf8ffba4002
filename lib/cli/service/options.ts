import { resolve } from "@std/path";
import { type Terminal, UsageError } from "../terminal/command.ts";
import type { Options } from "../terminal/options.ts";
import type { Supervisor } from "./supervisor.ts";
import { systemd } from "./systemd/systemd.ts";
import { winsw } from "./winsw/winsw.ts";

const SUPERVISORS: readonly Supervisor[] = [systemd, winsw];

/** The program that runs as a service, and what watches it. */
export interface WhichService {
  readonly supervisor: Supervisor;
  /** An absolute path. */
  readonly executable: string;
}

/**
 * Reads from the options which service is meant.
 *
 * @param options The options of a command.
 * @returns The supervisor and the executable.
 * @throws {UsageError} When the system has no known supervisor, or the program runs from its sources
 * and no executable is named.
 */
export function whichService(options: Options): WhichService {
  return { supervisor: whichSupervisor(options), executable: whichExecutable(options) };
}

function whichSupervisor(options: Options): Supervisor {
  const name = options.text("for") ?? { linux: "systemd", windows: "winsw" }[String(Deno.build.os)];
  const found = SUPERVISORS.find((supervisor) => supervisor.name === name);
  if (found !== undefined) return found;
  const names = SUPERVISORS.map((supervisor) => supervisor.name).join(" or ");
  throw new UsageError(
    `Cannot tell what runs services on ${Deno.build.os}: give --for with ${names}`,
  );
}

function whichExecutable(options: Options): string {
  const named = options.text("executable");
  if (named !== undefined) return resolve(named);
  if (Deno.build.standalone) return Deno.execPath();
  throw new UsageError(
    "Cannot run the sources as a service: compile them and give --executable FILE",
  );
}

/**
 * Writes lines for the shell of a supervisor: what is said becomes a comment, so that all of it can
 * be piped to that shell.
 *
 * @param supervisor Whose shell.
 * @param said What is said first.
 * @param commands The commands, with comments among them.
 * @param terminal Where to.
 */
export function writeSteps(
  { comment }: Supervisor,
  said: readonly string[],
  commands: readonly string[],
  terminal: Terminal,
): void {
  const lines = [...said.map((line) => `${comment}${line}`), ...commands];
  terminal.out(`${lines.join("\n")}\n`);
}
