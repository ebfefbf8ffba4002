import { pause } from "../time/pause.ts";
import { createWakeUp } from "../time/wake_up.ts";
import { listenToFolders } from "./folder_events.ts";
import { lookAt, looksTheSame, type SeenFiles } from "./seen_files.ts";

/** What is watched, and how. */
export interface WatchOptions {
  /** What the files looked like when they were read. */
  readonly seen: SeenFiles;
  /**
   * Called when a file has changed and changes no more. Gives what the files looked like that it
   * read: from then on these are watched.
   */
  readonly onChange: () => Promise<SeenFiles>;
  /** How often to look where nothing is heard of changes, in milliseconds. */
  readonly pollMs?: number;
  /** Whether to listen to what the system tells; it does unless given. */
  readonly listens?: boolean;
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

const POLL_MS = 5000;
/** How long a file has to stay the same: whoever writes one empties it first. */
const SETTLE_MS = 300;
/** In a folder where much happens, to look at each event would be a load. */
const LEAST_PAUSE_MS = 50;

/**
 * Watches files by what is in them: the same bytes saved again are no change, whatever their dates
 * say, and a change is seen however it came about.
 *
 * @param options What, and how.
 * @returns The watch; it runs.
 */
export function watchFiles(options: WatchOptions): FileWatch {
  const { onChange, pollMs = POLL_MS, listens = true } = options;
  const wait = options.pause ?? pause;
  const wakeUp = createWakeUp();
  const stopping = new AbortController();
  const { signal } = stopping;
  let isForced = false;
  let seen = options.seen;
  let events = listen();

  function listen() {
    return listens ? listenToFolders(seen.keys(), wakeUp.wake) : undefined;
  }

  /** Waits until the files look the same twice. */
  async function settle(before: SeenFiles): Promise<SeenFiles> {
    await wait(SETTLE_MS, signal);
    if (isForced || signal.aborted) return before;
    const now = await lookAt(seen.keys());
    return looksTheSame(before, now) ? now : await settle(now);
  }

  async function hasChanged(): Promise<boolean> {
    if (isForced) return true;
    const now = await lookAt(seen.keys());
    if (looksTheSame(seen, now)) return false;
    return !looksTheSame(seen, await settle(now)) || isForced;
  }

  async function change(): Promise<void> {
    isForced = false;
    const next = await onChange();
    const isOther = next.size !== seen.size || next.keys().some((path) => !seen.has(path));
    seen = next;
    if (isOther) {
      await events?.stop();
      events = listen();
    }
    // What changed meanwhile was perhaps not heard of.
    wakeUp.wake();
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await wakeUp.sleep(pollMs);
      if (!isForced) await wait(LEAST_PAUSE_MS, signal);
      if (!signal.aborted && await hasChanged() && !signal.aborted) await change();
    }
    await events?.stop();
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
