/** A service of Windows for a test, and what drives it: the program and Windows' own commands. */
import { fromFileUrl } from "@std/path";
import { within } from "../e2e/waits.ts";

/** The first module of the program. */
export const MAIN: string = fromFileUrl(new URL("../../main.ts", import.meta.url));
/** The longest that a command waits by itself is for a service that starts. */
const DEADLINE_MS = 90_000;

/** A command that has ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; it gets no input. */
async function run(program: string, args: readonly string[]): Promise<Ran> {
  const child = new Deno.Command(program, {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  try {
    const { code, stdout, stderr } = await within(`the end of ${args.join(" ")}`, child.output(), {
      deadlineMs: DEADLINE_MS,
    });
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

/**
 * Runs the program from its sources, with the lock file: what a service loads has to be there.
 *
 * @param args The command line.
 */
export function storehook(...args: readonly string[]): Promise<Ran> {
  return run(Deno.execPath(), ["run", "-A", MAIN, ...args]);
}

/**
 * Runs a command of Windows.
 *
 * @param name The command.
 * @param args Its arguments.
 */
export function commandOfWindows(name: string, ...args: readonly string[]): Promise<Ran> {
  return run(name, args);
}

/** What `service status --json` tells. */
interface StatusRecord {
  readonly state: string;
  readonly pid: number;
  readonly exitCode: number;
  readonly since: string;
  readonly start: string;
  readonly url: string;
  readonly ready: boolean;
  readonly accepts: readonly string[];
  readonly preshutdownMs: number;
  readonly restartDelaysMs: readonly number[];
}

/** A service that goes at the end of its block. */
export interface TestService extends AsyncDisposable {
  readonly name: string;
  /** Runs a command of it. */
  run(word: string, ...args: readonly string[]): Promise<Ran>;
  /** Its state as `sc query` has it, e.g. `RUNNING`: a much shorter way than the next. */
  state(): Promise<string>;
  status(): Promise<{ readonly code: number; readonly record: StatusRecord }>;
}

let count = 0;

/** Names a service that nobody else has, and removes it whatever becomes of the test. */
export function temporaryService(): TestService {
  const name = `StorehookTest${Deno.pid}-${++count}`;
  const runIt: TestService["run"] = (word, ...args) =>
    storehook("service", word, "--name", name, ...args);
  return {
    name,
    run: runIt,
    async state() {
      const { stdout } = await commandOfWindows("sc", "query", name);
      return /STATE +: \d +(\w+)/.exec(stdout)?.[1] ?? "";
    },
    async status() {
      const { code, stdout, stderr } = await runIt("status", "--json");
      if (stdout === "") throw new Error(`Cannot tell how the service stands: ${stderr}`);
      return { code, record: JSON.parse(stdout) };
    },
    async [Symbol.asyncDispose]() {
      await runIt("uninstall");
    },
  };
}
