import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { createDestinations, tryDestination } from "../../forward/destinations.ts";
import { loadOrComplain } from "../config/load.ts";
import { unknownName } from "../records/known_names.ts";
import { readBody } from "../terminal/terminal.ts";
import { printable } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * Makes `storehook forwards test`: one attempt, beside the journal.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsTestCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const [name = ""] = options.words;
    const loaded = await loadOrComplain({ config: options.text("config"), kinds }, terminal);
    if (loaded === undefined) return 2;
    const { byName } = createDestinations(loaded.config.destinations);
    const destination = byName.get(name);
    if (destination === undefined) {
      throw unknownName("destination", name, [...byName.keys()]);
    }
    const file = options.text("body");
    const payload = file === undefined ? undefined : await readBody(file, terminal);
    const record = await tryDestination(name, destination, {
      type: options.text("type") ?? "",
      ...(payload === undefined ? {} : { payload }),
    });
    if (record === undefined) return 1;
    const { status, error, durationMs } = record;
    if (options.flag("json")) terminal.out(`${JSON.stringify(record)}\n`);
    else if (error === null) {
      const answer = status === null ? "" : `, answered ${status}`;
      terminal.out(`${printable(name)} took the test event${answer}, after ${durationMs} ms\n`);
    } else terminal.err(`${printable(name)} did not take it: ${printable(error)}\n`);
    return error === null ? 0 : 1;
  };
}
