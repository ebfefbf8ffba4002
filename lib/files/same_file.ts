import { resolve } from "@std/path";

/**
 * Tells whether two paths lead to one file, also by a link. Opens neither: to close any descriptor
 * of a file drops the locks that this process has on it, on Linux and macOS.
 *
 * @param one A path.
 * @param other Another one.
 * @returns Whether they do; where nothing stands, whether they are the same path.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isSameFile("lib/../main.ts", "main.ts"), true);
 * assertEquals(isSameFile("main.ts", "deno.json"), false);
 * ```
 */
export function isSameFile(one: string, other: string): boolean {
  if (nameOf(one) === nameOf(other)) return true;
  const [first, second] = [numberOf(one), numberOf(other)];
  return first !== undefined && first === second;
}

/** Where capitals make no difference they make none here. */
function nameOf(path: string): string {
  const name = resolve(path);
  return Deno.build.os === "windows" ? name.toLowerCase() : name;
}

/** `undefined` where the system gives no number, or nothing stands. */
function numberOf(path: string): string | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return ino === null || ino === 0 ? undefined : `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
