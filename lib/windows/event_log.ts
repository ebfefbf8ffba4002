/** The event log of Windows, where administrators look first. */
import { lastError, openWindows, succeed } from "./libraries.ts";
import { createOutPointer, createStructure, wide } from "./memory.ts";

/**
 * The file whose messages are the text itself, for numbers from 1 to 1000: it comes with Windows for
 * its command `eventcreate`. With a file of our own, events could not be read where the program was
 * removed or is being replaced.
 */
const MESSAGE_FILE = "%SystemRoot%\\System32\\EventCreate.exe";

const FOLDER = "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\";
const LOCAL_MACHINE = 0xffff_ffff_8000_0002n;
const KEY_SET_VALUE = 2;
const TYPE_EXPAND_TEXT = 2;
const TYPE_NUMBER = 4;
/** Errors, warnings and information. */
const ALL_LEVELS = 7;
const NOT_FOUND = 2;

/**
 * Makes a source of the event log known, so that the viewer shows its texts.
 *
 * @param source Its name.
 * @throws {WindowsError} When the registry cannot be written.
 */
export function addEventSource(source: string): void {
  const windows = openWindows();
  const key = createOutPointer();
  const path = wide(`${FOLDER}${source}`);
  succeed(
    "RegCreateKeyExW",
    windows.RegCreateKeyExW(
      LOCAL_MACHINE,
      path,
      0,
      null,
      0,
      KEY_SET_VALUE,
      null,
      key.bytes,
      null,
    ),
  );
  const set = (name: string, type: number, value: Uint8Array<ArrayBuffer>) =>
    succeed(
      "RegSetValueExW",
      windows.RegSetValueExW(key.value(), wide(name), 0, type, value, value.length),
    );
  try {
    set("EventMessageFile", TYPE_EXPAND_TEXT, new Uint8Array(wide(MESSAGE_FILE).buffer));
    set("TypesSupported", TYPE_NUMBER, createStructure(4).u32(0, ALL_LEVELS).bytes);
    // Without it `eventcreate` refuses to write in the name of the source.
    set("CustomSource", TYPE_NUMBER, createStructure(4).u32(0, 1).bytes);
  } finally {
    windows.RegCloseKey(key.value());
  }
}

/**
 * Makes a source unknown again; what it has written stays.
 *
 * @param source Its name.
 * @throws {WindowsError} When the registry cannot be written.
 */
export function removeEventSource(source: string): void {
  const code = openWindows().RegDeleteKeyW(LOCAL_MACHINE, wide(`${FOLDER}${source}`));
  if (code !== NOT_FOUND) succeed("RegDeleteKeyW", code);
}

const LEVELS = { error: 1, warning: 2, information: 4 } as const;

/** An event for the log of Windows. */
export interface WindowsEvent {
  /** Its number, from 1 to 1000: what a rule of a monitor looks for. */
  readonly id: number;
  readonly level: keyof typeof LEVELS;
  readonly text: string;
}

/** The events of a service, whose numbers stay what they are: docs/windows.md lists them. */
export const SERVICE_EVENTS = {
  started: { id: 1, level: "information" },
  stopped: { id: 2, level: "information" },
  configTaken: { id: 3, level: "information" },
  startedWithWarnings: { id: 10, level: "warning" },
  configRejected: { id: 11, level: "warning" },
  configRefused: { id: 20, level: "error" },
  notStarted: { id: 21, level: "error" },
  failed: { id: 22, level: "error" },
} as const;

/** Windows takes little more of a text, of which the end tells how much is left out. */
const MAX_LENGTH = 31_000;
const MAX_UNITS = MAX_LENGTH + 100;

/** Writes to the event log in the name of a source. */
export interface EventLog {
  /**
   * Writes an event.
   *
   * @returns Whether Windows took it: a log that is full is no reason to stop.
   */
  write(event: WindowsEvent): boolean;
}

/**
 * Opens the event log.
 *
 * @param source The name of the source.
 * @returns What writes to it, until the process ends.
 * @throws {WindowsError} When it cannot be opened.
 */
export function openEventLog(source: string): EventLog {
  const windows = openWindows();
  const handle = windows.RegisterEventSourceW(null, wide(source));
  if (handle === 0n) throw lastError("RegisterEventSourceW");
  // Made once: a process that gives up its permission learns no address after that.
  const units = new Uint16Array(MAX_UNITS);
  const texts = createStructure(8).pointer(0, units);
  return {
    write({ id, level, text }) {
      units.fill(0);
      units.set(wide(shortened(text)));
      const report = [LEVELS[level], 0, id, null, 1, 0] as const;
      return windows.ReportEventW(handle, ...report, texts.bytes, null) !== 0;
    },
  };
}

/**
 * Fits a text into an event: with the line ends of Windows, and not too long.
 *
 * @param text The text.
 * @returns As much of it as an event takes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shortened } from "./event_log.ts";
 *
 * assertEquals(shortened("a\nb\n"), "a\r\nb");
 * assertEquals(shortened("x".repeat(40_000)).endsWith("x ... and 9,000 characters more"), true);
 * ```
 */
export function shortened(text: string): string {
  const lines = text.trimEnd().replaceAll(/\r?\n/g, "\r\n");
  const more = lines.length - MAX_LENGTH;
  if (more <= 0) return lines;
  return `${lines.slice(0, MAX_LENGTH)} ... and ${more.toLocaleString("en-US")} characters more`;
}
