/** The service control manager of Windows: it starts services with the machine and watches them. */
import { lastError, openWindows, WindowsError } from "./libraries.ts";
import { createStructure, type Structure, wide } from "./memory.ts";

/** The name of the service, unless another is given. */
export const WINDOWS_SERVICE_NAME = "Storehook";

/** How a service is set up. */
export interface WindowsServiceSettings {
  /** By which Windows knows it. */
  readonly name: string;
  /** What people see in the list of services. */
  readonly displayName: string;
  readonly description: string;
  /** The program with its arguments, each in quotes where it needs them. */
  readonly commandLine: string;
  /** Under which it runs; an existing service keeps its own where none is given. */
  readonly account?: string | undefined;
  readonly password?: string | undefined;
}

const CONNECT = 1;
const CREATE = 2;
/** What a handle may be used for. */
const RIGHTS = {
  setUp: 0x1_0013 | 0x4,
  query: 0x5,
  start: 0x14,
  stop: 0x24,
  remove: 0x1_0000,
} as const;
const OWN_PROCESS = 0x10;
const AUTOMATIC = 2;
const NORMAL_ERROR = 1;

/** What Windows answers, by its numbers. */
export const SERVICE_ERRORS = {
  noSuchFile: 2,
  noSuchFolder: 3,
  accessDenied: 5,
  invalidName: 123,
  invalidControl: 1052,
  timeout: 1053,
  alreadyRuns: 1056,
  invalidAccount: 1057,
  disabled: 1058,
  cannotAcceptControl: 1061,
  notRunning: 1062,
  noSuchService: 1060,
  logonFailed: 1069,
  markedForRemoval: 1072,
  exists: 1073,
  nameTaken: 1078,
  invalidLevel: 124,
} as const;

/** An open service. */
interface Opened extends Disposable {
  readonly handle: bigint;
}

function opened(handle: bigint): Opened {
  return { handle, [Symbol.dispose]: () => void openWindows().CloseServiceHandle(handle) };
}

function openManager(rights: number): Opened {
  const handle = openWindows().OpenSCManagerW(null, null, rights);
  if (handle === 0n) throw lastError("OpenSCManagerW");
  return opened(handle);
}

/**
 * Opens a service.
 *
 * @param name Its name.
 * @param use What for.
 * @returns The service.
 * @throws {WindowsError} When there is none of that name, or the account may not do that.
 */
export function openService(name: string, use: keyof typeof RIGHTS): Opened {
  using manager = openManager(CONNECT);
  const handle = openWindows().OpenServiceW(manager.handle, wide(name), RIGHTS[use]);
  if (handle === 0n) throw lastError("OpenServiceW");
  return opened(handle);
}

/**
 * Sets a service up; one that is there already is changed.
 *
 * @param settings How.
 * @returns Whether it is new.
 * @throws {WindowsError} When the account may not do that, or the settings are not taken.
 */
export function setUpService(settings: WindowsServiceSettings): boolean {
  const isNew = !changeService(settings);
  if (isNew) createService(settings);
  using service = openService(settings.name, "setUp");
  for (const { level, structure } of detailsOf(settings)) {
    if (openWindows().ChangeServiceConfig2W(service.handle, level, structure.bytes) !== 0) continue;
    const error = lastError("ChangeServiceConfig2W");
    // Only what stands in for Windows knows fewer of them.
    if (error.code !== SERVICE_ERRORS.invalidLevel) throw error;
  }
  return isNew;
}

function createService(settings: WindowsServiceSettings): void {
  const { name, displayName, commandLine, account, password } = settings;
  using manager = openManager(CONNECT | CREATE);
  const handle = openWindows().CreateServiceW(
    manager.handle,
    wide(name),
    wide(displayName),
    RIGHTS.setUp,
    OWN_PROCESS,
    AUTOMATIC,
    NORMAL_ERROR,
    wide(commandLine),
    null,
    null,
    null,
    account === undefined ? null : wide(account),
    password === undefined ? null : wide(password),
  );
  if (handle === 0n) throw lastError("CreateServiceW");
  opened(handle)[Symbol.dispose]();
}

/** Whether there was one to change. */
function changeService(settings: WindowsServiceSettings): boolean {
  const { name, displayName, commandLine, account, password } = settings;
  try {
    using service = openService(name, "setUp");
    const isChanged = openWindows().ChangeServiceConfigW(
      service.handle,
      OWN_PROCESS,
      AUTOMATIC,
      NORMAL_ERROR,
      wide(commandLine),
      null,
      null,
      null,
      account === undefined ? null : wide(account),
      password === undefined ? null : wide(password),
      wide(displayName),
    );
    if (isChanged === 0) throw lastError("ChangeServiceConfigW");
    return true;
  } catch (error) {
    if (error instanceof WindowsError && error.code === SERVICE_ERRORS.noSuchService) return false;
    throw error;
  }
}

/** The numbers of what is set beside the rest. */
export const DETAIL_LEVELS = {
  description: 1,
  failureActions: 2,
  delayedStart: 3,
  failureFlag: 4,
  sidType: 5,
  preshutdown: 7,
} as const;

/** After a crash it is started again after so long; the last counts for all that follow. */
export const RESTART_DELAYS_MS: readonly number[] = [5000, 30_000, 300_000];
/** Without a crash for so long, the first delay counts again. */
export const RESET_AFTER_SECONDS = 3600;
/** How long Windows waits for it before it shuts down: longer than a stop ever takes. */
const PRESHUTDOWN_MS = 20_000;
const RESTART = 1;
const SID_UNRESTRICTED = 1;

interface Detail {
  readonly level: number;
  readonly structure: Structure;
}

function detailsOf({ description }: WindowsServiceSettings): readonly Detail[] {
  const actions = createStructure(8 * RESTART_DELAYS_MS.length);
  RESTART_DELAYS_MS.forEach((delayMs, index) =>
    actions.u32(8 * index, RESTART).u32(8 * index + 4, delayMs)
  );
  return [
    {
      level: DETAIL_LEVELS.description,
      structure: createStructure(8).pointer(0, wide(description)),
    },
    {
      level: DETAIL_LEVELS.failureActions,
      structure: createStructure(40)
        .u32(0, RESET_AFTER_SECONDS)
        .u32(24, RESTART_DELAYS_MS.length)
        .pointer(32, actions.bytes),
    },
    // Only a process that ends without having said that it stops is a failure: so exit code 2, after
    // which starting again would find the same mistake, is said, and others are not.
    { level: DETAIL_LEVELS.failureFlag, structure: createStructure(4).u32(0, 0) },
    { level: DETAIL_LEVELS.delayedStart, structure: createStructure(4).u32(0, 1) },
    // The service has an identity of its own, to which rights on folders are given.
    { level: DETAIL_LEVELS.sidType, structure: createStructure(4).u32(0, SID_UNRESTRICTED) },
    { level: DETAIL_LEVELS.preshutdown, structure: createStructure(4).u32(0, PRESHUTDOWN_MS) },
  ];
}

/**
 * Asks Windows to start a service; that it has started is told by its state.
 *
 * @param name Its name.
 * @throws {WindowsError} When it cannot be started.
 */
export function requestStart(name: string): void {
  using service = openService(name, "start");
  if (openWindows().StartServiceW(service.handle, 0, null) === 0) throw lastError("StartServiceW");
}

const STOP = 1;
const STATUS_SIZE = 28;

/**
 * Asks a service to stop; that it has stopped is told by its state.
 *
 * @param name Its name.
 * @throws {WindowsError} When it cannot be asked.
 */
export function requestStop(name: string): void {
  using service = openService(name, "stop");
  const status = new Uint8Array(STATUS_SIZE);
  if (openWindows().ControlService(service.handle, STOP, status) === 0) {
    throw lastError("ControlService");
  }
}

/**
 * Removes a service. Windows forgets it once it has stopped and nobody has it open.
 *
 * @param name Its name.
 * @throws {WindowsError} When it cannot be removed.
 */
export function removeService(name: string): void {
  using service = openService(name, "remove");
  if (openWindows().DeleteService(service.handle) === 0) throw lastError("DeleteService");
}
