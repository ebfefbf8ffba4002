import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { mentionTest } from "../../journal/mentions.ts";
import { type Command, UsageError } from "../terminal/command.ts";
import { formatCount } from "../terminal/format_count.ts";
import { parseOptions } from "../terminal/options.ts";
import { findJournal } from "../records/find_journal.ts";
import { changeJournal } from "../records/open.ts";

/**
 * Makes `storehook journal erase`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalEraseCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "journal erase",
    summary: "takes a person's data out of the journal, for good",
    help: `Usage: storehook journal erase --email ADDRESS [--config FILE]

Takes out all that was sent with a person's address: of each delivery that holds it remain id,
times, endpoint and status, of each event id, times, endpoint, source and type; exported lists that
hold it go, and what is not forwarded yet is called off. It can't be undone. Backups keep what they
hold. Works beside a running server.

Options:
  --email ADDRESS   the person's e-mail address
  --config FILE     the config, found as "serve" finds it

Exit codes: 0 fine, 1 the journal can't be written, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, { text: ["email", "config"] });
      const email = needAddress(options.text("email"));
      const section = await findJournal({ config: options.text("config"), kinds }, terminal);
      if (section === undefined) return 2;
      return await changeJournal(section.path, terminal, async (journal) => {
        if (terminal.showsProgress) terminal.err("Looking through the whole journal…\n");
        const { deliveries, events, exportVersions } = await journal.erase(email);
        terminal.out(
          `Erased the data of ${formatCount(deliveries, "delivery", "deliveries")}, ` +
            `${formatCount(events, "event")} and ` +
            `${formatCount(exportVersions, "exported list")}\n`,
        );
        return 0;
      });
    },
  };
}

function needAddress(email: string | undefined): string {
  if (email === undefined) throw new UsageError("The address is missing: give --email ADDRESS");
  try {
    mentionTest(email);
    return email;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
