import * as z from "zod/mini";
import { isServed } from "../../journal/sqlite/file/lock.ts";
import { log } from "../../observe/log.ts";

const runningServer = z.object({
  pid: z.int(),
  url: z.string(),
  adminUrl: z.string(),
  startedAt: z.string(),
});

/** What a server that runs says of itself beside its journal, for commands. */
export type RunningServerFacts = z.output<typeof runningServer>;

/** Names the file in which it says so. */
function fileBeside(journal: string): string {
  return `${journal}-server.json`;
}

/**
 * Says where a server listens, for commands beside it: its config may name another port by now. A
 * folder that takes no file is no reason not to serve.
 *
 * @param journal The path of its journal.
 * @param facts What it says.
 */
export async function noteServer(journal: string, facts: RunningServerFacts): Promise<void> {
  try {
    await Deno.writeTextFile(fileBeside(journal), `${JSON.stringify(facts)}\n`, { mode: 0o600 });
  } catch (error) {
    log.warn("Cannot say beside the journal where the server listens: {error}", { error });
  }
}

/**
 * Takes that away again.
 *
 * @param journal The path of its journal.
 */
export async function forgetServer(journal: string): Promise<void> {
  await Deno.remove(fileBeside(journal)).catch(() => undefined);
}

/**
 * Finds the server that runs with a journal.
 *
 * @param journal The path of the journal.
 * @returns What it said of itself; `undefined` when none runs, or none that says so.
 */
export async function findRunningServer(journal: string): Promise<RunningServerFacts | undefined> {
  try {
    if (!isServed(journal)) return undefined;
    return runningServer.parse(JSON.parse(await Deno.readTextFile(fileBeside(journal))));
  } catch {
    // Made by an older version, half written, or not for this account to read.
    return undefined;
  }
}
