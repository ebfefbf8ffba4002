/** Runs the program in a console, as who types there sees it. */
import { shellWord } from "../../lib/cli/terminal/format.ts";
import { PERMISSION_FLAGS } from "../../release/permissions.ts";
import { MAIN, MAIN_ENV } from "./main_module.ts";
import { findTool } from "./tool.ts";
import { createChanges, within } from "./waits.ts";

/** The program of util-linux that gives another one a console. */
export const SCRIPT = findTool("script", "--version", "util-linux");

/** What somebody waits for, and types then. */
export type Typed = readonly [shown: string, typed: string];

/** What came of it. */
export interface RanInConsole {
  readonly code: number;
  /** All that was shown. */
  readonly shown: string;
}

/**
 * Runs a command of the program in a console and types into it.
 *
 * @param args The command line.
 * @param cwd Its working directory.
 * @param steps What is typed, each once a text was shown after the step before.
 */
export async function runInConsole(
  args: readonly string[],
  cwd: string,
  steps: readonly Typed[],
): Promise<RanInConsole> {
  const words = [Deno.execPath(), "run", "--no-lock", ...PERMISSION_FLAGS, MAIN, ...args];
  return await typeInto(words, { cwd, env: MAIN_ENV }, steps);
}

/**
 * Runs any program in a console and types into it.
 *
 * @param words The program and its arguments.
 * @param world Its working directory and environment.
 * @param steps What is typed, each once a text was shown after the step before.
 */
export async function typeInto(
  words: readonly string[],
  { cwd, env = {}, first = "" }: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    /** A line of shell that comes first, e.g. to set up the console. */
    readonly first?: string;
  },
  steps: readonly Typed[],
): Promise<RanInConsole> {
  const child = new Deno.Command("script", {
    // Else Ctrl+C would end the shell too, with a code of its own.
    args: ["-qfec", `${first}exec ${words.map((word) => shellWord(word)).join(" ")}`, "/dev/null"],
    env: { NO_COLOR: "1", SHELL: "/bin/sh", ...env },
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const { happened, until } = createChanges();
  let shown = "";
  const ended = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(text) {
        shown += text;
        happened();
      },
    }),
  );
  const keys = child.stdin.getWriter();
  let from = 0;
  try {
    for (const [wanted, typed] of steps) {
      await until(`"${wanted}" on the console`, () => shown.includes(wanted, from), {
        soFar: () => shown,
      });
      from = shown.indexOf(wanted, from) + wanted.length;
      await keys.write(new TextEncoder().encode(typed));
    }
    const { code } = await within("the end of the command", child.status, { soFar: () => shown });
    await ended;
    return { code, shown };
  } finally {
    await keys.close().catch(() => undefined);
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await ended;
  }
}
