/** A machine for which the program is compiled. */
export interface Target {
  /** Its name in the names of files. */
  readonly name: string;
  /** Its name to the compiler. */
  readonly triple: string;
  /** How the names of its executables end. */
  readonly extension: "" | ".exe";
}

/** Every machine for which a release is made. */
export const TARGETS: readonly Target[] = [
  { name: "windows-x64", triple: "x86_64-pc-windows-msvc", extension: ".exe" },
  { name: "linux-x64", triple: "x86_64-unknown-linux-gnu", extension: "" },
  { name: "linux-arm64", triple: "aarch64-unknown-linux-gnu", extension: "" },
  { name: "macos-arm64", triple: "aarch64-apple-darwin", extension: "" },
  { name: "macos-x64", triple: "x86_64-apple-darwin", extension: "" },
];

/**
 * Finds a target.
 *
 * @param name Its name, or its name to the compiler.
 * @returns The target, `undefined` when there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findTarget } from "./targets.ts";
 *
 * assertEquals(findTarget("windows-x64")?.triple, "x86_64-pc-windows-msvc");
 * assertEquals(findTarget("aarch64-apple-darwin")?.name, "macos-arm64");
 * assertEquals(findTarget("amiga"), undefined);
 * ```
 */
export function findTarget(name: string): Target | undefined {
  return TARGETS.find((target) => target.name === name || target.triple === name);
}

/**
 * Names the executable of a release.
 *
 * @param version The program's version.
 * @param target The machine.
 * @returns The name of the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { releaseName, TARGETS } from "./targets.ts";
 *
 * const [windows, linux] = TARGETS;
 * assertEquals(windows && releaseName("1.0.0", windows), "storehook-1.0.0-windows-x64.exe");
 * assertEquals(linux && releaseName("1.0.0", linux), "storehook-1.0.0-linux-x64");
 * ```
 */
export function releaseName(version: string, { name, extension }: Target): string {
  return `storehook-${version}-${name}${extension}`;
}

/**
 * Writes a line of a file of checksums, as `sha256sum --check` reads it.
 *
 * @param name The name of a file.
 * @param bytes What it holds.
 * @returns The line, with a line break at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { checksumLine } from "./targets.ts";
 *
 * assertEquals(
 *   await checksumLine("empty", new Uint8Array(0)),
 *   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n",
 * );
 * ```
 */
export async function checksumLine(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return `${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}  ${name}\n`;
}
