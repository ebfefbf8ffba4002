import { dirname } from "@std/path";
import { setImmediate } from "node:timers";
import { retryWhileBusySync, writeAllSync } from "../util/files.ts";
import { messageOf } from "../util/words.ts";

/** Where a file of logs stands, and how much is kept. */
export interface RotatingFileSettings {
  readonly path: string;
  /** Whether what its folder stands in is made too; not where that may be a share that is away. */
  readonly isOwn?: boolean | undefined;
  /** The size from which a new file is begun. */
  readonly maxBytes: number;
  /** How many files are kept, the one that is written among them. */
  readonly maxFiles: number;
}

/** Hears of trouble with the file, once for each. */
export interface FileListener {
  /** It can't be written; what comes is lost until {@linkcode FileListener.recovered}. */
  broken(reason: string): void;
  /** It can be written again. */
  recovered(): void;
  /** It can't be rotated, so that it grows. */
  stuck(reason: string): void;
}

/** A file of logs. Nothing that happens to it is thrown. */
export interface RotatingFile {
  /** Writes at once. */
  write(bytes: Uint8Array): void;
  close(): void;
}

/** How long it waits before it tries again what failed, or looks again whether its file is there. */
const RETRY_MS = 5000;
const LOOK_MS = 1000;
/** A file that can't be rotated grows by this part of its size before it is tried again. */
const GROWTH_BEFORE_RETRY = 0.1;

interface OpenFile {
  readonly file: Deno.FsFile;
  size: number;
  /** The size from which it is rotated. */
  limit: number;
}

/**
 * Opens a file that is renamed to `.1` when it is full, as `.1` is then to `.2`, and so on. Its
 * folder is made once, with the first line.
 *
 * `@logtape/file` throws where the file can't be opened or written, stays closed after a rename that
 * failed, and goes on writing to a file that was moved away. So this stands in its place.
 *
 * @param settings Where, and how much is kept.
 * @param listener Hears of trouble. It may not write to this file.
 * @param now Tells the time, in milliseconds since the epoch.
 * @returns The file. Where it can't be opened, it is tried again later.
 */
export function openRotatingFile(
  { path, isOwn = false, maxBytes, maxFiles }: RotatingFileSettings,
  listener: FileListener,
  now: () => number = Date.now,
): RotatingFile {
  let current: OpenFile | undefined;
  let isBroken = false;
  let isStuck = false;
  let isFolderMade = false;
  let nextTry = 0;
  let nextLook = 0;

  /** Later a missing folder may be a share that is away: in its place nobody would look for logs. */
  function makeFolder(): void {
    if (isFolderMade) return;
    isFolderMade = true;
    try {
      Deno.mkdirSync(dirname(path), { recursive: isOwn });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }

  function open(): OpenFile {
    makeFolder();
    const file = retryWhileBusySync(() =>
      Deno.openSync(path, { read: true, append: true, create: true })
    );
    const opened = { file, size: file.statSync().size, limit: maxBytes };
    current = opened;
    nextLook = now() + LOOK_MS;
    // What a full disk or a lost process left unfinished would spoil the next line too.
    if (endsInTheMiddle(file, opened.size)) writeAllSync(file, new Uint8Array([0x0a]));
    return opened;
  }

  function close(): void {
    current?.file.close();
    current = undefined;
  }

  /** An admin, or another program that rotates, may have moved it away. */
  function follow(opened: OpenFile): OpenFile {
    if (now() < nextLook) return opened;
    nextLook = now() + LOOK_MS;
    if (isStillAt(opened.file, path)) return opened;
    close();
    return open();
  }

  function rotate(): OpenFile {
    // Windows renames no open file.
    close();
    try {
      shiftFiles(path, maxFiles);
      isStuck = false;
      return open();
    } catch (error) {
      const opened = open();
      opened.limit = opened.size + maxBytes * GROWTH_BEFORE_RETRY;
      if (!isStuck) listener.stuck(messageOf(error));
      isStuck = true;
      return opened;
    }
  }

  function fail(error: unknown): void {
    try {
      close();
    } catch {
      // It is given up in any case.
    }
    current = undefined;
    nextTry = now() + RETRY_MS;
    if (!isBroken) listener.broken(messageOf(error));
    isBroken = true;
  }

  return {
    write(bytes) {
      if (current === undefined && now() < nextTry) return;
      try {
        const opened = current === undefined ? open() : follow(current);
        const isFull = opened.size > 0 && opened.size + bytes.length > opened.limit;
        const target = isFull ? rotate() : opened;
        writeAllSync(target.file, bytes);
        target.size += bytes.length;
        if (isBroken) listener.recovered();
        isBroken = false;
      } catch (error) {
        fail(error);
      }
    },
    close,
  };
}

const NEWLINE = 0x0a;

/**
 * Tells whether the last line of a file has no end.
 *
 * @param file The file; it is read from elsewhere afterwards.
 * @param size Its size.
 */
function endsInTheMiddle(file: Deno.FsFile, size: number): boolean {
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
function isStillAt(file: Deno.FsFile, path: string): boolean {
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
    retryWhileBusySync(() => Deno.renameSync(names[index - 1] ?? "", names[index] ?? ""));
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

/** Writes text in batches. */
export interface BatchedWriter {
  /** Takes a text; it is written at the end of this turn of the event loop. */
  write(text: string): void;
  /** Writes now what was taken. */
  flush(): void;
}

const encoder = new TextEncoder();

/**
 * Writes what is asked for within one turn of the event loop at once: a write for each line would
 * cost a busy server more than all the rest of the logging.
 *
 * @param writeAll Writes all of the bytes. It may not throw: nobody waits for it.
 */
export function createBatchedWriter(writeAll: (bytes: Uint8Array) => void): BatchedWriter {
  let pending: string[] = [];

  function flush(): void {
    if (pending.length === 0) return;
    const bytes = encoder.encode(pending.join(""));
    pending = [];
    writeAll(bytes);
  }

  return {
    flush,
    write(text) {
      if (pending.push(text) === 1) setImmediate(flush);
    },
  };
}
