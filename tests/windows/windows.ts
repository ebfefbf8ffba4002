/** What tests on Windows need that no other system has. */

/** Whether what runs here is Windows. */
export const isWindows: boolean = Deno.build.os === "windows";

/** Whether that is Wine: `.ci/deno-windows` tells Wine by this variable where its own files are. */
export const isWine: boolean = isWindows && Deno.env.has("WINEPREFIX");

/**
 * Skips a test on Wine alone.
 *
 * @param reason What Wine does otherwise than Windows.
 * @returns Whether it is skipped, and what gives it its name, which says why.
 */
function skippedByWine(reason: string): {
  readonly ignore: boolean;
  readonly named: (name: string) => string;
} {
  return {
    ignore: isWine,
    named: (name) => isWine ? `${name} (skipped on Wine: ${reason})` : name,
  };
}

/**
 * What Wine cannot do with a journal: it keeps each handle of a file with locks until the last lock of
 * it ends. The watch of the journal's files opens some for each transaction and each row that is read.
 */
export const manyRows = skippedByWine("it runs out of files where thousands of rows are read");

/** What Wine does not keep of the rights on a folder. */
export const accountRights = skippedByWine(
  "it keeps the rights of its user and of everybody alone",
);

const GENERIC_READ = 0x8000_0000;
const OPEN_EXISTING = 3;

/** What others may do with a held file: nothing, or all but rename and remove it. */
const SHARES = { nothing: 0, content: 3 } as const;

/**
 * Opens a file as a virus scanner or a backup does, which do not let others do all with it meanwhile. The
 * runtime itself opens files so that everybody may do everything.
 *
 * @param path The file.
 * @param shares What others may do with it meanwhile.
 * @returns Lets go of it.
 */
export function holdFile(path: string, shares: keyof typeof SHARES = "nothing"): Disposable {
  const kernel = Deno.dlopen("kernel32.dll", {
    CreateFileW: {
      parameters: ["buffer", "u32", "u32", "pointer", "u32", "u32", "pointer"],
      result: "pointer",
    },
    CloseHandle: { parameters: ["pointer"], result: "i32" },
  });
  const name = Uint16Array.from(`${path}\0`, (character) => character.charCodeAt(0));
  const handle = kernel.symbols
    .CreateFileW(name, GENERIC_READ, SHARES[shares], null, OPEN_EXISTING, 0, null);
  if (handle === null || Deno.UnsafePointer.value(handle) === 0xffff_ffff_ffff_ffffn) {
    kernel.close();
    throw new Error(`Cannot hold "${path}"`);
  }
  return {
    [Symbol.dispose]() {
      kernel.symbols.CloseHandle(handle);
      kernel.close();
    },
  };
}

/**
 * Holds a file for a time.
 *
 * @param path The file.
 * @param durationMs How long.
 * @returns Resolves when it is let go of.
 */
export async function holdFileFor(path: string, durationMs: number): Promise<void> {
  using _held = holdFile(path);
  await new Promise((resolve) => setTimeout(resolve, durationMs));
}
