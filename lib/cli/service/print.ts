import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Command } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { loadPlan } from "./load_plan.ts";
import { SERVICE_OPTIONS_HELP, whichService } from "./options.ts";

const help = `Usage: storehook service print [--config FILE]

Prints the definition of a service that runs this config, and writes nothing.

Options:
  --config FILE       the config; else as "check" finds it
${SERVICE_OPTIONS_HELP}

Exit codes: 0 printed, 2 wrong usage or config
`;

/**
 * Makes `storehook service print`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function servicePrintCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "service print",
    summary: "the definition of a service, on standard output",
    help,
    async run(args, terminal) {
      const options = parseOptions(args, { text: ["config", "executable", "for"] });
      const which = whichService(options);
      const loaded = await loadPlan(which, options, kinds, terminal);
      if (loaded === undefined) return 2;
      terminal.out(which.supervisor.definition(loaded.plan));
      return 0;
    },
  };
}
