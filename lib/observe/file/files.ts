const NEWLINE = 0x0a;

/**
 * Writes all of the bytes; one call to the system may take only a part.
 *
 * @param file Where to.
 * @param bytes The bytes.
 * @throws {Error} When it can't be written.
 */
export function writeAll(file: Pick<Deno.FsFile, "writeSync">, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

/**
 * Tells whether the last line of a file has no end.
 *
 * @param file The file; it is read from elsewhere afterwards.
 * @param size Its size.
 */
export function endsInTheMiddle(file: Deno.FsFile, size: number): boolean {
  if (size === 0) return false;
  const last = new Uint8Array(1);
  file.seekSync(size - 1, Deno.SeekMode.Start);
  return file.readSync(last) === 1 && last[0] !== NEWLINE;
}

/**
 * Tells whether an open file is still the one of that name.
 *
 * @param file The open file.
 * @param path Its name.
 */
export function isStillAt(file: Deno.FsFile, path: string): boolean {
  try {
    const [open, named] = [file.statSync(), Deno.statSync(path)];
    // Windows tells no number of a file.
    return open.ino === named.ino && open.dev === named.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Makes room for a new file: `log` becomes `log.1`, `log.1` becomes `log.2`, the last one goes.
 *
 * @param path The name of the file that is full; nobody may have it open on Windows.
 * @param maxFiles How many are kept, the new one among them.
 * @throws {Error} When one can't be renamed; tried again and again, it costs no file.
 */
export function shiftFiles(path: string, maxFiles: number): void {
  const names = Array.from(
    { length: maxFiles },
    (_, index) => index === 0 ? path : `${path}.${index}`,
  );
  // Beyond a name that is free nothing has to move. Else the last one makes room.
  const free = names.findIndex((name, index) => index === names.length - 1 || !isThere(name));
  for (let index = free; index > 0; index--) {
    Deno.renameSync(names[index - 1] ?? "", names[index] ?? "");
  }
}

function isThere(name: string): boolean {
  try {
    Deno.lstatSync(name);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
