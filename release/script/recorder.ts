/**
 * Runs the program, and writes what the engine has compiled of its script when it says something
 * for the first time: `keep_compiled.ts` makes an executable that begins with this module.
 */
import type { Script } from "node:vm";

interface Loader {
  readonly script: Script;
  readonly files: readonly string[];
  readonly need__: (name: string) => unknown;
}

const beside = (name: string): string => new URL(`./${name}`, import.meta.url).href;
const { script, files, need__ }: Loader = await import(beside("loader.js"));
// A server evaluates more of them than a check of its config.
for (const name of files) need__(name);

Deno.stdout.writeSync = () => {
  Deno.writeFileSync(Deno.env.get("RECORD_COMPILED_TO") ?? "", script.createCachedData());
  Deno.exit();
};
await import(beside("main.js"));
