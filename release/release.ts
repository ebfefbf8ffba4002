/**
 * Makes the executables of a release and their checksums: `deno task release [--only TARGET]`.
 *
 * Exit codes: 0 all that was asked for is made, 1 some is not, 2 wrong usage.
 */
import { join } from "@std/path";
import { UsageError } from "../lib/cli/terminal/terminal.ts";
import { parseOptions } from "../lib/cli/terminal/options.ts";
import type { TextOption } from "../lib/cli/terminal/table.ts";
import { VERSION } from "../lib/cli/version.ts";
import { readBuildFacts } from "./build_facts.ts";
import { writeBundle } from "./bundle.ts";
import { checksumLine, findTarget, releaseName, type Target, TARGETS } from "./targets.ts";
import { makeExecutable, proveExecutable, ROOT } from "./executable.ts";

const DIST = join(ROOT, "dist");

const ONLY: TextOption = {
  kind: "text",
  name: "only",
  value: "TARGET",
  help: "makes the executable of this machine alone",
};

function askedFor(args: readonly string[]): readonly Target[] {
  const only = parseOptions(args, { options: [ONLY] }).text("only");
  if (only === undefined) return TARGETS;
  const target = findTarget(only);
  if (target !== undefined) return [target];
  const names = TARGETS.map(({ name }) => name).join(", ");
  throw new UsageError(`Unknown target "${only}": wanted one of ${names}`);
}

async function release(targets: readonly Target[]): Promise<boolean> {
  const facts = await readBuildFacts(ROOT);
  console.log(`Storehook ${VERSION}, commit ${facts.commit ?? "unknown"}`);
  const bundle = join(DIST, "bundle");
  await writeBundle(bundle, facts);

  const sums: string[] = [];
  for (const target of targets) {
    const name = releaseName(VERSION, target);
    const output = join(DIST, name);
    await Deno.remove(output).catch(() => undefined);
    try {
      await makeExecutable({ bundle, target, output });
      if (target.triple === Deno.build.target) await proveExecutable(output, facts);
      const bytes = await Deno.readFile(output);
      sums.push(await checksumLine(name, bytes));
      console.log(`made    ${name}, ${(bytes.length / 1_000_000).toFixed(1)} MB`);
    } catch (error) {
      console.log(`failed  ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await Deno.writeTextFile(join(DIST, "SHA256SUMS"), sums.join(""));
  return sums.length === targets.length;
}

try {
  Deno.exit(await release(askedFor(Deno.args)) ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(error instanceof UsageError ? 2 : 1);
}
