import * as z from "zod";
import { fromFileUrl, join } from "@std/path";
import { type BuildFacts, VERSION } from "../lib/cli/version.ts";
import { ENGINE_FLAGS } from "./engine.ts";
import { PERMISSION_FLAGS, WINDOWS_PERMISSION_FLAGS } from "./permissions.ts";
import { runDeno } from "./run_deno.ts";
import { type Entry, keepCompiled } from "./script/keep_compiled.ts";
import type { Target } from "./targets.ts";
import { withWindowsResources } from "./windows_resources.ts";

/** The folder of the repository. */
export const ROOT: string = fromFileUrl(new URL("..", import.meta.url));

/** Which executable to make. */
export interface ExecutableOptions {
  /** The program in one file, beside what is compiled in with it. */
  readonly bundle: string;
  readonly target: Target;
  readonly output: string;
  /** Whether the program is Storehook; what the engine compiles of it is kept then. */
  readonly isServer?: boolean;
}

/**
 * Makes an executable.
 *
 * @param options Which.
 * @throws {Error} When it cannot be made; the message says why.
 */
export async function makeExecutable(
  { bundle, target, output, isServer = true }: ExecutableOptions,
): Promise<void> {
  const compile = (from: string, entry: Entry, to: string) =>
    compileBundle(from, entry, target, to);
  // It runs for that.
  if (isServer && target.triple === Deno.build.target) {
    const kept = `${bundle}_compiled`;
    await keepCompiled(bundle, kept, compile);
    await compile(kept, "main.js", output);
    await Deno.remove(kept, { recursive: true });
  } else {
    await compile(bundle, "main.js", output);
  }

  const found = machineOf(await readHeader(output));
  if (found !== target.triple) {
    throw new Error(`Cannot use ${output}: it is for ${found ?? "no known machine"}`);
  }
  if (target.extension === ".exe") {
    await Deno.writeFile(output, withWindowsResources(await Deno.readFile(output), VERSION));
  }
}

async function compileBundle(
  bundle: string,
  entry: Entry,
  target: Target,
  output: string,
): Promise<void> {
  const isWindows = target.extension === ".exe";
  const icon = isWindows ? ["--icon", join(ROOT, "release/storehook.ico")] : [];
  await runDeno([
    "compile",
    "--quiet",
    "--no-check",
    "--no-config",
    "--no-lock",
    "--no-npm",
    // It would be read from a temporary folder where others may write, too; see `keepCompiled()`.
    "--no-code-cache",
    ...ENGINE_FLAGS,
    ...(isWindows ? WINDOWS_PERMISSION_FLAGS : PERMISSION_FLAGS),
    ...await included(bundle, entry),
    ...icon,
    "--target",
    target.triple,
    "--output",
    output,
    join(bundle, entry),
  ], await withFittingBase(target));
}

/** All that stands beside the program in its bundle. */
async function included(bundle: string, entry: Entry): Promise<readonly string[]> {
  const files = await Array.fromAsync(Deno.readDir(bundle), ({ name }) => name);
  return files.filter((name) => name !== entry).toSorted()
    .flatMap((name) => ["--include", join(bundle, name)]);
}

const BASE_VARIABLE = "DENORT_BIN";

/**
 * The environment of the compiler. It takes the runtime that a variable names for any target, so
 * the variable goes where that runtime is for another machine.
 */
async function withFittingBase(target: Target): Promise<Readonly<Record<string, string>>> {
  const { [BASE_VARIABLE]: base, ...others } = Deno.env.toObject();
  if (base === undefined || base === "") return others;
  const fits = machineOf(await readHeader(base)) === target.triple;
  return fits ? { ...others, [BASE_VARIABLE]: base } : others;
}

async function readHeader(file: string): Promise<Uint8Array> {
  using handle = await Deno.open(file);
  const bytes = new Uint8Array(HEADER_LENGTH);
  return bytes.subarray(0, await handle.read(bytes) ?? 0);
}

/**
 * Runs an executable of this machine and compares what it says of itself with what was compiled.
 *
 * @param file The executable.
 * @param facts What it was built of.
 * @throws {Error} When it does not run, or says something else.
 */
export async function proveExecutable(file: string, facts: BuildFacts): Promise<void> {
  const command = new Deno.Command(file, { args: ["version", "--json"], stderr: "null" });
  const { success, stdout } = await command.output();
  if (!success) throw new Error(`"${file}" does not run`);
  const wanted = z.object({
    version: z.literal(VERSION),
    commit: z.literal(facts.commit),
    deno: z.literal(Deno.version.deno),
    target: z.literal(Deno.build.target),
    // On Windows it was given up, which is not denied: nobody can be asked for it either.
    permissions: z.object({ run: z.literal("denied"), ffi: z.enum(["denied", "prompt"]) }),
  });
  const said = wanted.safeParse(JSON.parse(new TextDecoder().decode(stdout)));
  if (!said.success) throw new Error(`"${file}" is another build: ${said.error.message}`);
}

/** How many bytes of an executable tell its machine. */
export const HEADER_LENGTH = 4096;

const PE_OFFSET = 0x3c;

/**
 * Tells for which machine an executable is, by its first bytes: what was appended to a runtime of
 * another machine would compile, and fail where it is run.
 *
 * @param header The first {@linkcode HEADER_LENGTH} bytes, or all of a shorter file.
 * @returns The machine's name to the compiler, `undefined` for another machine or no executable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { machineOf } from "./executable.ts";
 *
 * const macho = new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0x00, 0x00, 0x01]);
 * assertEquals(machineOf(macho), "aarch64-apple-darwin");
 * assertEquals(machineOf(new TextEncoder().encode("#!/bin/sh")), undefined);
 * ```
 */
export function machineOf(header: Uint8Array): string | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const read16 = (offset: number) =>
    offset + 2 <= view.byteLength ? view.getUint16(offset, true) : undefined;
  const read32 = (offset: number) =>
    offset + 4 <= view.byteLength ? view.getUint32(offset, true) : undefined;

  const magic = read32(0);
  if (magic === 0x464c457f) return ELF_MACHINES.get(read16(18) ?? 0);
  if (magic === 0xfeedfacf) return MACH_O_MACHINES.get(read32(4) ?? 0);
  if (read16(0) !== 0x5a4d) return undefined;
  const pe = read32(PE_OFFSET) ?? view.byteLength;
  return read32(pe) === 0x4550 ? PE_MACHINES.get(read16(pe + 4) ?? 0) : undefined;
}

const ELF_MACHINES: ReadonlyMap<number, string> = new Map([
  [62, "x86_64-unknown-linux-gnu"],
  [183, "aarch64-unknown-linux-gnu"],
]);

const MACH_O_MACHINES: ReadonlyMap<number, string> = new Map([
  [0x01000007, "x86_64-apple-darwin"],
  [0x0100000c, "aarch64-apple-darwin"],
]);

const PE_MACHINES: ReadonlyMap<number, string> = new Map([
  [0x8664, "x86_64-pc-windows-msvc"],
]);
