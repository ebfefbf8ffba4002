import { pause } from "../time/pause.ts";
import { createWakeUp } from "../time/wake_up.ts";
import { holdTheSame, lookAgain, type SeenFiles } from "./seen_files.ts";

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
const SETTLE_MS = 300;

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

  /** Waits until the files look the same twice. */
  async function settle(before: SeenFiles): Promise<SeenFiles> {
    await wait(SETTLE_MS, signal);
    if (isForced || signal.aborted) return before;
    const now = await lookAgain(before, untouchable);
    return holdTheSame(before, now) ? now : await settle(now);
  }

  async function hasChanged(): Promise<boolean> {
    if (isForced) return true;
    const now = await lookAgain(seen, untouchable);
    const settled = holdTheSame(seen, now) ? now : await settle(now);
    if (!holdTheSame(seen, settled)) return true;
    // What was read again need not be read the next time.
    seen = settled;
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
