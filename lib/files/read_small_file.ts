import { waitAtMost } from "../time/wait_at_most.ts";

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
  using file = await Deno.open(path);
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
