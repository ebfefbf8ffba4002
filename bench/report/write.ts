import { join } from "@std/path";
import { replacePart } from "../../reference/pages.ts";
import { ROOT } from "../../release/executable.ts";
import { PEERS } from "../install_peers.ts";
import type { Results } from "../results.ts";
import { machineFacts } from "./machine.ts";
import { readmePart } from "./readme.ts";
import { sectionsOf } from "./sections.ts";
import { table } from "./table.ts";
import { VERSION } from "../../lib/cli/version.ts";

/** The page of figures. */
export const PAGE: string = join(ROOT, "docs/benchmarks.md");

const INTRODUCTION = `# Measured

Measured with version ${VERSION}.

Storehook beside what one would write or install instead, all in one run on one machine, in turn,
round by round: so the ratios say more than the figures, and the figures are medians. Each is warmed
up for ten seconds, since an engine compiles a larger program for longer. Every order is another
one. \`deno task bench\` prints such tables on your machine, \`--guard\` tells what of the
ratios fell by more than a tenth since this page was written, and \`--write\` writes it; Node, npm
and \`wrk\` have to be there, \`webhook\` and PostgreSQL are measured where they are.

Storehook runs as it is shipped: every request is verified, checked against the whole schema of what
is read, decided by rules, recorded in the journal and synced to the disk before it is answered,
logged in one line, counted, and its answer signed. It listens on this machine alone, as behind a
proxy; beyond it, or with HTTPS, its gate stands before it, which is measured too. Its log goes to
standard error, which nobody reads.

The others do the least that an order approval takes: verify the signature over the raw bytes, parse,
compare the total, keep the headers, the body and the answer, synced or committed before they
answer, and sign the answer. They check no schema, count and log nothing, and find no repeats.

- With **better-sqlite3**, **node:sqlite** or **pg** they insert one row a delivery, in WAL mode with
  \`synchronous = FULL\`, or through a pool of ten connections. \`Deno.serve\` by hand is what the
  runtime can do for a lone request; **together**, with one transaction for all that wait, what it
  can do under load.
- **Synced file**: what waits is appended to a file and synced together, and nothing can be looked up.
- **Restate** has what its handler gets and answers in its log before it answers; a script of Node
  with the handler checks and makes signatures. What its server uses stands beside.
- **Node-RED** 4 runs a flow: http in, function, file, function, http response. Its file node does not
  sync, so the second function does.
- **webhook** of Debian cannot read a signature in Base64, decide by a number or sign: it compares one
  in hexadecimal, and runs a command for each order that appends it and syncs. Where it keeps nothing
  it answers a fixed text and is spared the command.

Whoever answers anything but 2xx, or answers a wrong signature, is not measured. Memory is the most
that the process ever had, on all connections, without that of its store's server.
`;

/**
 * Writes what was measured as a page with a plot, and what the README quotes of it.
 *
 * @param results What was measured.
 */
export async function writeReport(results: Results): Promise<void> {
  const { effort } = results;
  const facts = [["run", `${effort.name}, ${effort.rounds} rounds`], ...await machineFacts()];
  const sections = sectionsOf(results).map(({ head, text }) => `## ${head}\n\n${text}`);
  const machine = `## The machine\n\n${table(["", ""], facts)}`;
  const picture = "![Requests a second by contender and connections](benchmarks.svg)\n";
  await Deno.writeTextFile(PAGE, [INTRODUCTION, picture, ...sections, machine].join("\n"));
  const plot = join(ROOT, "docs/benchmarks.svg");
  await Deno.writeTextFile(plot, await plotOf(results));
  const readme = join(ROOT, "README.md");
  const text = await Deno.readTextFile(readme);
  await Deno.writeTextFile(readme, replacePart(text, "measured", readmePart(results)));
  const args = ["fmt", "--quiet", PAGE, plot, readme];
  await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
}

/** Drawn where the library for it is: beside the peers, not in the program. */
async function plotOf({ kept, postgres }: Results): Promise<string> {
  const child = new Deno.Command("node", {
    args: [join(PEERS, "plot.js")],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const rows = [...kept.rows, ...postgres?.rows ?? []];
  await input.write(new TextEncoder().encode(JSON.stringify(rows)));
  await input.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("Cannot plot what was measured");
  return new TextDecoder().decode(stdout);
}
