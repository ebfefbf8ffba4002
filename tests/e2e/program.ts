/** Runs the program itself, as a user would: a process of its own, a config file, a real port. */
import { join } from "@std/path";
import { retryWhileBusy } from "../../lib/util/files.ts";
import { PERMISSION_FLAGS, WINDOWS_PERMISSION_FLAGS } from "../../release/permissions.ts";
import { MAIN, MAIN_ENV, ROOT } from "./main_module.ts";
import { createChanges, within } from "./waits.ts";

export { ROOT };

/** The config that is shipped. */
export const SHIPPED_CONFIG: string = join(ROOT, "config.json");

/** A stack trace, or what Deno writes when nobody caught an error. */
export const STACK_TRACE = /^\s+at .+:\d+:\d+\)?$|Uncaught|\berror: /m;

/** How the program is started. */
export interface StartOptions {
  /** The config, or the path of one (default the shipped one). */
  readonly config?: object | string;
  /** What follows `serve --config FILE` (default `--port 0`). */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A server in a process of its own. */
export interface Program extends AsyncDisposable {
  /** Where it listens, by its banner. */
  readonly url: string;
  readonly port: number;
  /** Where it listens for the people who run it, by its banner. */
  readonly adminUrl: string;
  /** Its process. */
  readonly pid: number;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Waits until it has written such a text to standard error, or has ended; not for ever. */
  logged(text: RegExp): Promise<void>;
  kill(signal: Deno.Signal): void;
  /** Waits until it has ended, from when it is asked for; not for ever. */
  readonly status: Promise<Deno.CommandStatus>;
}

/** A command that has ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end.
 *
 * @param args The command line.
 * @param world Its standard input, environment and working directory.
 */
export async function runProgram(
  args: readonly string[],
  world: {
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
  } = {},
): Promise<Ran> {
  const child = command(args, world).spawn();
  const [output, errors] = [collect(child.stdout), collect(child.stderr)];
  const input = child.stdin.getWriter();
  // A command that needs no input has perhaps ended before it could be given any.
  await input.write(new TextEncoder().encode(world.stdin ?? "")).catch(() => undefined);
  await input.close().catch(() => undefined);
  try {
    const { code } = await within(`the end of ${args.join(" ")}`, child.status, {
      soFar: () => output.text() + errors.text(),
    });
    await Promise.all([output.ended, errors.ended]);
    return { code, stdout: output.text(), stderr: errors.text() };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

/** A command that runs on. */
export interface Running extends AsyncDisposable {
  /** Waits until it has written such a text to standard output, or has ended; not for ever. */
  printed(text: RegExp): Promise<void>;
  stdout(): string;
}

/**
 * Starts a command that ends when it is told to.
 *
 * @param args The command line.
 * @param world Its environment.
 */
export async function startCommand(
  args: readonly string[],
  world: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Running> {
  const child = command(args, world).spawn();
  await child.stdin.close();
  const output = collect(child.stdout);
  const errors = collect(child.stderr);
  return {
    printed: output.holds,
    stdout: output.text,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await Promise.all([child.status, output.ended, errors.ended]);
    },
  };
}

/**
 * Starts a server and waits until it listens.
 *
 * @param options How.
 * @throws {Error} When it ends before it listens.
 */
export async function startProgram(options: StartOptions = {}): Promise<Program> {
  const folder = await Deno.makeTempDir();
  const { config = SHIPPED_CONFIG, args = ["--port", "0"], env = {} } = options;
  const file = typeof config === "string" ? config : join(folder, "config.json");
  if (typeof config === "object") await Deno.writeTextFile(file, JSON.stringify(config));
  // A journal has one writer, and the shipped config many servers that are tested at once.
  const journal = { STOREHOOK_JOURNAL_PATH: join(folder, "journal.db") };
  const child = command(["serve", "--config", file, ...args], { env: { ...journal, ...env } })
    .spawn();
  await child.stdin.close();
  const output = collect(child.stdout);
  const errors = collect(child.stderr);

  async function end(): Promise<void> {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await Promise.all([child.status, output.ended, errors.ended]);
    await retryWhileBusy(() => Deno.remove(folder, { recursive: true }));
  }

  try {
    await output.holds(/Stop it with Ctrl\+C\./);
  } catch (error) {
    await end();
    throw error;
  }
  const [, url = "", port = ""] = /listens on (https?:\/\/\S+:(\d+))\n/.exec(output.text()) ?? [];
  const [, adminUrl = ""] = /(http:\S+)\/metrics /.exec(output.text()) ?? [];
  if (url === "") {
    await end();
    throw new Error(`Cannot start the program: ${output.text()}${errors.text()}`);
  }
  return {
    url,
    port: Number(port),
    adminUrl,
    pid: child.pid,
    stdout: output.text,
    stderr: errors.text,
    logged: errors.holds,
    kill: (signal) => child.kill(signal),
    get status() {
      return within("the end of the program", child.status, { soFar: errors.text });
    },
    [Symbol.asyncDispose]: end,
  };
}

/**
 * Shares one server among the tests of a file.
 *
 * @param options How it is started, before the first of them.
 * @returns What declares such a test, of which the last argument names a tool that this machine
 * lacks: then the test is skipped. The checks for leaks of operations are off: the output of the
 * server is read all along, across tests.
 */
export function shareProgram(
  options: StartOptions = {},
): (name: string, run: (program: Program) => void | Promise<void>, missing?: string) => void {
  let program: Program | undefined;
  Deno.test.beforeAll(async () => void (program = await startProgram(options)));
  Deno.test.afterAll(async () => await program?.[Symbol.asyncDispose]());
  return (name, run, missing) =>
    Deno.test({
      name: missing === undefined ? name : `${name} (skipped: this machine has no ${missing})`,
      ignore: missing !== undefined,
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        if (program === undefined) throw new Error("Cannot test: the program did not start");
        await run(program);
      },
    });
}

/** Makes a temporary folder that goes at the end of its block. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => retryWhileBusy(() => Deno.remove(path, { recursive: true })),
  };
}

const PERMISSIONS = Deno.build.os === "windows" ? WINDOWS_PERMISSION_FLAGS : PERMISSION_FLAGS;

function command(
  args: readonly string[],
  { env = {}, cwd }: { env?: Readonly<Record<string, string>>; cwd?: string },
): Deno.Command {
  // Settings of whoever runs the tests must not reach the program.
  const inherited = Object.entries(Deno.env.toObject())
    .filter(([name]) => !/^(?:STOREHOOK|USTORE)_|^FORCE_COLOR$/i.test(name));
  // The port that is usual is one, and the servers that are tested at once are many.
  const adminPort = args[0] === "serve" ? { STOREHOOK_ADMIN_PORT: "0" } : {};
  return new Deno.Command(Deno.execPath(), {
    // Without the lock file, whose form differs between the versions of Deno.
    // With the permissions of the executable, so that every test proves that they suffice.
    args: ["run", "--no-lock", ...PERMISSIONS, MAIN, ...args],
    clearEnv: true,
    env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...MAIN_ENV, ...adminPort, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

interface Collected {
  text(): string;
  /**
   * Resolves when a text is there, or when nothing more will come.
   *
   * @throws {Error} When that takes too long.
   */
  holds(wanted: RegExp): Promise<void>;
  readonly ended: Promise<void>;
}

function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Collected {
  const { happened, until } = createChanges();
  let text = "";
  let isOver = false;
  const ended = stream.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(chunk) {
        text += chunk;
        happened();
      },
      close() {
        isOver = true;
        happened();
      },
    }),
  );
  return {
    text: () => text,
    holds: (wanted) =>
      until(`${wanted} in what the program writes`, () => isOver || wanted.test(text), {
        soFar: () => text,
      }),
    ended,
  };
}
