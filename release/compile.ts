/** Makes the executable for this machine: `deno task compile`. */
import { join } from "@std/path";
import { readBuildFacts } from "./build_facts.ts";
import { writeBundle } from "./bundle.ts";
import { makeExecutable, ROOT } from "./executable.ts";
import { findTarget } from "./targets.ts";

const target = findTarget(Deno.build.target);
if (target === undefined) {
  console.error(`Cannot compile for "${Deno.build.target}": it is none of the targets`);
  Deno.exit(1);
}
const bundle = join(ROOT, "dist/bundle");
const output = join(ROOT, `dist/storehook${target.extension}`);
try {
  await writeBundle(bundle, await readBuildFacts(ROOT));
  await makeExecutable({ bundle, target, output });
} catch (error) {
  console.error(`Cannot compile: ${error instanceof Error ? error.message : String(error)}`);
  Deno.exit(1);
}
