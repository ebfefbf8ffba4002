import { deflateRawSync } from "node:zlib";
import { dirname, fromFileUrl, join } from "@std/path";
import { hash } from "../../lib/util/hash.ts";
import { bundledModule } from "../bundle.ts";
import { filesAsFunctions } from "./files_as_functions.ts";

/** What a server loads when it starts, which all else stands on. */
const STARTED = ["lib/cli/serve/serve.ts", "handlers/mod.ts"];

const LOADER = "loader.js";
const RECORDER = "recorder.js";
const COMPILED = "program.compiled";

/** The first module of a bundle. */
export type Entry = "main.js" | typeof RECORDER;

/**
 * Turns what a server loads into one script, and puts beside it what the engine compiles of that
 * until all is evaluated and a config is read: compiling took a third of a start. What is loaded later
 * is packed.
 *
 * What the engine compiled fits the very same engine alone. The runtime has such a cache of its own,
 * in a folder for temporary files where others may write, too, and without the functions that are
 * compiled when they are called; this one is a part of the executable.
 *
 * @param from The folder of the bundle.
 * @param to Where the other bundle goes.
 * @param compile Makes an executable for this machine of a bundle.
 * @throws {Error} When it cannot be made; the message says why.
 */
export async function keepCompiled(
  from: string,
  to: string,
  compile: (bundle: string, entry: Entry, output: string) => Promise<void>,
): Promise<void> {
  const scratch = await Deno.makeTempDir({ dir: dirname(to) });
  try {
    const { mtime } = await Deno.stat(join(from, "main.js"));
    const names = await Array.fromAsync(Deno.readDir(from), ({ name }) => name);
    const isScript = (name: string) => name.endsWith(".js");
    const texts = await Promise.all(
      names.filter(isScript)
        .map(async (name) => [name, await Deno.readTextFile(join(from, name))] as const),
    );
    const others = await Promise.all(
      names.filter((name) => !isScript(name))
        .map(async (name) => [name, await Deno.readFile(join(from, name))] as const),
    );
    const threads = threadsOf(texts.map(([, text]) => text));
    const { script, later, modules } = filesAsFunctions(new Map(texts), STARTED, {
      entry: "main.js",
      loader: LOADER,
      stays: (name) => threads.some((thread) => name.startsWith(thread)),
    });
    const files = new Map<string, string | Uint8Array>([
      ...modules,
      ...others,
      ...[...later].map(([name, text]) => [`${name}.deflated`, deflated(text)] as const),
      ["program.txt", script],
      [LOADER, await bundledModule("release/script/loader.ts", scratch)],
    ]);
    const recorder = await bundledModule("release/script/recorder.ts", scratch);
    await write(to, new Map([...files, [RECORDER, recorder]]), mtime);
    const executable = join(scratch, "recorder");
    await compile(to, RECORDER, executable);
    files.set(COMPILED, await recorded(executable, scratch));
    await write(to, files, mtime);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

/** How the names of the files begin that threads load as modules: their first, and their own. */
function threadsOf(texts: readonly string[]): readonly string[] {
  const found = texts.flatMap((text) =>
    Array.from(text.matchAll(/new Worker\(new URL\("\.\/([^"]+)\.js"/g), ([, name = ""]) => name)
  );
  return [...new Set(found)];
}

/** All that is in an executable is in memory. */
function deflated(text: string): Uint8Array {
  return deflateRawSync(text, { level: 9 });
}

async function write(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  time: Date | null,
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => undefined);
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, content] of files) {
    const file = join(folder, name);
    if (typeof content === "string") await Deno.writeTextFile(file, content);
    else await Deno.writeFile(file, content);
    // The compiler keeps the times of files, too.
    await Deno.utime(file, time ?? 0, time ?? 0);
  }
}

/** What so many runs agree on is kept: on a quiet machine all do. */
const AGREED = 10;
const MOST_RUNS = 60;

/**
 * Lets the engine compile what it needs to read the config of the repository, a few times: now and
 * then it notes that it was about to compile a function further, and the same commit shall give the
 * same executable. On a machine so busy that no ten of many runs agree, what most of them gave is as
 * good for whoever starts it, but may be another the next time: that is told.
 */
async function recorded(executable: string, folder: string): Promise<Uint8Array> {
  const output = join(folder, COMPILED);
  const config = fromFileUrl(new URL("../../config.json", import.meta.url));
  const seen = new Map<string, { readonly compiled: Uint8Array; times: number }>();
  for (let run = 0; run < MOST_RUNS; run++) {
    const command = new Deno.Command(executable, {
      args: ["check", "--config", config],
      env: { RECORD_COMPILED_TO: output },
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    });
    const { success } = await command.output();
    if (!success) throw new Error("The program does not run to the end");
    const compiled = await Deno.readFile(output);
    const sum = hash("sha256", compiled).toHex();
    const same = seen.get(sum) ?? { compiled, times: 0 };
    if (++same.times === AGREED) return compiled;
    seen.set(sum, same);
  }
  console.warn(
    `No ${AGREED} of ${MOST_RUNS} runs of the program let the engine compile the same, as on a busy ` +
      "machine: to make the same commit again may give another executable",
  );
  const [most] = [...seen.values()].toSorted((one, other) => other.times - one.times);
  if (most === undefined) throw new Error("The program was not run");
  return most.compiled;
}
