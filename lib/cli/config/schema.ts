import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { configJsonSchema } from "../../config/json_schema.ts";
import type { Command } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";

const help = `Usage: storehook schema

Prints the JSON Schema of the config. An editor that finds it beside the config, through
"$schema": "./config.schema.json", completes keys and shows mistakes while you type.

Example:
  storehook schema > config.schema.json

Exit codes: 0 fine, 2 wrong usage
`;

/**
 * Makes `storehook schema`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function schemaCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "schema",
    summary: "the JSON Schema of the config, for editors",
    help,
    run(args, terminal) {
      parseOptions(args, {});
      terminal.out(schemaText(kinds));
      return Promise.resolve(0);
    },
  };
}

/**
 * Writes the JSON Schema of the config as the text of a file.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The text, with a line break at its end.
 */
export function schemaText(kinds: readonly EndpointKind[]): string {
  return `${JSON.stringify(configJsonSchema(kinds), null, 2)}\n`;
}
