/** Which module of the program is started: that of the sources, or of a bundle of them. */
import { join, resolve } from "@std/path";

/** The folder of the repository. */
export const ROOT: string = resolve(import.meta.dirname ?? ".", "../..");

/** The variable that names the folder of the bundle; the program itself reads `STOREHOOK_…`. */
export const BUNDLE_VARIABLE = "TESTED_BUNDLE";

const bundle = Deno.env.get(BUNDLE_VARIABLE);

/** The first module of the program. */
export const MAIN: string = bundle === undefined ? join(ROOT, "main.ts") : join(bundle, "main.js");

/**
 * The environment in which it is started. What the engine makes of a bundle is kept beside it, and
 * goes with it; the sources have the cache of whoever runs the tests.
 */
export const MAIN_ENV: Readonly<Record<string, string>> = bundle === undefined
  ? {}
  : { DENO_DIR: join(bundle, "..", "cache") };
