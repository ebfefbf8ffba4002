/**
 * A double click on the executable: Windows opens a window for it, which closes when it ends, with
 * all that was said in it.
 */
import { openWindows } from "../windows/libraries.ts";
import { configPlaces, findConfig, type LocateOptions } from "../config/locate.ts";
import { fileExists } from "../util/files.ts";
import { keyboard, readKeyPress } from "./terminal/prompt.ts";
import { errorWords } from "./terminal/format.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { VERSION } from "./version.ts";

/**
 * Tells whether the window of this process closes when it ends: it has a console that no other process
 * shares. A shell would, and what is piped or has no console, as a service, has no window to close.
 *
 * @returns Whether it does; `false` on other systems, and where Windows cannot be asked.
 */
export function hasOwnWindow(): boolean {
  if (Deno.build.os !== "windows") return false;
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) return false;
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return false;
  return openWindows().GetConsoleProcessList(new Uint32Array(2), 2) === 1;
}

/** Nobody sits before it for longer: what started it in a console of its own shall see it end. */
const MOST_WAIT_MS = 600_000;

/** What is done in the window. */
export interface OwnWindow {
  /** Runs a command. */
  readonly run: (args: readonly string[]) => Promise<number>;
  readonly terminal: Pick<Terminal, "out" | "err" | "env">;
  /** Where a config is looked for, beside what the environment says. */
  readonly places?: Omit<LocateOptions, "env">;
  /** Waits for a key and gives what was typed. */
  readonly pressKey?: () => Promise<string>;
}

/**
 * Runs the program in a window of its own. With a config it serves; what keeps it from that can be
 * read before the window closes. Without one it says what it is, and offers to set it up.
 *
 * @param window What it can do.
 * @returns The exit code.
 */
export async function runInOwnWindow(
  { run, terminal, places = {}, pressKey = () => readKeyPress(keyboard, MOST_WAIT_MS) }: OwnWindow,
): Promise<number> {
  const looking = { ...places, env: terminal.env };
  const { file } = await findConfig(looking);
  const isThere = await fileExists(file);
  if (!isThere) terminal.out(explain(file, configPlaces(looking)));
  if (!isThere && !/^s/i.test(await pressKey())) return 2;
  const code = await runAndTell(run, isThere ? [] : ["setup"], terminal);
  if (isThere && code === 0) return code;
  terminal.out("\nPress any key to close this window.\n");
  await pressKey();
  return code;
}

/** What nobody caught would close the window as well. */
async function runAndTell(
  run: OwnWindow["run"],
  args: readonly string[],
  { err }: OwnWindow["terminal"],
): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    err(`${errorWords(error)}\n`);
    return 1;
  }
}

function explain(file: string, places: readonly string[]): string {
  return `Storehook ${VERSION} answers the webhooks of uStore.

It has no config yet. It looked for

${places.map((place) => `  ${place}`).join("\n")}

Press S to set it up now: it asks a few questions and writes
  ${file}

Any other key closes this window. In a command prompt the same is
  storehook setup
and what it is and does is told by
  storehook help windows
`;
}
