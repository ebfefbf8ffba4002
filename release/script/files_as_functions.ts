/** Files of a bundle in two kinds: those of one script, and those that stay modules. */
export interface ScriptedBundle {
  /** A script whose value is a function for each of its files, by the file's name. */
  readonly script: string;
  /** The text of each file that stays, by its name; it takes what it needs from the script. */
  readonly modules: ReadonlyMap<string, string>;
}

/**
 * Turns the files of a split bundle that hold some modules, and all that these import, into
 * functions of one script: of a script, unlike of modules, a program can keep what the engine
 * compiled.
 *
 * A function gets what it imports when it is called, and gives what it exports: so no file may stand
 * in a circle, or change later what it exports. `release/script/loader.ts` calls them.
 *
 * @param files The text of each file of the bundle by its name.
 * @param first The modules, named as in the comments of the bundle.
 * @param names The file that is loaded first, which stays, and the one that calls the functions.
 * @returns The script, and the files that stay.
 * @throws {SyntaxError} When a file has a form that is not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { filesAsFunctions } from "./files_as_functions.ts";
 *
 * const files = new Map([
 *   ["main.js", 'import {\n  a\n} from "./chunk_1.js";\na(() => import("./chunk_1.js"));\n'],
 *   ["chunk_1.js", "// lib/a.ts\nvar a = 1;\nexport {\n  a as b\n};\n"],
 * ]);
 * assertEquals(filesAsFunctions(files, ["lib/a.ts"], { entry: "main.js", loader: "loader.js" }), {
 *   script: '"use strict"; ({\n"chunk_1.js"(need__, load__, meta__, builtin__) {\n' +
 *     "// lib/a.ts\nvar a = 1;\nreturn { b: a };\n\n},\n})\n",
 *   modules: new Map([["main.js", 'import { need__, load__ } from "./loader.js";\n' +
 *     'const { a } = need__("chunk_1.js");\n\na(() => load__("chunk_1.js"));\n']]),
 * });
 * ```
 */
export function filesAsFunctions(
  files: ReadonlyMap<string, string>,
  first: readonly string[],
  { entry, loader }: { readonly entry: string; readonly loader: string },
): ScriptedBundle {
  const scripted = closureOf(files, first, entry);
  const isScripted = (name: string) => scripted.has(name);
  const functions = [...scripted].toSorted().map((name) =>
    `${JSON.stringify(name)}(need__, load__, meta__, builtin__) {\n` +
    `${asFunction(name, files.get(name) ?? "", files)}\n},\n`
  );
  const modules = [...files].filter(([name]) => !isScripted(name)).map(([name, text]) =>
    [name, asModule(text, isScripted, loader)] as const
  );
  return {
    script: `"use strict"; ({\n${functions.join("")}})\n`,
    modules: new Map(modules),
  };
}

/** An import of names: which, and from where. */
const IMPORT = /^import \{([^}]*)\} from "([^"]+)";$/gm;
const IMPORT_ALONE = /^import "\.\/([^"]+)";$/gm;
const IMPORT_DEFAULT = /^import (\w+) from "(node:[^"]+)";$/gm;
const EXPORT = /^export \{([^}]*)\};$/gm;
const IMPORT_LATER = /\bimport\("(?:\.\/)?([^"]+)"\)/g;
/** What is none of them: it would be an error of the engine, far from here. */
const UNKNOWN_FORM = /^(?:import|export)\b[^(].*$/m;

/**
 * The files that hold modules, those that are needed at once, and all that these import; then those
 * that only hand on what is in them.
 */
function closureOf(
  files: ReadonlyMap<string, string>,
  modules: readonly string[],
  entry: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    const text = files.get(name);
    if (text === undefined || found.has(name)) return;
    found.add(name);
    importsOf(text).forEach(visit);
  };
  importsOf(files.get(entry) ?? "").forEach(visit);
  for (const module of modules) {
    const holder = [...files].find(([, text]) => text.split("\n").includes(`// ${module}`));
    if (holder === undefined) throw new SyntaxError(`Cannot find ${module} in the bundle`);
    visit(holder[0]);
  }
  const handingOn = [...files].filter(([name, text]) =>
    name.endsWith(".js") && isHandingOn(text) && importsOf(text).every((from) => found.has(from))
  );
  return new Set([...found, ...handingOn.map(([name]) => name)]);
}

/** The other files that a file imports. */
function importsOf(text: string): readonly string[] {
  const named = Array.from(text.matchAll(IMPORT), ([, , from = ""]) => from);
  const alone = Array.from(text.matchAll(IMPORT_ALONE), ([, from = ""]) => from);
  return [...named.filter((from) => from.startsWith("./")), ...alone]
    .map((from) => from.replace("./", ""));
}

function isHandingOn(text: string): boolean {
  return [IMPORT, IMPORT_ALONE, EXPORT].reduce((rest, form) => rest.replaceAll(form, ""), text)
    .trim() === "";
}

function asFunction(name: string, text: string, files: ReadonlyMap<string, string>): string {
  // What a module imports is there before its first line.
  const imports: string[] = [];
  const body = text
    .replaceAll(IMPORT, (_, names: string, from: string) => {
      const value = from.startsWith("node:") ? builtin(from) : need(from);
      imports.push(`const { ${renamed(names, (own, other) => `${own}: ${other}`)} } = ${value};`);
      return "";
    })
    .replaceAll(IMPORT_ALONE, (_, from: string) => {
      imports.push(`${need(from)};`);
      return "";
    })
    .replaceAll(IMPORT_DEFAULT, (_, own: string, from: string) => {
      imports.push(`const ${own} = ${builtin(from)};`);
      return "";
    })
    .replaceAll(
      EXPORT,
      (_, names: string) => `return { ${renamed(names, (own, other) => `${other}: ${own}`)} };`,
    )
    .replaceAll(
      IMPORT_LATER,
      (found, from: string) =>
        files.has(from) || from.startsWith("node:") ? `load__(${JSON.stringify(from)})` : found,
    )
    .replaceAll("import.meta", "meta__");
  const unknown = UNKNOWN_FORM.exec(body)?.[0];
  if (unknown !== undefined) throw new SyntaxError(`Cannot make a function of ${name}: ${unknown}`);
  return [...imports, body].join("\n").replace(/^\n+/, "");
}

function asModule(text: string, isScripted: (name: string) => boolean, loader: string): string {
  const imports: string[] = [];
  const body = text
    .replaceAll(IMPORT, (found, names: string, from: string) => {
      if (!isScripted(from.replace("./", ""))) return found;
      imports.push(
        `const { ${renamed(names, (own, other) => `${own}: ${other}`)} } = ${need(from)};`,
      );
      return "";
    })
    .replaceAll(IMPORT_ALONE, (found, from: string) => {
      if (!isScripted(from)) return found;
      imports.push(`${need(from)};`);
      return "";
    })
    .replaceAll(
      IMPORT_LATER,
      (found, from: string) => isScripted(from) ? `load__(${JSON.stringify(from)})` : found,
    );
  if (body === text) return text;
  return [`import { need__, load__ } from "./${loader}";`, ...imports, body].join("\n");
}

function need(from: string): string {
  return `need__(${JSON.stringify(from.replace("./", ""))})`;
}

function builtin(name: string): string {
  return `builtin__(${JSON.stringify(name)})`;
}

/** The names of an import or export, each written with the one that it has on the other side. */
function renamed(names: string, write: (name: string, other: string) => string): string {
  return names.split(",").map((each) => each.trim()).filter((each) => each !== "").map((each) => {
    const [name = "", other = name] = each.split(" as ");
    return name === other ? name : write(name, other);
  }).join(", ");
}
