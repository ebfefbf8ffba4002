import { describeReadFailure, isFolder, retryWhileBusy, writeAllSync } from "../../util/files.ts";
import { formatCount } from "./format.ts";
import { messageOf } from "../../util/words.ts";
import type { AskForLine } from "./prompt.ts";

/** What a command may touch of the world around the process, so that a test can stand in for it. */
export interface Terminal {
  /**
   * Writes to standard output; the caller ends its lines.
   *
   * @throws {OutputError} When it cannot be written, e.g. to a disk that is full.
   * @throws {Deno.errors.BrokenPipe} When whoever reads has gone.
   */
  out(text: string): void;
  /** Writes bytes to standard output as they are; throws as {@linkcode Terminal.out} does. */
  outBytes(bytes: Uint8Array): void;
  /** Writes to standard error; the caller ends its lines. */
  err(text: string): void;
  /** All bytes of standard input, to its end. */
  stdin(): Promise<Uint8Array<ArrayBuffer>>;
  /** An environment variable, `undefined` when unset. */
  env(name: string): string | undefined;
  /** Whether standard output shows colours: a terminal, and no `NO_COLOR`. */
  readonly colour: boolean;
  /**
   * Asks a question that is answered by yes or no, on standard error and input; missing where one of
   * them is no terminal and nobody can be asked.
   */
  readonly confirm?: (question: string) => boolean;
  /** Asks for a line, on standard error and input; missing where `confirm` is. */
  readonly ask?: AskForLine;
  /** Whether a person reads standard output: a terminal. */
  readonly isTerminal?: boolean;
  /** How wide standard output is; missing where it is no terminal. */
  readonly width?: number;
  /** Whether standard error shows how far long work has come: a terminal. */
  readonly showsProgress: boolean;
}

/** Standard output cannot be written: why, in one sentence for the user. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** Wrong arguments: what is wrong, in one sentence for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const encoder = new TextEncoder();

/** The terminal around this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => print(encoder.encode(text)),
    outBytes: print,
    err: (text) => writeAllSync(Deno.stderr, encoder.encode(text)),
    stdin: async () => new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer()),
    env: (name) => Deno.env.get(name),
    colour: Deno.stdout.isTerminal() && (Deno.env.get("NO_COLOR") ?? "") === "",
    showsProgress: Deno.stderr.isTerminal(),
    ...widthOf(),
    isTerminal: Deno.stdout.isTerminal(),
    ...(Deno.stdin.isTerminal() && Deno.stderr.isTerminal() ? { confirm, ask: loadAsk() } : {}),
  };
}

/** Few commands ask for more than yes or no. */
function loadAsk(): AskForLine {
  let loaded: Promise<AskForLine> | undefined;
  return async (question, isHidden) => {
    loaded ??= import("./prompt.ts").then(({ createPrompter, keyboard }) =>
      createPrompter(keyboard, (text) => writeAllSync(Deno.stderr, encoder.encode(text)))
    );
    return await (await loaded)(question, isHidden);
  };
}

function widthOf(): Pick<Terminal, "width"> {
  if (!Deno.stdout.isTerminal()) return {};
  try {
    const { columns } = Deno.consoleSize();
    return columns > 0 ? { width: columns } : {};
  } catch {
    return {};
  }
}

/** What is typed beyond the line stays for whoever reads next. */
function confirm(question: string): boolean {
  writeAllSync(Deno.stderr, encoder.encode(`${question} [y/N] `));
  const line = new Uint8Array(1024);
  const length = Deno.stdin.readSync(line) ?? 0;
  return /^\s*y(?:es)?\s*$/i.test(new TextDecoder().decode(line.subarray(0, length)));
}

function print(bytes: Uint8Array): void {
  try {
    writeAllSync(Deno.stdout, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw error;
    const reason = messageOf(error);
    throw new OutputError(`Cannot write to standard output: ${reason}`, { cause: error });
  }
}

/** What a command is about to do. */
interface Intent {
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
  options: { flag(name: string): boolean },
  { confirm, err }: Terminal,
  { describe, question }: Intent,
): Promise<boolean> {
  if (confirm === undefined || options.flag("yes")) return true;
  err(await describe());
  if (confirm(question)) return true;
  err("Nothing was changed\n");
  return false;
}

/**
 * Reads the exact bytes of a file, or of standard input.
 *
 * @param path The file, or `-` for standard input.
 * @param terminal Where standard input is.
 * @throws {UsageError} When the file can't be read.
 */
export async function readBody(
  path: string,
  terminal: Pick<Terminal, "stdin">,
): Promise<Uint8Array<ArrayBuffer>> {
  if (path === "-") return await terminal.stdin();
  try {
    return await retryWhileBusy(() => Deno.readFile(path));
  } catch (error) {
    // Windows has no word of its own for that.
    const reason = isFolder(path) ? "it is a folder, wanted a file" : describeReadFailure(error);
    throw new UsageError(`Cannot read "${path}": ${reason}`, { cause: error });
  }
}

/** Shows on a terminal how far long work has come. */
export interface Progress {
  /**
   * Tells how much is done, and of how much where that was not known before. Cheap: it may be called
   * for every piece.
   */
  step(done: number, total?: number): void;
  /** Takes the line away. */
  end(): void;
}

const FIRST_AFTER_MS = 500;
const EVERY_MS = 100;
const CLEAR_LINE = "\r\x1b[K";

/**
 * Starts to show progress, where standard error is a terminal. Short work shows nothing.
 *
 * @param what What is done, e.g. `Deciding again`.
 * @param terminal Where it is shown.
 * @param total How much there is to do, when that is known.
 * @param clock Milliseconds that always increase.
 */
export function startProgress(
  what: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
  total?: number,
  clock: () => number = () => performance.now(),
): Progress {
  if (!terminal.showsProgress) return { step() {}, end() {} };
  let next = clock() + FIRST_AFTER_MS;
  let isShown = false;
  return {
    step(done, known = total) {
      const now = clock();
      if (now < next) return;
      next = now + EVERY_MS;
      isShown = true;
      terminal.err(`${CLEAR_LINE}${what}: ${howFar(done, known)}`);
    },
    end() {
      if (isShown) terminal.err(CLEAR_LINE);
    },
  };
}

function howFar(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return formatCount(done);
  const percent = Math.min(100, Math.floor(done / total * 100));
  return `${formatCount(done)} of ${formatCount(total)} (${percent} %)`;
}
