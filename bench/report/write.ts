import { join } from "@std/path";
import { ROOT } from "../../release/executable.ts";
import { PEERS } from "../install_peers.ts";
import type { Results } from "../results.ts";
import { machineFacts } from "./machine.ts";
import { sectionsOf } from "./sections.ts";
import { table } from "./table.ts";
import { VERSION } from "../../lib/cli/version.ts";

/** The page of figures. */
export const PAGE: string = join(ROOT, "docs/benchmarks.md");

const INTRODUCTION = `# Measured

Measured with version ${VERSION}.

Storehook beside what one would pick instead, all in one run on one machine, in turn, round by
round: so the ratios say more than the figures, and the figures are medians. \`deno task bench\`
prints such tables on your machine, \`--guard\` tells what of the ratios fell by more than a tenth
since this page was written, and \`--write\` writes it; Node, npm and \`wrk\` have to be there, and
\`webhook\` is measured where it is.

Storehook runs as it is shipped: every request is verified, checked against the whole schema of
what is read, decided by rules, recorded in the journal and synced to the disk before it is
answered, logged in one line, counted, and its answer signed. It listens on this machine alone, as
behind a proxy; beyond it, or with HTTPS, its gate stands before it, which is measured too. Its
log goes to standard error, which nobody reads. The others do the least that an order approval
takes: verify the signature over the raw bytes, parse, compare the total, sign the answer. They
keep nothing and log nothing, and do the same where Storehook routes the items of an order to
manufacturers. \`webhook\` cannot read a signature in Base64, cannot decide by a number and cannot
sign, so it compares one in hexadecimal and answers a fixed text; it is spared the command that it
is made to run. One of them, \`Deno.serve\` by hand, is measured once more with what it gets and
answers synced to a file first. Whoever answers anything but 2xx, or answers a wrong signature, is
not measured.
`;

/**
 * Writes what was measured as a page with a plot.
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
  const args = ["fmt", "--quiet", PAGE, plot];
  await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
}

/** Drawn where the library for it is: beside the peers, not in the program. */
async function plotOf({ throughput }: Results): Promise<string> {
  const [first] = throughput;
  const child = new Deno.Command("node", {
    args: [join(PEERS, "plot.js")],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const rows = throughput.filter(({ call }) => call === first?.call);
  await input.write(new TextEncoder().encode(JSON.stringify(rows)));
  await input.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("Cannot plot what was measured");
  return new TextDecoder().decode(stdout);
}
