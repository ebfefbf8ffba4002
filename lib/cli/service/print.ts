import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { loadPlan } from "./load_plan.ts";
import { whichService } from "./options.ts";
import type { RunCommand } from "../terminal/table.ts";

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
