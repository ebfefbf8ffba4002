/**
 * What the executable costs beside the least that its parts cost and a compiled hello-world: from
 * its start to the first answer, its memory after that, and its size; all in one run, in turn. Then
 * the most memory that it and its parts have under load, which takes `wrk`. Only on Linux, which tells
 * the memory of a process. Where Deno's download site is out of reach, DENORT_BIN names a runtime base.
 *
 * Usage: deno run bench/executable.ts [--json] [--quick]
 */
import { FULL, QUICK } from "./effort.ts";
import { compareExecutables, type ExecutableCosts } from "./executable/compare.ts";

const FIGURES: readonly (readonly [name: string, unit: string, key: keyof ExecutableCosts])[] = [
  ["start to first answer", "ms", "startMs"],
  ["memory", "MiB", "residentMiB"],
  ["size", "MB", "sizeMB"],
];

const folder = await Deno.makeTempDir();
try {
  const comparison = await compareExecutables(folder, Deno.args.includes("--quick") ? QUICK : FULL);
  if (Deno.args.includes("--json")) {
    console.log(JSON.stringify(comparison));
  } else {
    for (const [name, unit, key] of FIGURES) {
      const [whole, small] = [comparison.storehook[key], comparison.hello[key]];
      console.log(
        `${name.padEnd(22)} ${whole.toFixed(1)} ${unit}, ` +
          `its parts alone ${comparison.parts[key].toFixed(1)} ${unit}, ` +
          `hello-world ${small.toFixed(1)} ${unit}: ${(whole / small).toFixed(2)} times`,
      );
    }
    const { storehook, parts } = comparison.peakMiB;
    console.log(
      `most memory under load ${storehook.toFixed(1)} MiB, ` +
        `its parts alone ${parts.toFixed(1)} MiB`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
