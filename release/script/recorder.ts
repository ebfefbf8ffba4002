/**
 * Runs the program, and writes what the engine has compiled of its script when it says something
 * for the first time: `keep_compiled.ts` makes an executable that begins with this module.
 */
import type { Script } from "node:vm";

const beside = (name: string): string => new URL(`./${name}`, import.meta.url).href;
const { script }: { script: Script } = await import(beside("loader.js"));

Deno.stdout.writeSync = () => {
  Deno.writeFileSync(Deno.env.get("RECORD_COMPILED_TO") ?? "", script.createCachedData());
  Deno.exit();
};
await import(beside("main.js"));
