import { join } from "@std/path";
import { type Destination, failedWith } from "../destination.ts";
import { EmptyTable, formatFile } from "./file_format.ts";
import { fileName } from "./file_name.ts";
import type { FolderSettings } from "../settings.ts";
import { removeLeftovers, writeWhole } from "./write_file.ts";

/** Files are written one beside the other: a network drive answers slowly, but to many. */
const CONCURRENCY = 4;
/** For a drive that does not answer; a file is written long before. */
const TIMEOUT_MS = 20_000;

/**
 * Makes a destination that writes each event as a file into a folder that something else watches.
 *
 * The folder is made at once where it is missing, and never again: when it is away later, an attempt
 * has failed.
 *
 * @param settings Which folder, and how.
 * @returns The destination.
 */
export function createFolderDestination(settings: FolderSettings): Destination {
  const { path, name, format, ordered, retrySeconds } = settings;
  let tidied: Promise<void> | undefined;
  // What keeps it from being made keeps the first attempt from writing, and that tells it.
  const made = Deno.mkdir(path, { recursive: true }).catch(() => undefined);

  async function write(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const present = await read(join(path, file));
    // The same event again: the attempt before was not written down, or a lease ran out.
    if (present !== undefined) return areEqual(present, bytes);
    await writeWhole(path, file, bytes);
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
    async attempt({ event }) {
      await made;
      const where = JSON.stringify(path);
      try {
        return await write(fileName(name, format, event), formatFile(format, event.payload))
          ? { delivered: true, status: null }
          : failedWith(`Cannot write to the folder ${where}: another file has the event's name`);
      } catch (error) {
        if (error instanceof EmptyTable) {
          return failedWith(
            `Cannot write to the folder ${where}: the event holds no value for a table`,
          );
        }
        return failedWith(`Cannot write to the folder ${where}: ${reasonOf(error)}`);
      }
    },
  };
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    // Also where the path leads through a file: writing tells that better.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The runtime's own words hold the name of the file, and that may hold something of the event. */
function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "this account may not write there";
  }
  if (error instanceof Deno.errors.NotFound) {
    return "it is not there; a share may be away, and a folder that was removed has to be made again";
  }
  if (error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.AlreadyExists) {
    return "it is not a folder";
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT") return "the disk is full";
  if (code === "EROFS") return "the disk is read-only";
  return code === "" ? "writing failed" : `writing failed (${code})`;
}
