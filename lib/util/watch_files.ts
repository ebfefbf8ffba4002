/** Files that are watched by what is in them. */
import { isSameFile, readSmallFile } from "./files.ts";
import { createWakeUp, pause } from "./waiting.ts";

/** What is watched, and how. */
export interface WatchOptions {
  /** What the files looked like when they were read. */
  readonly seen: SeenFiles;
  /** The paths of files that are never opened; see `createFileReader()`. */
  readonly untouchable?: readonly string[];
  /**
   * Called when a file has changed and changes no more. Gives what the files looked like that it
   * read: from then on these are watched.
   */
  readonly onChange: () => Promise<SeenFiles>;
  /** How often to look, in milliseconds. */
  readonly pollMs?: number;
  /** Waits; by the clock unless given. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Files that are watched. */
export interface FileWatch {
  /** Takes what is there for changed, at once. */
  force(): void;
  /** Watches no more; resolves when what is under way has come to its end. */
  stop(): Promise<void>;
}

/** To look takes some microseconds a file. */
const POLL_MS = 500;
/** How long a file has to stay the same: whoever writes one empties it first. */
const QUIET_MS = 300;
/**
 * For so many times as long where a table ends within a line. Any part of one is a table, too: what
 * comes slowly over a network would be served by half, and its last number would be another one.
 */
const QUIET_TIMES_WHEN_CUT = 7;

/**
 * Watches files by what is in them: the same bytes saved again are no change, whatever their dates
 * say, and a change is seen however it came about.
 *
 * It looks at names, sizes and times from time to time and does not listen to what the system tells
 * of folders: `Deno.watchFs()` opens and closes every file in them that changes. That would drop the
 * locks of a journal that stands beside the config.
 *
 * @param options What, and how.
 * @returns The watch; it runs.
 */
export function watchFiles(options: WatchOptions): FileWatch {
  const { onChange, untouchable = [], pollMs = POLL_MS } = options;
  const wait = options.pause ?? pause;
  const wakeUp = createWakeUp();
  const stopping = new AbortController();
  const { signal } = stopping;
  let isForced = false;
  let seen = options.seen;

  /** Waits until the files look the same twice, and more often where one may be written still. */
  async function whenQuiet(first: SeenFiles): Promise<SeenFiles> {
    let before = first;
    for (let quiet = 0, wanted = 1; quiet < wanted;) {
      await wait(QUIET_MS, signal);
      if (isForced || signal.aborted) return before;
      const now = await lookAgain(before, untouchable);
      quiet = holdTheSame(before, now) ? quiet + 1 : 0;
      wanted = hasCut(now) ? QUIET_TIMES_WHEN_CUT : 1;
      before = now;
    }
    return before;
  }

  /** Whether a file that changed ends within a line. */
  function hasCut(now: SeenFiles): boolean {
    return now.entries().some(([path, { content, isCut }]) =>
      isCut === true && seen.get(path)?.content !== content
    );
  }

  async function hasChanged(): Promise<boolean> {
    if (isForced) return true;
    const now = await lookAgain(seen, untouchable);
    const quiet = holdTheSame(seen, now) ? now : await whenQuiet(now);
    if (!holdTheSame(seen, quiet)) return true;
    // What was read again need not be read the next time.
    seen = quiet;
    return isForced;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await wakeUp.sleep(pollMs);
      if (signal.aborted || !await hasChanged() || signal.aborted) continue;
      isForced = false;
      seen = await onChange();
      // What changed meanwhile need not wait.
      wakeUp.wake();
    }
  }
  const ended = run();

  return {
    force() {
      isForced = true;
      wakeUp.wake();
    },
    async stop() {
      stopping.abort();
      wakeUp.wake();
      await ended;
    },
  };
}

/** What a file looked like. */
export interface SeenFile {
  /** Changes with what is in it: a digest of its bytes, or why they can't be read. */
  readonly content: string;
  /** Changes when it is written, replaced or renamed: its number, size and times. */
  readonly stamp: string;
  /** Until when the same stamp means the same content, on the clock of `performance.now()`. */
  readonly trustedUntil: number;
  /** Whether it is a table that ends within a line, as one does that is half written. */
  readonly isCut?: boolean;
}

/** What files looked like, by their paths. */
export type SeenFiles = ReadonlyMap<string, SeenFile>;

/** Reads files and remembers what they looked like. */
export interface FileReader {
  /**
   * Reads a file.
   *
   * @throws {Error} When it can't be read, or may not be.
   */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Lists what stands in a folder, so that a further file in it counts as a change.
   *
   * @throws {Error} When it can't be listed.
   */
  readFolder(path: string): Promise<readonly Deno.DirEntry[]>;
  /** What was read last of each, those that could not be read included. */
  readonly seen: SeenFiles;
}

/** The times of some file systems go in steps of two seconds: within one, a file may change again. */
const COARSEST_STEP_MS = 2000;

/** Times can be set to what they were: a file is read anyway when that was not done for so long. */
const TRUST_MS = 30_000;

/**
 * Makes a reader that remembers what files looked like, so that whoever watches them compares with
 * what was really read.
 *
 * @param untouchable The paths of files that this process may not open, whatever name they are
 * given: those of the journal, whose locks it would lose.
 * @returns The reader.
 */
export function createFileReader(untouchable: readonly string[] = []): FileReader {
  const seen = new Map<string, SeenFile>();
  return {
    seen,
    async readFolder(path) {
      try {
        const info = await Deno.stat(path);
        const entries = await listFolder(path);
        seen.set(path, await seenContent(info, namesOf(entries)));
        return entries;
      } catch (error) {
        seen.set(path, unreadable(error));
        throw error;
      }
    },
    async read(path) {
      try {
        refuseUntouchable(path, untouchable);
        const info = await Deno.stat(path);
        const bytes = await readSmallFile(path);
        seen.set(path, await seenFile(path, info, bytes));
        return bytes;
      } catch (error) {
        seen.set(path, unreadable(error));
        throw error;
      }
    },
  };
}

/**
 * Looks at files again. One is opened only when its size, its times or its number say that it may
 * hold something else.
 *
 * @param before What they looked like.
 * @param untouchable The paths of files that are not opened; see {@linkcode createFileReader}.
 * @returns What they look like now.
 */
export async function lookAgain(
  before: SeenFiles,
  untouchable: readonly string[] = [],
): Promise<SeenFiles> {
  const entries = Array.from(
    before,
    async ([path, seen]) => [path, await lookAgainAt(path, seen, untouchable)] as const,
  );
  return new Map(await Promise.all(entries));
}

/**
 * Tells whether files hold the same.
 *
 * @param before What they looked like.
 * @param now What they look like now.
 * @returns Whether each of those that were seen before does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const file = (content: string) => ({ content, stamp: "", trustedUntil: 0 });
 * const before = new Map([["config.json", file("a")]]);
 * assertEquals(holdTheSame(before, new Map([["config.json", file("a")]])), true);
 * assertEquals(holdTheSame(before, new Map([["config.json", file("b")]])), false);
 * ```
 */
export function holdTheSame(before: SeenFiles, now: SeenFiles): boolean {
  return before.entries().every(([path, { content }]) => now.get(path)?.content === content);
}

async function lookAgainAt(
  path: string,
  before: SeenFile,
  untouchable: readonly string[],
): Promise<SeenFile> {
  try {
    const info = await Deno.stat(path);
    if (stampOf(info) === before.stamp && performance.now() < before.trustedUntil) return before;
    // What stands in a folder can be told without opening any of it.
    if (info.isDirectory) return await seenContent(info, namesOf(await listFolder(path)));
    refuseUntouchable(path, untouchable);
    return await seenFile(path, info, await readSmallFile(path));
  } catch (error) {
    return unreadable(error);
  }
}

async function seenFile(
  path: string,
  info: Deno.FileInfo,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SeenFile> {
  const isCut = TABLE.test(path) && !endsWithLine(bytes);
  return { ...await seenContent(info, bytes), ...(isCut && { isCut }) };
}

/** Other files say by themselves where they end. */
const TABLE = /\.(?:csv|tsv|txt)$/i;

/** In UTF-16 as well, whose lines end with a zero before or behind. */
function endsWithLine(bytes: Uint8Array<ArrayBuffer>): boolean {
  const last = bytes.at(-1) === 0 ? bytes.at(-2) : bytes.at(-1);
  return last === 0x0a || last === 0x0d;
}

/** Looked at before it was read: what is written meanwhile changes the stamp. */
async function seenContent(info: Deno.FileInfo, bytes: Uint8Array<ArrayBuffer>): Promise<SeenFile> {
  const changedAt = Math.max(info.mtime?.getTime() ?? Infinity, info.ctime?.getTime() ?? 0);
  const isSettled = changedAt < Date.now() - COARSEST_STEP_MS;
  return {
    // Not the bytes themselves: they may be keys, which need not stay in memory for that.
    content: new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(),
    stamp: stampOf(info),
    trustedUntil: isSettled ? performance.now() + TRUST_MS : 0,
  };
}

/**
 * Lists what stands in a folder, as far as anybody would look through.
 *
 * @param path The folder.
 * @returns What stands there, in the order of the names.
 * @throws {RangeError} When it has more than {@linkcode MOST_ENTRIES}; and what the system says.
 */
export async function listFolder(path: string): Promise<readonly Deno.DirEntry[]> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(path)) {
    entries.push(entry);
    if (entries.length > MOST_ENTRIES) {
      throw new RangeError(`it has more than ${MOST_ENTRIES} entries`);
    }
  }
  return entries.toSorted((a, b) => a.name < b.name ? -1 : 1);
}

/** Who looks for a few files in a larger folder has named the wrong one. */
const MOST_ENTRIES = 10_000;

function namesOf(entries: readonly Deno.DirEntry[]): Uint8Array<ArrayBuffer> {
  const lines = entries.map(({ name, isDirectory }) => `${name}${isDirectory ? "/" : ""}`);
  return new TextEncoder().encode(lines.join("\0"));
}

function stampOf({ dev, ino, size, mtime, ctime }: Deno.FileInfo): string {
  return [dev, ino, size, mtime?.getTime(), ctime?.getTime()].join(" ");
}

function unreadable(error: unknown): SeenFile {
  const content = error instanceof Error ? error.name : typeof error;
  return { content, stamp: "", trustedUntil: 0 };
}

function refuseUntouchable(path: string, untouchable: readonly string[]): void {
  if (untouchable.some((one) => isSameFile(one, path))) {
    throw new Error("it is a file of the journal, which nothing else may open");
  }
}
