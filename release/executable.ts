import { fromFileUrl, join } from "@std/path";
import { HEADER_LENGTH, machineOf } from "./machine_code.ts";
import { PERMISSION_FLAGS } from "./permissions.ts";
import { runDeno } from "./run_deno.ts";
import type { Target } from "./targets.ts";

/** The folder of the repository. */
export const ROOT: string = fromFileUrl(new URL("..", import.meta.url));

/** Which executable to make. */
export interface ExecutableOptions {
  /** The program in one file, beside what is compiled in with it. */
  readonly bundle: string;
  readonly target: Target;
  readonly output: string;
}

/**
 * Makes an executable.
 *
 * @param options Which.
 * @throws {Error} When it cannot be made; the message says why.
 */
export async function makeExecutable(
  { bundle, target, output }: ExecutableOptions,
): Promise<void> {
  const icon = target.extension === ".exe" ? ["--icon", join(ROOT, "release/storehook.ico")] : [];
  await runDeno([
    "compile",
    "--quiet",
    "--no-check",
    "--no-config",
    "--no-lock",
    "--no-npm",
    // The cache would be read from a temporary folder where others may write, too.
    "--no-code-cache",
    ...PERMISSION_FLAGS,
    ...await included(bundle),
    ...icon,
    "--target",
    target.triple,
    "--output",
    output,
    join(bundle, "main.js"),
  ], await withFittingBase(target));

  const found = machineOf(await readHeader(output));
  if (found !== target.triple) {
    throw new Error(`Cannot use ${output}: it is for ${found ?? "no known machine"}`);
  }
}

/** All that stands beside the program in its bundle. */
async function included(bundle: string): Promise<readonly string[]> {
  const files = await Array.fromAsync(Deno.readDir(bundle), ({ name }) => name);
  return files.filter((name) => name !== "main.js").toSorted()
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
