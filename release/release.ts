/**
 * Makes the executables of a release, the archive for Windows and all their checksums:
 * `deno task release [--only TARGET] [--to FOLDER]`.
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
import { packForWindows } from "./windows_zip.ts";

const ONLY: TextOption = {
  kind: "text",
  name: "only",
  value: "TARGET",
  help: "makes the executable of this machine alone",
};
const TO: TextOption = {
  kind: "text",
  name: "to",
  value: "FOLDER",
  help: "where to, instead of dist",
  preset: join(ROOT, "dist"),
};

function targetsOf(only: string | undefined): readonly Target[] {
  if (only === undefined) return TARGETS;
  const target = findTarget(only);
  if (target !== undefined) return [target];
  const names = TARGETS.map(({ name }) => name).join(", ");
  throw new UsageError(`Unknown target "${only}": wanted one of ${names}`);
}

async function release(targets: readonly Target[], folder: string): Promise<boolean> {
  const facts = await readBuildFacts(ROOT);
  console.log(`Storehook ${VERSION}, commit ${facts.commit ?? "unknown"}`);
  const bundle = join(folder, "bundle");
  await writeBundle(bundle, facts);

  const sums: string[] = [];
  let isWhole = true;
  const make = async (name: string, work: (output: string) => Promise<void>) => {
    const output = join(folder, name);
    await Deno.remove(output).catch(() => undefined);
    try {
      await work(output);
      const bytes = await Deno.readFile(output);
      sums.push(await checksumLine(name, bytes));
      console.log(`made    ${name}, ${(bytes.length / 1_000_000).toFixed(1)} MB`);
    } catch (error) {
      isWhole = false;
      console.log(`failed  ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const target of targets) {
    const name = releaseName(VERSION, target);
    await make(name, async (output) => {
      await makeExecutable({ bundle, target, output });
      if (target.triple === Deno.build.target) await proveExecutable(output, facts);
    });
    if (target.extension !== ".exe") continue;
    await make(name.replace(/\.exe$/, ".zip"), async (output) => {
      const executable = await Deno.readFile(join(folder, name)).catch(() => {
        throw new Error("there is no executable to put into it");
      });
      const time = new Date(facts.committedAt ?? "2000-01-01T00:00:00Z");
      await Deno.writeFile(output, await packForWindows(executable, time));
    });
  }
  await Deno.writeTextFile(join(folder, "SHA256SUMS"), sums.join(""));
  return isWhole;
}

try {
  const options = parseOptions(Deno.args, { options: [ONLY, TO] });
  const isWhole = await release(targetsOf(options.text("only")), options.need("to"));
  Deno.exit(isWhole ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(error instanceof UsageError ? 2 : 1);
}
