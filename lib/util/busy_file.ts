/**
 * Files that somebody else has open. On Windows neither the file nor its name can be changed for as
 * long as a virus scanner, a backup or a program that watches the folder has it open in its own
 * manner; that takes a fraction of a second, and whoever gives up at once loses for nothing.
 */

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

function numberOf(error: unknown): string {
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
  return os === "windows" && SURELY_BUSY.has(numberOf(error));
}

function mayBeBusy(error: unknown, os: System): boolean {
  return os === "windows" && BUSY.has(numberOf(error));
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
