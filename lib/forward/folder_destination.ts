import { type Destination, failedWith } from "./attempt.ts";
import { EmptyTable, eventFileName, formatFile } from "./file_format.ts";
import type { FolderSettings } from "./settings.ts";
import { folderTrouble, isFileBusy, retryWhileBusy } from "../util/files.ts";
import { join } from "@std/path";

/** Files are written one beside the other: a network drive answers slowly, but to many. */
const CONCURRENCY = 4;
/** For a drive that does not answer; a file is written long before. */
const TIMEOUT_MS = 20_000;

/**
 * Makes a destination that writes each event as a file into a folder that something else watches.
 *
 * A folder that is missing may be a share that is away, and one in its place would take files that
 * nobody fetches. So it is made once, before the first attempt, where nothing got there before, and
 * without what it stands in, which a drive or a mounted share would be. Below the folder of the config
 * there is no share: there all of the path is made.
 *
 * @param settings Which folder, and how.
 * @returns The destination.
 */
export function createFolderDestination(settings: FolderSettings): Destination {
  const { path, name, format, ordered, retrySeconds, isOwn = false } = settings;
  let tidied: Promise<void> | undefined;
  let prepared: Promise<void> | undefined;

  async function makeFolder(wasReached: boolean): Promise<void> {
    if (wasReached && !isOwn) return;
    await Deno.mkdir(path, { recursive: isOwn }).catch(() => undefined);
  }

  async function write(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const present = await read(join(path, file));
    // The same event again: the attempt before was not written down, or a lease ran out.
    if (present !== undefined) return areEqual(present, bytes);
    try {
      await writeWhole(path, file, bytes);
    } catch (error) {
      // Windows lets none of two that write the same at once take the name from the other.
      const written = await read(join(path, file)).catch(() => undefined);
      if (written === undefined || !areEqual(written, bytes)) throw error;
    }
    // Not worth a failed attempt: the file is there.
    await (tidied ??= removeLeftovers(path, Date.now()).catch(() => undefined));
    return true;
  }

  return {
    timeoutMs: TIMEOUT_MS,
    concurrency: CONCURRENCY,
    ratePerSecond: null,
    ordered,
    retryDelaysMs: retrySeconds.map((seconds) => seconds * 1000),
    maxPauseMs: 0,
    prepare: (wasReached) => prepared ??= makeFolder(wasReached),
    async attempt({ event }) {
      await (prepared ??= makeFolder(false));
      const where = JSON.stringify(path);
      try {
        return await write(eventFileName(name, format, event), formatFile(format, event.payload))
          ? { delivered: true, status: null }
          : failedWith(`Cannot write to the folder ${where}: another file has the event's name`);
      } catch (error) {
        if (error instanceof EmptyTable) {
          return failedWith(
            `Cannot write to the folder ${where}: the event holds no value for a table`,
          );
        }
        const reason = await isInFile(path) ? "it is not a folder" : reasonOf(error);
        return failedWith(`Cannot write to the folder ${where}: ${reason}`);
      }
    },
  };
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await retryWhileBusy(() => Deno.readFile(file));
  } catch (error) {
    // Also where the path leads through a file: writing tells that better.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/** Whether a part of a path is a file: Windows calls what is below it missing. */
async function isInFile(path: string): Promise<boolean> {
  return (await folderTrouble(path))?.endsWith(" is a file") === true;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The runtime's own words hold the name of the file, and that may hold something of the event. */
function reasonOf(error: unknown): string {
  if (isFileBusy(error)) return "another program keeps a file of that name open";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "this account may not write there";
  }
  if (error instanceof Deno.errors.NotFound) {
    return "it is not there; a share may be away, and a folder that was removed has to be made again";
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT") return "the disk is full";
  if (code === "EROFS") return "the disk is read-only";
  return code === "" ? "writing failed" : `writing failed (${code})`;
}

/** How a file is called while it is written: hidden, and with an ending that nobody waits for. */
const TEMPORARY = /^\..+\.tmp-[\da-f]{16}$/;
/** What is older was left behind by a process that ended in the middle. */
const LEFTOVER_MS = 60 * 60 * 1000;

/** What of a file system writing needs. */
export interface FileSystem {
  open(
    path: string,
    options?: Deno.OpenOptions,
  ): Promise<Pick<Deno.FsFile, "write" | "sync"> & Disposable>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/**
 * Writes a file so that whoever watches the folder sees it whole or not at all, also after the
 * power fails. The folder has to be there: one that is missing may be a share that is away, and a
 * folder in its place would take files that nobody fetches.
 *
 * @param folder The folder.
 * @param name The name of the file. A file of that name is replaced.
 * @param bytes What it holds.
 * @param system Where it is written; the disk unless given.
 * @throws {Error} When it can't be written; nothing is left behind then.
 */
export async function writeWhole(
  folder: string,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  system: FileSystem = Deno,
): Promise<void> {
  const random = crypto.getRandomValues(new Uint8Array(8)).toHex();
  const temporary = join(folder, `.${name}.tmp-${random}`);
  try {
    await writeSynced(temporary, bytes, system);
    await retryWhileBusy(() => system.rename(temporary, join(folder, name)));
  } catch (error) {
    await retryWhileBusy(() => system.remove(temporary)).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder, system);
}

/**
 * Removes the temporary files that an earlier process left behind.
 *
 * @param folder The folder.
 * @param now What counts as now, in milliseconds since the epoch.
 */
async function removeLeftovers(folder: string, now: number): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || !TEMPORARY.test(name)) continue;
    const file = join(folder, name);
    // One that is held, or has got its name meanwhile, may not keep the others.
    const mtime = await Deno.stat(file).then((found) => found.mtime, () => null);
    if (mtime === null || mtime.getTime() >= now - LEFTOVER_MS) continue;
    await retryWhileBusy(() => Deno.remove(file)).catch(() => undefined);
  }
}

/** Before it gets its name: else a crash could leave the name of a file without its content. */
async function writeSynced(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  system: FileSystem,
): Promise<void> {
  using file = await system.open(path, { write: true, createNew: true });
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}

/** Makes the name itself durable. Windows and some network drives can't, and need not. */
async function syncFolder(folder: string, system: FileSystem): Promise<void> {
  try {
    using handle = await system.open(folder);
    await handle.sync();
  } catch {
    // The content is safe already; the name follows within seconds.
  }
}
