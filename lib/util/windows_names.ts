/** Paths that mean something else on Windows than they seem to, or nothing at all. */

/** Names of devices, with any extension; the last three digits are superscripts. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/**
 * Says what Windows makes of a path.
 *
 * Source: "Naming Files, Paths, and Namespaces" and "DOS paths" in the documentation of Windows.
 *
 * @param path The path as it is written.
 * @returns What surprises in it; `undefined` for others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(windowsPathTrouble("C:\\Storehook\\journal.db"), undefined);
 * assertEquals(windowsPathTrouble("\\\\server\\share\\hot"), undefined);
 * assertEquals(windowsPathTrouble("data/aux.db")?.hint, "Give it another name");
 * ```
 */
export function windowsPathTrouble(path: string): PathTrouble | undefined {
  const [, drive, rest = path] = DRIVE.exec(path) ?? [];
  if (drive !== undefined && !/^[\\/]/.test(rest)) {
    return {
      message: `which starts at whatever is the current folder of the drive ${drive}`,
      hint: `Write ${JSON.stringify(`${drive}\\${rest}`)}, or a path without a drive, which ` +
        "starts at the folder of the config",
    };
  }
  return windowsNameTrouble(path);
}

const DRIVE = /^([A-Za-z]:)(.*)$/s;

/** What surprises in a path, and what to write. */
interface PathTrouble {
  /** To follow `found "…", `. */
  readonly message: string;
  readonly hint: string;
}

/**
 * Says what Windows makes of the names in a path, wherever the path starts.
 *
 * @param path The path as it is written.
 * @returns What surprises in a name; `undefined` for others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(windowsNameTrouble("C:data"), undefined);
 * assertEquals(windowsNameTrouble("nul.json")?.hint, "Give it another name");
 * ```
 */
export function windowsNameTrouble(path: string): PathTrouble | undefined {
  // What follows \\?\ is taken as it is, by whoever knows why.
  if (/^[\\/]{2}[?.][\\/]/.test(path)) return undefined;
  const [, , rest = path] = DRIVE.exec(path) ?? [];
  for (const part of rest.split(/[\\/]/)) {
    const quoted = JSON.stringify(part);
    const [wrong] = /[<>:"|?*]/.exec(part) ?? [];
    if (wrong !== undefined) {
      return {
        message: `but Windows has no file or folder with ${JSON.stringify(wrong)} in its name`,
        hint: "Leave that character out",
      };
    }
    if (DEVICE.test(part)) {
      return {
        message: `but on Windows ${quoted} is the name of a device`,
        hint: "Give it another name",
      };
    }
    if (/[^. ][. ]+$/.test(part)) {
      return {
        message: `but Windows leaves out the dots and blanks at the end of ${quoted}`,
        hint: "Leave them out, so that everybody finds it under the same name",
      };
    }
  }
  return undefined;
}
