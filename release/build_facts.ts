import type { BuildFacts } from "../lib/cli/version.ts";

/**
 * Reads from git what an executable is built of. The time is that of the commit, and not of the
 * build: so the same commit gives the same executable.
 *
 * @param folder A folder of the repository.
 * @returns The facts; all unknown where there is no git or no repository.
 */
export async function readBuildFacts(folder: string): Promise<BuildFacts> {
  const [head = "", seconds = ""] =
    (await git(folder, ["log", "-1", "--format=%H %ct"]))?.split(" ") ?? [];
  const changes = await git(folder, ["status", "--porcelain"]);
  if (head === "" || changes === undefined) return { commit: null, committedAt: null };
  return {
    commit: changes === "" ? head : `${head}-dirty`,
    committedAt: new Date(Number(seconds) * 1000).toISOString(),
  };
}

/** What git prints, `undefined` when it fails. */
async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const command = new Deno.Command("git", { args: ["-C", folder, ...args], stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
