import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { configJsonSchema } from "../../config/json_schema.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * Makes `storehook schema`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function schemaCommand(kinds: readonly EndpointKind[]): RunCommand {
  return (_options, terminal) => {
    terminal.out(schemaText(kinds));
    return Promise.resolve(0);
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
