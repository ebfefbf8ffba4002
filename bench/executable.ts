/**
 * What the executable costs beside a compiled hello-world: from its start to the first answer, its
 * memory after that, and its size; both in one run, in turn. Only on Linux, which tells the memory
 * of a process. Where Deno's download site is out of reach, DENORT_BIN names a runtime base.
 */
import { join } from "@std/path";
import { readBuildFacts } from "../release/build_facts.ts";
import { writeBundle } from "../release/bundle.ts";
import { makeExecutable, ROOT } from "../release/executable.ts";
import { findTarget } from "../release/targets.ts";
import { median } from "./process.ts";

const ROUNDS = 21;

interface Costs {
  readonly startMs: number;
  readonly residentMiB: number;
}

/** Starts a server, waits for its first answer and ends it. */
async function measure(file: string, args: readonly string[], cwd: string): Promise<Costs> {
  const startedAt = performance.now();
  const child = new Deno.Command(file, { args: [...args], cwd, stdout: "piped", stderr: "null" })
    .spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/http:\/\/\S+:\d+\s/.test(text)) break;
  }
  const [url = ""] = /http:\/\/[\d.]+:\d+/.exec(text) ?? [];
  await (await fetch(`${url}/livez`)).text();
  const startMs = performance.now() - startedAt;
  const status = await Deno.readTextFile(`/proc/${child.pid}/status`);
  const residentMiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  child.kill("SIGKILL");
  await child.status;
  return { startMs, residentMiB };
}

async function compare(folder: string): Promise<void> {
  const target = findTarget(Deno.build.target);
  if (target === undefined) throw new Error(`Cannot compile for "${Deno.build.target}"`);
  const facts = await readBuildFacts(ROOT);
  const files = { hello: join(folder, "hello"), storehook: join(folder, "storehook") };
  for (const [entry, output] of [["bench/hello.ts", files.hello], ["main.ts", files.storehook]]) {
    if (entry === undefined || output === undefined) continue;
    const bundle = join(folder, `${entry}.bundle`);
    await writeBundle(bundle, facts, entry);
    await makeExecutable({ bundle, target, output });
  }
  await Deno.copyFile(join(ROOT, "config.json"), join(folder, "config.json"));

  const hello: Costs[] = [];
  const storehook: Costs[] = [];
  // The first of each reads the files from the disk and makes the journal.
  for (let round = -1; round < ROUNDS; round++) {
    const small = await measure(files.hello, [], folder);
    const whole = await measure(files.storehook, ["serve", "--port", "0"], folder);
    if (round < 0) continue;
    hello.push(small);
    storehook.push(whole);
  }
  const megabytes = async (file: string) => (await Deno.stat(file)).size / 1_000_000;
  const report = (name: string, unit: string, small: number, whole: number) =>
    console.log(
      `${name.padEnd(22)} ${whole.toFixed(1)} ${unit}, hello-world ${small.toFixed(1)} ${unit}: ` +
        `${(whole / small).toFixed(2)} times`,
    );
  const middle = (costs: readonly Costs[], key: keyof Costs) =>
    median(costs.map((each) => each[key]));
  report("start to first answer", "ms", middle(hello, "startMs"), middle(storehook, "startMs"));
  report("memory", "MiB", middle(hello, "residentMiB"), middle(storehook, "residentMiB"));
  report("size", "MB", await megabytes(files.hello), await megabytes(files.storehook));
}

const folder = await Deno.makeTempDir();
try {
  await compare(folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
