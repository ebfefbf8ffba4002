import { resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Config } from "../../config/schema.ts";
import { locateConfig } from "../../config/locate.ts";
import { loadOrComplain } from "../config/load.ts";
import type { Options } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { planService, type ServicePlan, type Supervisor } from "./supervisor.ts";
import { parseEnvironmentFile, systemd } from "./systemd.ts";
import { winsw } from "./winsw.ts";

/** A plan and the config behind it. */
interface LoadedPlan {
  readonly plan: ServicePlan;
  readonly config: Config;
}

/**
 * Loads the config of a service, with the variables that the service will get.
 *
 * @param which Which service.
 * @param options The options of the command, `config` among them.
 * @param kinds The kinds that endpoints may have.
 * @param terminal Where mistakes are told.
 * @returns The plan, `undefined` when the config has mistakes, which were told.
 */
export async function loadPlan(
  { supervisor, executable }: WhichService,
  options: Options,
  kinds: readonly EndpointKind[],
  terminal: Terminal,
): Promise<LoadedPlan | undefined> {
  const file = await locateConfig({ flag: options.text("config"), env: terminal.env });
  const variables = await readVariables(supervisor.environmentFile?.(file));
  const env = (name: string) => variables.get(name) ?? terminal.env(name);
  const loaded = await loadOrComplain({ config: file, kinds }, { ...terminal, env });
  if (loaded === undefined) return undefined;
  const { config } = loaded;
  return { plan: planService({ executable, config: file }, config), config };
}

/** Only root may read the file; without it the variables of this shell have to do. */
async function readVariables(file: string | undefined): Promise<ReadonlyMap<string, string>> {
  if (file === undefined) return new Map();
  try {
    return parseEnvironmentFile(await Deno.readTextFile(file));
  } catch {
    return new Map();
  }
}

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
  const name = options.text("for") ?? (Deno.build.os === "linux" ? "systemd" : undefined);
  const found = SUPERVISORS.find((supervisor) => supervisor.name === name);
  if (found !== undefined) return found;
  const names = SUPERVISORS.map((supervisor) => supervisor.name).join(", ");
  throw new UsageError(
    `Cannot tell what runs services on ${Deno.build.os}: give --for with ${names} or windows`,
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
