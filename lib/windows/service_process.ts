/** The side of a service: what its process says to the service control manager, and hears from it. */
import { lastError, openWindows } from "./libraries.ts";
import { createStructure, wide } from "./memory.ts";

const OWN_PROCESS = 0x10;
const STATES = { stopped: 1, starting: 2, stopping: 3, running: 4 } as const;
const ACCEPT_STOP = 1;
const ACCEPT_SHUTDOWN = 4;
const ACCEPT_PRESHUTDOWN = 0x100;
const ACCEPTED = ACCEPT_STOP | ACCEPT_SHUTDOWN | ACCEPT_PRESHUTDOWN;
/** What asks a service to stop, by its numbers. */
const STOP_CONTROLS: ReadonlyMap<number, string> = new Map([
  [1, "stop"],
  [5, "shutdown"],
  [15, "preshutdown"],
]);
const INTERROGATE = 4;
const DONE = 0;
const NOT_IMPLEMENTED = 120;
const SERVICE_SPECIFIC_ERROR = 1066;

/** How often it says that it is still at it, and how long Windows is asked to wait for the next time. */
const TICK_MS = 1000;
const PATIENCE_MS = 15_000;

/** A process that Windows has started as a service. */
export interface ServiceProcess {
  /** Resolves with what asked it to stop. From then on it says that it is stopping. */
  readonly stopAsked: Promise<string>;
  /** Says that it does its work. */
  running(): void;
  /**
   * Says that it has stopped, which is the last that it says. A process that ends without it has
   * crashed, and is started again.
   *
   * @param exitCode Its exit code.
   */
  stopped(exitCode: number): void;
}

/** The process was not started by the service control manager. */
export class NotAService extends Error {
  override readonly name = "NotAService";
}

let become: Promise<ServiceProcess> | undefined;

/** What Windows calls into for as long as the process lives. */
const KEPT: unknown[] = [];

/**
 * Tells the service control manager that this process is the service it has started; from then on it
 * says that it is starting. Windows waits 30 seconds for that, so it comes first. A process is one
 * service: called again, this gives what it gave before.
 *
 * @param name The name of the service.
 * @returns What to tell it further.
 * @throws {NotAService} When nobody has started it as a service.
 * @throws {LibrariesForbidden} When Windows cannot be talked to.
 * @throws {WindowsError} When Windows does not take it for the service.
 */
export function becomeService(name: string): Promise<ServiceProcess> {
  return become ??= connect(name);
}

async function connect(name: string): Promise<ServiceProcess> {
  const windows = openWindows();
  const asked = Promise.withResolvers<string>();
  const entered = Promise.withResolvers<bigint>();
  const serviceName = wide(name);
  const status = createStructure(28);
  let handle = 0n;
  let checkpoint = 0;
  let state: keyof typeof STATES = "starting";

  function report(exitCode = 0): void {
    const isPending = state === "starting" || state === "stopping";
    const report = status
      .u32(0, OWN_PROCESS)
      .u32(4, STATES[state])
      .u32(8, state === "running" ? ACCEPTED : 0)
      .u32(12, exitCode === 0 ? 0 : SERVICE_SPECIFIC_ERROR)
      .u32(16, exitCode)
      .u32(20, isPending ? ++checkpoint : 0)
      .u32(24, isPending ? PATIENCE_MS : 0);
    windows.SetServiceStatus(handle, report.bytes);
  }

  function enter(next: keyof typeof STATES, exitCode = 0): void {
    state = next;
    checkpoint = 0;
    report(exitCode);
  }

  const onControl = Deno.UnsafeCallback.threadSafe(
    { parameters: ["u32", "u32", "pointer", "pointer"], result: "u32" } as const,
    (control) => {
      const wanted = STOP_CONTROLS.get(control);
      if (wanted === undefined) return control === INTERROGATE ? DONE : NOT_IMPLEMENTED;
      // A second one changes nothing.
      if (state === "running") enter("stopping");
      asked.resolve(wanted);
      return DONE;
    },
  );
  const onStart = Deno.UnsafeCallback.threadSafe(
    { parameters: ["u32", "pointer"], result: "void" },
    () => {
      handle = windows.RegisterServiceCtrlHandlerExW(serviceName, onControl.pointer, null);
      if (handle === 0n) return entered.reject(lastError("RegisterServiceCtrlHandlerExW"));
      report();
      entered.resolve(handle);
    },
  );
  const table = createStructure(32).pointer(0, serviceName);
  new DataView(table.bytes.buffer)
    .setBigUint64(8, Deno.UnsafePointer.value(onStart.pointer), true);
  KEPT.push(table, onStart, onControl, serviceName);

  const dispatched = windows.StartServiceCtrlDispatcherW(table.bytes).then((isConnected) => {
    if (isConnected === 0) throw new NotAService("Windows has not started this process");
  });
  await Promise.race([entered.promise, dispatched]);
  dispatched.catch(() => undefined);
  const ticking = setInterval(() => {
    if (state === "starting" || state === "stopping") report();
  }, TICK_MS);
  return {
    stopAsked: asked.promise,
    running: () => enter("running"),
    stopped(exitCode) {
      clearInterval(ticking);
      enter("stopped", exitCode);
    },
  };
}
