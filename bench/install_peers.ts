import { fromFileUrl } from "@std/path";

/** The folder of the peers. */
export const PEERS: string = fromFileUrl(new URL("peers/", import.meta.url));

/**
 * Installs what the peers are made of beside them, where it is not a part of the program.
 *
 * @throws {Error} When npm cannot; it has said why.
 */
export async function installPeers(): Promise<void> {
  await npm("install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund");
  // The one that is made for this machine, which may take minutes.
  if (!await opensDatabases()) await npm("rebuild", "better-sqlite3");
}

async function opensDatabases(): Promise<boolean> {
  const { success } = await new Deno.Command("node", {
    args: ["--eval", `new (require("better-sqlite3"))(":memory:")`],
    cwd: PEERS,
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

async function npm(...args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command("npm", {
    args: [...args, "--loglevel", "error"],
    cwd: PEERS,
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot install the peers in "${PEERS}"`);
}
