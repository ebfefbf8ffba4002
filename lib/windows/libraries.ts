/** The two libraries of Windows that are called, and what calls of them have in common. */

const KERNEL = {
  CloseHandle: { parameters: ["usize"], result: "i32" },
  FormatMessageW: {
    parameters: ["u32", "pointer", "u32", "u32", "buffer", "u32", "pointer"],
    result: "u32",
  },
  GetConsoleProcessList: { parameters: ["buffer", "u32"], result: "u32" },
  GetExitCodeProcess: { parameters: ["usize", "buffer"], result: "i32" },
  GetLastError: { parameters: [], result: "u32" },
  GetProcessTimes: {
    parameters: ["usize", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  LocalFree: { parameters: ["usize"], result: "usize" },
  OpenProcess: { parameters: ["u32", "i32", "u32"], result: "usize" },
} as const;

const ADVAPI = {
  ChangeServiceConfigW: {
    parameters: [
      "usize",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "i32",
  },
  ChangeServiceConfig2W: { parameters: ["usize", "u32", "buffer"], result: "i32" },
  CloseServiceHandle: { parameters: ["usize"], result: "i32" },
  ControlService: { parameters: ["usize", "u32", "buffer"], result: "i32" },
  CreateServiceW: {
    parameters: [
      "usize",
      "buffer",
      "buffer",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "usize",
  },
  DeleteService: { parameters: ["usize"], result: "i32" },
  DeregisterEventSource: { parameters: ["usize"], result: "i32" },
  GetNamedSecurityInfoW: {
    parameters: ["buffer", "u32", "u32", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "u32",
  },
  LookupAccountNameW: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  LsaAddAccountRights: { parameters: ["usize", "buffer", "buffer", "u32"], result: "u32" },
  LsaClose: { parameters: ["usize"], result: "u32" },
  LsaNtStatusToWinError: { parameters: ["u32"], result: "u32" },
  LsaOpenPolicy: { parameters: ["buffer", "buffer", "u32", "buffer"], result: "u32" },
  OpenSCManagerW: { parameters: ["buffer", "buffer", "u32"], result: "usize" },
  OpenServiceW: { parameters: ["usize", "buffer", "u32"], result: "usize" },
  QueryServiceConfigW: { parameters: ["usize", "buffer", "u32", "buffer"], result: "i32" },
  QueryServiceConfig2W: {
    parameters: ["usize", "u32", "buffer", "u32", "buffer"],
    result: "i32",
  },
  QueryServiceStatusEx: {
    parameters: ["usize", "u32", "buffer", "u32", "buffer"],
    result: "i32",
  },
  RegCloseKey: { parameters: ["usize"], result: "u32" },
  RegCreateKeyExW: {
    parameters: [
      "u64",
      "buffer",
      "u32",
      "buffer",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "u32",
  },
  RegDeleteKeyW: { parameters: ["u64", "buffer"], result: "u32" },
  RegSetValueExW: {
    parameters: ["usize", "buffer", "u32", "u32", "buffer", "u32"],
    result: "u32",
  },
  RegisterEventSourceW: { parameters: ["buffer", "buffer"], result: "usize" },
  RegisterServiceCtrlHandlerExW: {
    parameters: ["buffer", "function", "pointer"],
    result: "usize",
  },
  ReportEventW: {
    parameters: ["usize", "u16", "u16", "u32", "buffer", "u16", "u32", "buffer", "buffer"],
    result: "i32",
  },
  SetEntriesInAclW: { parameters: ["u32", "buffer", "usize", "buffer"], result: "u32" },
  SetNamedSecurityInfoW: {
    parameters: ["buffer", "u32", "u32", "buffer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  SetServiceStatus: { parameters: ["usize", "buffer"], result: "i32" },
  // It returns when the service has ended, so it gets a thread of its own.
  StartServiceCtrlDispatcherW: { parameters: ["buffer"], result: "i32", nonblocking: true },
  StartServiceW: { parameters: ["usize", "u32", "buffer"], result: "i32" },
} as const;

/** The functions of kernel32.dll and advapi32.dll that are called. */
type Windows =
  & Deno.DynamicLibrary<typeof KERNEL>["symbols"]
  & Deno.DynamicLibrary<typeof ADVAPI>["symbols"];

let opened: Windows | undefined;

/**
 * Opens the libraries, once. Both are among those that Windows takes from its own folder and no
 * other, whatever lies beside the program.
 *
 * @returns Their functions.
 * @throws {LibrariesForbidden} When the process may not load libraries.
 * @throws {LibrariesForbidden} When this is not Windows.
 */
export function openWindows(): Windows {
  if (opened !== undefined) return opened;
  if (Deno.build.os !== "windows") throw new LibrariesForbidden("this is no Windows");
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
    throw new LibrariesForbidden("the program was started without --allow-ffi");
  }
  const kernel = Deno.dlopen("kernel32.dll", KERNEL).symbols;
  const advapi = Deno.dlopen("advapi32.dll", ADVAPI).symbols;
  // What it does first it does slowly, and what failed must still be known then.
  kernel.GetLastError();
  return opened = { ...kernel, ...advapi };
}

/** Windows cannot be asked at all. */
export class LibrariesForbidden extends Error {
  override readonly name = "LibrariesForbidden";

  /** @param reason Why. */
  constructor(reason: string) {
    super(`Cannot talk to Windows: ${reason}`);
  }
}

/** A call of Windows that failed. */
export class WindowsError extends Error {
  override readonly name = "WindowsError";
  /** The number by which Windows names the reason. */
  readonly code: number;

  /**
   * @param call The function that failed.
   * @param code The number of the reason.
   */
  constructor(call: string, code: number) {
    super(`${call} failed: ${describeCode(code)} (error ${code})`);
    this.code = code;
  }
}

/**
 * Makes the error of a call that has just failed. Nothing may come between.
 *
 * @param call The function.
 * @returns What to throw.
 */
export function lastError(call: string): WindowsError {
  return new WindowsError(call, openWindows().GetLastError());
}

/**
 * Judges a call that gives its error by itself.
 *
 * @param call The function.
 * @param code What it gave.
 * @throws {WindowsError} When that is an error.
 */
export function succeed(call: string, code: number): void {
  if (code !== 0) throw new WindowsError(call, code);
}

const FROM_SYSTEM_WITHOUT_INSERTS = 0x1200;

/** The words of Windows, in its language. */
function describeCode(code: number): string {
  const text = new Uint16Array(512);
  const length = openWindows()
    .FormatMessageW(FROM_SYSTEM_WITHOUT_INSERTS, null, code, 0, text, text.length, null);
  return String.fromCharCode(...text.subarray(0, length)).trim().replace(/\.$/, "") || "unknown";
}
