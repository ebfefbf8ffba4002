import { join } from "@std/path";

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
    await system.rename(temporary, join(folder, name));
  } catch (error) {
    await system.remove(temporary).catch(() => undefined);
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
export async function removeLeftovers(folder: string, now: number): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || !TEMPORARY.test(name)) continue;
    const file = join(folder, name);
    const { mtime } = await Deno.stat(file);
    if (mtime !== null && mtime.getTime() < now - LEFTOVER_MS) await Deno.remove(file);
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
