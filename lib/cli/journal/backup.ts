import { resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { findJournal, lookInto } from "../records/open_journal.ts";
import { formatSize } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { messageOf } from "../../util/error_message.ts";

/**
 * Makes `storehook journal backup`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalBackupCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    const file = resolve(options.words[0] ?? "");
    return await lookInto(section, terminal, async (journal) => {
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
  };
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof Deno.errors.AlreadyExists) {
    return `Cannot write backup "${file}": it exists already, and is left as it is`;
  }
  if (error instanceof Deno.errors.NotFound) {
    return `Cannot write backup "${file}": its folder is missing`;
  }
  return `Cannot write backup "${file}": ${messageOf(error)}`;
}
