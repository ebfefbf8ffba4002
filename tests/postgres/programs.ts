/** The programs of PostgreSQL, and who runs them. */
import { join } from "@std/path";

/** Where Debian, and others, put the programs; `undefined` where there are none. */
export const postgresPrograms: string | undefined = findPrograms();

function findPrograms(): string | undefined {
  const found: string[] = [];
  try {
    for (const { name } of Deno.readDirSync("/usr/lib/postgresql")) {
      const folder = `/usr/lib/postgresql/${name}/bin`;
      Deno.statSync(join(folder, "initdb"));
      if (Number(name) >= 13) found.push(folder);
    }
  } catch {
    // There are none.
  }
  return found.sort().at(-1);
}

/** A port that nobody has just now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The server refuses to run as root; what this gives has the process itself, and no other above it. */
export function asOwner(program: string, args: readonly string[]): [string, string[]] {
  if (Deno.uid() !== 0) return [program, [...args]];
  const owner = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"];
  return ["setpriv", [...owner, "--", program, ...args]];
}

/** Makes a temporary folder that is theirs. */
export async function ownedFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "storehook-postgres-" });
  await giveToOwner(folder);
  return folder;
}

/** Lets them write in a folder. */
export async function giveToOwner(folder: string): Promise<void> {
  if (Deno.uid() === 0) await runToEnd("chown", ["postgres", folder]);
}

/** Runs one of them to its end. */
export async function runAsOwner(program: string, args: readonly string[]): Promise<void> {
  await runToEnd(...asOwner(program, args));
}

async function runToEnd(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr, stdout } = await new Deno.Command(program, {
    args: [...args],
    cwd: "/",
    stdin: "null",
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  throw new Error(`${program} failed: ${said}`);
}
