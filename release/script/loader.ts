/**
 * In an executable, what calls the functions that `files_as_functions.ts` has made of files, those
 * of files that are loaded later after it has unpacked them. What
 * the engine compiled of them when the executable was made stands beside them; an engine that does
 * not know it compiles them again.
 */
import { Script } from "node:vm";
import process from "node:process";

type Exports = Readonly<Record<string, unknown>>;

type FileFunction = (
  need: (name: string) => Exports,
  load: (name: string) => Promise<unknown>,
  meta: ImportMeta,
  builtin: (name: string) => object | undefined,
) => Exports | undefined;

/** The script, for who keeps what is compiled of it. */
export const script = new Script(Deno.readTextFileSync(beside("program.txt")), {
  filename: "program.txt",
  ...compiledBefore(),
});

const functions: Readonly<Record<string, FileFunction>> = script.runInThisContext();
const called = new Map<string, Exports>();

/** The names of the script's files, for who calls them all. */
export const files: readonly string[] = Object.keys(functions);

/**
 * Gives what a file exports; it is called once.
 *
 * @param name The name of the file.
 * @returns Its exports.
 */
export function need__(name: string): Exports {
  let exported = called.get(name);
  if (exported === undefined) {
    const call = functions[name] ?? unpacked(name);
    exported = call(need__, load__, import.meta, process.getBuiltinModule) ?? {};
    called.set(name, exported);
  }
  return exported;
}

/**
 * Does what `import()` does, for files and parts of the runtime.
 *
 * @param name The name of a file, or of a part of the runtime.
 * @returns What it exports.
 */
export async function load__(name: string): Promise<unknown> {
  return name.startsWith("node:") ? await import(name) : need__(name);
}

function unpacked(name: string): FileFunction {
  const packed = Deno.readFileSync(beside(`${name}.deflated`));
  const text = process.getBuiltinModule("node:zlib").inflateRawSync(packed).toString("latin1");
  return new Script(text, { filename: name }).runInThisContext();
}

function compiledBefore(): { readonly cachedData?: Uint8Array } {
  try {
    return { cachedData: Deno.readFileSync(beside("program.compiled")) };
  } catch {
    return {};
  }
}

function beside(name: string): URL {
  return new URL(`./${name}`, import.meta.url);
}
