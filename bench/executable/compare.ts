import { join } from "@std/path";
import { readBuildFacts } from "../../release/build_facts.ts";
import { writeBundle } from "../../release/bundle.ts";
import { makeExecutable, ROOT } from "../../release/executable.ts";
import { findTarget } from "../../release/targets.ts";
import type { Effort } from "../effort.ts";
import { memoryOf } from "../load/usage.ts";
import { KEY } from "../load/signed.ts";
import { median, startProcess } from "../process.ts";
import { type Server, serverOf, startStorehook } from "../storehook.ts";
import { peakUnderLoad } from "./loaded.ts";

const ROUNDS = 21;

/** What an executable costs. */
export interface ExecutableCosts {
  /** From the start of the process to the first answer. */
  readonly startMs: number;
  /** After that. */
  readonly residentMiB: number;
  readonly sizeMB: number;
}

/** The executable, the least made of its parts, and the smallest server, made in the same way. */
export interface ExecutableComparison {
  readonly storehook: ExecutableCosts;
  readonly parts: ExecutableCosts;
  readonly hello: ExecutableCosts;
  /** The most memory that each ever had under the same load. */
  readonly peakMiB: Readonly<Record<"storehook" | "parts", number>>;
}

type Start = Omit<ExecutableCosts, "sizeMB">;

/**
 * Makes the executables and starts them in turn; then puts the program and its parts under load.
 *
 * @param folder Where they go.
 * @param effort How many requests that load is of.
 * @throws {Error} When they cannot be made; the message says why.
 */
export async function compareExecutables(
  folder: string,
  effort: Effort,
): Promise<ExecutableComparison> {
  const files = {
    hello: join(folder, "hello"),
    parts: join(folder, "parts"),
    storehook: join(folder, "storehook"),
  };
  await make("bench/executable/hello.ts", files.hello);
  await make("bench/executable/parts.ts", files.parts);
  await make("main.ts", files.storehook);
  await Deno.copyFile(join(ROOT, "config.json"), join(folder, "config.json"));

  const hello: Start[] = [];
  const parts: Start[] = [];
  const storehook: Start[] = [];
  // The first of each reads the files from the disk and makes the journal.
  for (let round = -1; round < ROUNDS; round++) {
    const small = await start(files.hello, [], folder);
    const middle = await start(files.parts, [join(folder, "parts.db"), KEY], folder);
    const whole = await start(files.storehook, ["serve", "--port", "0"], folder);
    if (round < 0) continue;
    hello.push(small);
    parts.push(middle);
    storehook.push(whole);
  }
  await using loaded = await startStorehook({
    folder: join(folder, "loaded"),
    executable: files.storehook,
  });
  await using loadedParts = await startParts(files.parts, join(folder, "loaded-parts.db"));
  const { loadedRequests } = effort;
  return {
    storehook: await costsOf(files.storehook, storehook),
    parts: await costsOf(files.parts, parts),
    hello: await costsOf(files.hello, hello),
    peakMiB: {
      storehook: await peakUnderLoad(loaded, folder, loadedRequests),
      parts: await peakUnderLoad(loadedParts, folder, loadedRequests),
    },
  };
}

async function startParts(file: string, database: string): Promise<Server> {
  const process = startProcess(file, [database, KEY]);
  return serverOf("parts", process, await process.line());
}

async function make(entry: string, output: string): Promise<void> {
  const target = findTarget(Deno.build.target);
  if (target === undefined) throw new Error(`Cannot compile for "${Deno.build.target}"`);
  const bundle = `${output}.bundle`;
  await writeBundle(bundle, await readBuildFacts(ROOT), entry);
  await makeExecutable({ bundle, target, output, isServer: entry === "main.ts" });
}

/** Starts a server, waits for its first answer and ends it. */
async function start(file: string, args: readonly string[], cwd: string): Promise<Start> {
  const startedAt = performance.now();
  const child = new Deno.Command(file, {
    args: [...args],
    cwd,
    env: { STOREHOOK_ADMIN_PORT: "0" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/http:\/\/\S+:\d+\s/.test(text)) break;
  }
  const [url = ""] = /http:\/\/[\d.]+:\d+/.exec(text) ?? [];
  await (await fetch(`${url}/livez`)).text();
  const startMs = performance.now() - startedAt;
  const { residentMiB } = await memoryOf(child.pid);
  child.kill("SIGKILL");
  await child.status;
  return { startMs, residentMiB };
}

async function costsOf(file: string, starts: readonly Start[]): Promise<ExecutableCosts> {
  const middle = (figure: keyof Start) => median(starts.map((each) => each[figure]));
  return {
    startMs: middle("startMs"),
    residentMiB: middle("residentMiB"),
    sizeMB: (await Deno.stat(file)).size / 1_000_000,
  };
}
