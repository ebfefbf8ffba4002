/**
 * Files: those that are read whole (how, why they cannot be, and whether two are one), and those
 * that somebody else has open. On Windows neither such a file nor its name can be changed for as
 * long as a virus scanner, a backup or a program that watches the folder has it open in its own
 * manner; that takes a fraction of a second, and whoever gives up at once loses for nothing.
 */
import { dirname, resolve } from "@std/path";
import { waitAtMost } from "./waiting.ts";
import { messageOf } from "./words.ts";

/** More than any config, key, certificate or table has. */
export const MAX_FILE_BYTES = 16_777_216;
/** A file on a share that went away is waited for no longer. */
const DEADLINE_MS = 10_000;
const CHUNK_BYTES = 65_536;

/** What can be opened but not read as a small file; its message follows "Cannot read X: ". */
export class NoSmallFile extends Error {
  override readonly name = "NoSmallFile";
}

/**
 * Reads a file of which all is wanted at once, such as a config or a key. Nothing that stands in
 * its place makes it wait for ever or take all memory: a pipe to which nobody writes, a device, a
 * file without an end.
 *
 * @param path Its path.
 * @returns Its bytes.
 * @throws {NoSmallFile} When it is no regular file, has more than {@linkcode MAX_FILE_BYTES}, or
 * gives nothing for too long.
 * @throws {Deno.errors.NotFound} When there is none; and what else the system says.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => readSmallFile("/no/such/file"), Deno.errors.NotFound);
 * ```
 */
export async function readSmallFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const reading = read(path);
  if (await waitAtMost(DEADLINE_MS, reading)) return await reading;
  reading.catch(() => undefined);
  throw new NoSmallFile(`it gave nothing for ${DEADLINE_MS / 1000} seconds`);
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  // Before it is opened: that of a pipe waits for somebody who writes.
  checkFile(await Deno.stat(path));
  using file = await retryWhileBusy(() => Deno.open(path));
  const info = await file.stat();
  checkFile(info);
  // One that is growing, or has no size as those of the system, is read to its end all the same.
  let bytes = new Uint8Array(info.size + 1);
  let length = 0;
  for (;;) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) return bytes.slice(0, length);
    length += count;
    if (length > MAX_FILE_BYTES) throw tooLarge();
    if (length === bytes.length) {
      const larger = new Uint8Array(2 * length + CHUNK_BYTES);
      larger.set(bytes);
      bytes = larger;
    }
  }
}

function checkFile({ isFile, isDirectory, size }: Deno.FileInfo): void {
  if (isDirectory) throw new NoSmallFile("it is a folder, wanted a file");
  if (!isFile) throw new NoSmallFile("it is a pipe, a socket or a device, wanted a regular file");
  if (size > MAX_FILE_BYTES) throw tooLarge();
}

function tooLarge(): NoSmallFile {
  return new NoSmallFile(`it has more than ${MAX_FILE_BYTES} bytes`);
}

/**
 * Says in words why a file can't be read.
 *
 * @param error What reading it threw.
 * @returns The reason, to follow "Cannot read X: ".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(describeReadFailure(new Deno.errors.NotFound()), "there is no such file");
 * ```
 */
export function describeReadFailure(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder, wanted a file";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "permission is denied";
  }
  if (isFileBusy(error)) return "another program keeps it open";
  return messageOf(error);
}

/**
 * Tells whether something stands at a path, as far as that can be seen.
 *
 * @param path The path.
 * @returns Whether it is there; not where it may not be looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await fileExists("/no/such/file"), false);
 * ```
 */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells whether two paths lead to one file, also by a link. Opens neither: to close any descriptor
 * of a file drops the locks that this process has on it, on Linux and macOS.
 *
 * @param one A path.
 * @param other Another one.
 * @returns Whether they do; where nothing stands, whether they are the same path.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isSameFile("lib/../main.ts", "main.ts"), true);
 * assertEquals(isSameFile("main.ts", "deno.json"), false);
 * ```
 */
export function isSameFile(one: string, other: string): boolean {
  if (nameOf(one) === nameOf(other)) return true;
  const [first, second] = [numberOf(one), numberOf(other)];
  return first !== undefined && first === second;
}

/** Where capitals make no difference they make none here. */
function nameOf(path: string): string {
  const name = resolve(path);
  return Deno.build.os === "windows" ? name.toLowerCase() : name;
}

/** `undefined` where the system gives no number, or nothing stands. */
function numberOf(path: string): string | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return ino === null || ino === 0 ? undefined : `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Tells whether a folder stands at a path, without opening it.
 *
 * @param path The path.
 * @returns Whether one does; `false` where it cannot be looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isFolder("lib"), isFolder("main.ts"), isFolder("none")], [true, false, false]);
 * ```
 */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/**
 * Says why there can be no folder, without making it.
 *
 * @param path The folder, absolute.
 * @param isAlone Whether it alone is made, and not what it stands in.
 * @returns The reason, e.g. `"C:\\logs" is a file`; `undefined` where it is there or can be made.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await folderTrouble(Deno.cwd()), undefined);
 * ```
 */
export async function folderTrouble(path: string, isAlone = false): Promise<string | undefined> {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      const { isDirectory } = await Deno.stat(folder);
      return isDirectory ? undefined : `${JSON.stringify(folder)} is a file`;
    } catch (error) {
      // Windows names the wrong one of both where a part of the path is a file.
      const isMissing = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory;
      if (!isMissing) return `${JSON.stringify(folder)} cannot be looked at`;
      const isTop = dirname(folder) === folder;
      if (isTop || (isAlone && folder !== path)) return `there is no ${JSON.stringify(folder)}`;
    }
  }
}

/**
 * Writes all of the bytes; one call to the system may take only a part.
 *
 * @param file Where to.
 * @param bytes The bytes.
 * @throws {Error} When it can't be written.
 */
export function writeAllSync(file: Pick<Deno.FsFile, "writeSync">, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

/**
 * The numbers by which Windows says so: 5 where a name leads to an open file or to one that is about
 * to go, 32 and 33 for one that is opened or locked, 303 for one that goes when it is closed, 1224
 * for one that is mapped into memory. Other systems rename and remove what is open.
 */
const BUSY = new Set(["5", "32", "33", "303", "1224"]);
/** Those that mean nothing else, whereas 5 is what an account without the right gets too. */
const SURELY_BUSY = new Set(["32", "33", "303", "1224"]);

/** How long is waited where nothing else stands still meanwhile, and where all does. */
const WAIT_MS = 2000;
const WAIT_SYNC_MS = 200;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

type System = typeof Deno.build.os;

function systemNumberOf(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  return /\(os error (\d+)\)/.exec(message)?.[1] ?? "";
}

/**
 * Tells whether something failed because somebody else has the file open.
 *
 * @param error What was thrown.
 * @param os The system that said so.
 * @returns Whether it did, and not for a right that is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new Deno.errors.Busy("Sharing violation. (os error 32): open 'a'");
 * assertEquals([isFileBusy(error, "windows"), isFileBusy(error, "linux")], [true, false]);
 * ```
 */
export function isFileBusy(error: unknown, os: System = Deno.build.os): boolean {
  return os === "windows" && SURELY_BUSY.has(systemNumberOf(error));
}

function mayBeBusy(error: unknown, os: System): boolean {
  return os === "windows" && BUSY.has(systemNumberOf(error));
}

/**
 * Does something to a file, again and again while somebody else has it open, up to two seconds.
 *
 * @param work Opens, renames or removes it; what failed has changed nothing.
 * @param os The system on which it is done.
 * @returns What the work gives.
 * @throws {Error} What the last attempt threw; anything but a busy file at once.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * const renaming = retryWhileBusy(() => Deno.rename("/no/such/file", "/no/such/name"));
 * await assertRejects(() => renaming, Deno.errors.NotFound);
 * ```
 */
export async function retryWhileBusy<Made>(
  work: () => Promise<Made>,
  os: System = Deno.build.os,
): Promise<Made> {
  const end = performance.now() + WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!mayBeBusy(error, os) || performance.now() + pauseMs > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/**
 * Does the same where nothing may happen meanwhile, and so only up to a fifth of a second.
 *
 * @param work Opens, renames or removes it; what failed has changed nothing.
 * @param os The system on which it is done.
 * @returns What the work gives.
 * @throws {Error} What the last attempt threw; anything but a busy file at once.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => retryWhileBusySync(() => Deno.removeSync("/no/such/file")),
 *   Deno.errors.NotFound,
 * );
 * ```
 */
export function retryWhileBusySync<Made>(work: () => Made, os: System = Deno.build.os): Made {
  const end = performance.now() + WAIT_SYNC_MS;
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      if (!mayBeBusy(error, os) || performance.now() + pauseMs > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}
