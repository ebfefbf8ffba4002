import { dirname } from "@std/path";

/** Hears of what happens in folders. */
export interface FolderEvents {
  /** Ends it; resolves when nothing more will be heard. */
  stop(): Promise<void>;
}

/**
 * Listens to what happens in the folders of files. In the folders, because a file that is replaced
 * by another one of its name is no longer heard of. Where a system tells nothing (a network share,
 * a folder that is missing), nothing is heard.
 *
 * @param files The paths of the files.
 * @param onEvent Called when one of them may have changed; seldom without need.
 * @returns How to end it.
 */
export function listenToFolders(files: Iterable<string>, onEvent: () => void): FolderEvents {
  const watched = new Set(files);
  const folders = new Set(Array.from(watched, (file) => dirname(file)));
  const watchers = Array.from(folders).flatMap((folder) => watch(folder) ?? []);
  const ended = Promise.all(watchers.map((watcher) => listen(watcher, watched, onEvent)));
  return {
    async stop() {
      for (const watcher of watchers) watcher.close();
      await ended;
    },
  };
}

function watch(folder: string): Deno.FsWatcher | undefined {
  try {
    return Deno.watchFs(folder, { recursive: false });
  } catch {
    return undefined;
  }
}

async function listen(
  watcher: Deno.FsWatcher,
  watched: ReadonlySet<string>,
  onEvent: () => void,
): Promise<void> {
  try {
    for await (const { kind, paths } of watcher) {
      // Reading is an event too, and another file that is written, a log, is one all the time. One
      // that is made or renamed may be what a link leads through.
      if (kind === "access") continue;
      if (kind !== "modify" || paths.some((path) => watched.has(path))) onEvent();
    }
  } catch {
    // The folder is gone: whoever looks from time to time sees what comes in its place.
  }
}
