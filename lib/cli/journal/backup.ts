import { resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Command } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { findJournal } from "../records/find_journal.ts";
import { lookInto } from "../records/open.ts";
import { formatSize } from "../terminal/size.ts";

/**
 * Makes `storehook journal backup`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalBackupCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "journal backup",
    summary: "writes a copy of the journal, also while the server runs",
    help: `Usage: storehook journal backup FILE [--config FILE] [--json]

Writes a complete copy of the journal as of one moment. Works beside a running server. To restore
it, stop the server and put the copy in the place of the journal, without the files "-wal" and
"-shm" beside it. Never overwrites a file.

Options:
  --config FILE   the config, found as "serve" finds it
  --json          what was written as one line of JSON

Exit codes: 0 fine, 1 the journal can't be read or FILE can't be written, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["config"],
        flags: ["json"],
        words: ["FILE"],
      });
      const section = await findJournal({ config: options.text("config"), kinds }, terminal);
      if (section === undefined) return 2;
      const file = resolve(options.words[0] ?? "");
      return await lookInto(section.path, terminal, async (journal) => {
        try {
          await journal.backup(file);
        } catch (error) {
          terminal.err(`${reasonOf(error, file)}\n`);
          return 1;
        }
        const { size } = await Deno.stat(file);
        terminal.out(
          options.flag("json")
            ? `${JSON.stringify({ file, bytes: size })}\n`
            : `Wrote ${file} (${formatSize(size)})\n`,
        );
        return 0;
      });
    },
  };
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof Deno.errors.AlreadyExists) {
    return `Cannot write backup "${file}": it exists already, and is left as it is`;
  }
  if (error instanceof Deno.errors.NotFound) {
    return `Cannot write backup "${file}": its folder is missing`;
  }
  return `Cannot write backup "${file}": ${error instanceof Error ? error.message : String(error)}`;
}
