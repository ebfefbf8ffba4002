import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { locateConfig } from "../../config/source.ts";
import type { Config } from "../../config/schema.ts";
import { loadOrComplain } from "../config/load.ts";
import type { Terminal } from "../terminal/command.ts";
import type { Options } from "../terminal/options.ts";
import { planService, type ServicePlan } from "./plan.ts";
import type { WhichService } from "./options.ts";
import { parseEnvironmentFile } from "./systemd/environment_file.ts";

/** A plan and the config behind it. */
export interface LoadedPlan {
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
