import type { Terminal } from "./command.ts";
import type { Options } from "./options.ts";

/** What a command is about to do. */
export interface Intent {
  /** Tells how much it concerns, in lines. */
  readonly describe: () => string | Promise<string>;
  /** What is asked then, to be answered by yes or no. */
  readonly question: string;
}

/**
 * Asks before a command does what can't be taken back: `journal erase`, `journal prune` and, by
 * destination, `forwards resend`. One rule for all of them: on a terminal it tells how much that
 * would be, and asks, unless `--yes` is given. Where nobody can be asked, as in a script, the
 * command itself is the answer. `--dry-run` tells it alone. What can be taken back is not asked:
 * `forwards retry` and `forwards cancel`.
 *
 * @param options The command's arguments, `--yes` among them.
 * @param terminal Who is asked.
 * @param intent What it is about to do.
 * @returns Whether to do it; that nothing was changed has been told.
 */
export async function isConfirmed(
  options: Pick<Options, "flag">,
  { confirm, err }: Terminal,
  { describe, question }: Intent,
): Promise<boolean> {
  if (confirm === undefined || options.flag("yes")) return true;
  err(await describe());
  if (confirm(question)) return true;
  err("Nothing was changed\n");
  return false;
}
