/** What Windows knows of a service: how it is set up, and how it fares. */
import { lastError, openWindows } from "./libraries.ts";
import { addressOf, readWideAt } from "./memory.ts";
import { DETAIL_LEVELS, openService, SERVICE_ERRORS } from "./service_manager.ts";

/** The states of a service, by their numbers. */
export const SERVICE_STATES = [
  "unknown",
  "stopped",
  "starting",
  "stopping",
  "running",
  "continuing",
  "pausing",
  "paused",
] as const;

/** A state of a service. */
export type ServiceState = typeof SERVICE_STATES[number];

/** How a service fares. */
export interface ServiceStatus {
  readonly state: ServiceState;
  /** Its process, 0 where it has none. */
  readonly pid: number;
  /** The number by which Windows says why it ended: 0 fine, 1066 an exit code of its own. */
  readonly windowsExitCode: number;
  /** Its own exit code. */
  readonly exitCode: number;
  /** It grows while a service starts or stops. */
  readonly checkpoint: number;
  /** What it may be asked for now. */
  readonly accepts: readonly string[];
}

/** A service that ended by an exit code of its own. */
export const SERVICE_SPECIFIC_ERROR = 1066;

/** What a service can be asked for, by its bits. */
const CONTROLS = [["stop", 1], ["shutdown", 4], ["preshutdown", 0x100]] as const;

const PROCESS_STATUS_SIZE = 36;

/**
 * Asks how a service fares.
 *
 * @param name Its name.
 * @returns Its status.
 * @throws {WindowsError} When there is none of that name.
 */
export function readServiceStatus(name: string): ServiceStatus {
  using service = openService(name, "query");
  const bytes = new Uint8Array(PROCESS_STATUS_SIZE);
  const needed = new Uint8Array(4);
  const isRead = openWindows()
    .QueryServiceStatusEx(service.handle, 0, bytes, bytes.length, needed);
  if (isRead === 0) throw lastError("QueryServiceStatusEx");
  const view = new DataView(bytes.buffer);
  const windowsExitCode = view.getUint32(12, true);
  const own = view.getUint32(16, true);
  return {
    state: SERVICE_STATES[view.getUint32(4, true)] ?? "unknown",
    windowsExitCode,
    exitCode: windowsExitCode === SERVICE_SPECIFIC_ERROR ? own : windowsExitCode,
    checkpoint: view.getUint32(20, true),
    accepts: CONTROLS.flatMap(([name, bit]) => (view.getUint32(8, true) & bit) === 0 ? [] : [name]),
    pid: view.getUint32(28, true),
  };
}

/** How a service is set up, as Windows has it. */
export interface ServiceSetUp {
  readonly displayName: string;
  readonly description: string;
  readonly commandLine: string;
  readonly account: string;
  readonly start: "automatic" | "automatic, delayed" | "manual" | "disabled" | "by the system";
  /** After how long a crashed one is started again: the first time, the second and so on. */
  readonly restartDelaysMs: readonly number[];
  /** How long Windows waits for it before it shuts down, 0 where that is not known. */
  readonly preshutdownMs: number;
}

const STARTS = ["by the system", "by the system", "automatic", "manual", "disabled"] as const;
const RESTART = 1;

/**
 * Asks how a service is set up.
 *
 * @param name Its name.
 * @returns Its settings.
 * @throws {WindowsError} When there is none of that name.
 */
export function readServiceSetUp(name: string): ServiceSetUp {
  using service = openService(name, "query");
  const config = new Uint8Array(LARGEST_ANSWER);
  const isRead = openWindows()
    .QueryServiceConfigW(service.handle, config, config.length, new Uint8Array(4));
  if (isRead === 0) throw lastError("QueryServiceConfigW");
  const detail = (level: number) => readDetail(service.handle, level);
  const description = detail(DETAIL_LEVELS.description);
  const delayed = detail(DETAIL_LEVELS.delayedStart);
  const start = STARTS[new DataView(config.buffer).getUint32(4, true)] ?? "by the system";
  return {
    displayName: readWideAt(config, 56),
    description: readWideAt(description, 0),
    commandLine: readWideAt(config, 16),
    account: readWideAt(config, 48),
    start: start === "automatic" && delayed[0] === 1 ? "automatic, delayed" : start,
    restartDelaysMs: readRestartDelays(detail(DETAIL_LEVELS.failureActions)),
    preshutdownMs: new DataView(detail(DETAIL_LEVELS.preshutdown).buffer).getUint32(0, true),
  };
}

/** No answer is larger. */
const LARGEST_ANSWER = 8192;

/** Zeros where Windows does not know of it, as what stands in for Windows does not of some. */
function readDetail(handle: bigint, level: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LARGEST_ANSWER);
  const isRead = openWindows()
    .QueryServiceConfig2W(handle, level, bytes, bytes.length, new Uint8Array(4));
  if (isRead !== 0) return bytes;
  const error = lastError("QueryServiceConfig2W");
  if (error.code !== SERVICE_ERRORS.invalidLevel) throw error;
  return new Uint8Array(LARGEST_ANSWER);
}

function readRestartDelays(bytes: Uint8Array<ArrayBuffer>): readonly number[] {
  const view = new DataView(bytes.buffer);
  const count = view.getUint32(24, true);
  const start = count === 0 ? 0 : Number(view.getBigUint64(32, true) - addressOf(bytes));
  return Array.from({ length: count }, (_, index) => start + 8 * index)
    .filter((at) => view.getUint32(at, true) === RESTART)
    .map((at) => view.getUint32(at + 4, true));
}

const MAY_ASK_FOR_TIMES = 0x1000;
/** Windows counts in 100 ns from the year 1601. */
const TICKS_PER_MS = 10_000n;
const EPOCH_MS = 11_644_473_600_000n;

const NO_SUCH_PROCESS = 87;
/** What Windows gives as the exit code of a process that has none yet. */
const STILL_ACTIVE = 259;

/**
 * Says whether a process has ended, of which a service manager may not know yet.
 *
 * @param pid The process.
 * @returns Whether there is none of that number.
 */
export function isProcessGone(pid: number): boolean {
  const handle = openWindows().OpenProcess(MAY_ASK_FOR_TIMES, 0, pid);
  if (handle === 0n) return lastError("OpenProcess").code === NO_SUCH_PROCESS;
  const exitCode = new Uint8Array(4);
  const isRead = openWindows().GetExitCodeProcess(handle, exitCode) !== 0;
  openWindows().CloseHandle(handle);
  return isRead && new DataView(exitCode.buffer).getUint32(0, true) !== STILL_ACTIVE;
}

/**
 * Asks since when a process runs.
 *
 * @param pid The process.
 * @returns The time; `undefined` where there is no such process, or the account may not know.
 */
export function readProcessStart(pid: number): Date | undefined {
  const windows = openWindows();
  const handle = windows.OpenProcess(MAY_ASK_FOR_TIMES, 0, pid);
  if (handle === 0n) return undefined;
  try {
    const created = new Uint8Array(8);
    // When it ended and what it used is written, too, and not looked at.
    const [ended, kernel, user] = [new Uint8Array(8), new Uint8Array(8), new Uint8Array(8)];
    if (windows.GetProcessTimes(handle, created, ended, kernel, user) === 0) return undefined;
    const ticks = new DataView(created.buffer).getBigUint64(0, true);
    return new Date(Number(ticks / TICKS_PER_MS - EPOCH_MS));
  } finally {
    windows.CloseHandle(handle);
  }
}
