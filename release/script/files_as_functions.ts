/** Files of a bundle in three kinds: those of one script, those of their own, and those that stay. */
export interface ScriptedBundle {
  /** A script whose value is a function for each of its files, by the file's name. */
  readonly script: string;
  /** By the name of each file that is loaded later a script whose value is its function. */
  readonly later: ReadonlyMap<string, string>;
  /** The text of each file that stays, by its name; it takes what it needs from the scripts. */
  readonly modules: ReadonlyMap<string, string>;
}

/**
 * Turns the files of a split bundle that hold some modules, and all that these import, into
 * functions of one script: of a script, unlike of modules, a program can keep what the engine
 * compiled. What is loaded later becomes a function of a script of its own.
 *
 * A function gets what it imports when it is called, and gives what it exports: so no file may stand
 * in a circle, or change later what it exports. `release/script/loader.ts` calls them.
 *
 * @param files The text of each file of the bundle by its name.
 * @param first The modules, named as in the comments of the bundle.
 * @param names The file that is loaded first, which stays, the one that calls the functions, and
 * whether another stays.
 * @returns The scripts, and the files that stay.
 * @throws {SyntaxError} When a file has a form that is not known, or needs one that stays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { filesAsFunctions } from "./files_as_functions.ts";
 *
 * const files = new Map([
 *   ["main.js", 'import {\n  a\n} from "./chunk_1.js";\na(() => import("./chunk_1.js"));\n'],
 *   ["chunk_1.js", "// lib/a.ts\nvar a = 1;\nexport {\n  a as b\n};\n"],
 *   ["show_2.js", 'import {\n  b\n} from "./chunk_1.js";\nb();\n'],
 * ]);
 * const names = { entry: "main.js", loader: "loader.js", stays: () => false };
 * assertEquals(filesAsFunctions(files, ["lib/a.ts"], names), {
 *   script: '"use strict"; ({\n"chunk_1.js"(need__, load__, meta__, builtin__) {\n' +
 *     "// lib/a.ts\nvar a = 1;\nreturn { b: a };\n\n},\n})\n",
 *   later: new Map([["show_2.js", '"use strict"; (function (need__, load__, meta__, builtin__) {\n' +
 *     'const { b } = need__("chunk_1.js");\n\nb();\n\n})\n']]),
 *   modules: new Map([["main.js", 'import { need__, load__ } from "./loader.js";\n' +
 *     'const { a } = need__("chunk_1.js");\n\na(() => load__("chunk_1.js"));\n']]),
 * });
 * ```
 */
export function filesAsFunctions(
  files: ReadonlyMap<string, string>,
  first: readonly string[],
  { entry, loader, stays }: {
    readonly entry: string;
    readonly loader: string;
    readonly stays: (name: string) => boolean;
  },
): ScriptedBundle {
  const scripted = closureOf(files, first, entry);
  const isModule = (name: string) => name === entry || stays(name);
  const isFunction = (name: string) => files.has(name) && !isModule(name);
  const functionOf = (name: string, text: string) => {
    const kept = importsOf(text).find((from) => !isFunction(from));
    if (kept !== undefined) {
      throw new SyntaxError(`Cannot make a function of ${name}: ${kept} stays`);
    }
    return `(need__, load__, meta__, builtin__) {\n${asFunction(name, text, files)}\n}`;
  };
  const functions = [...scripted].toSorted().map((name) =>
    `${JSON.stringify(name)}${functionOf(name, files.get(name) ?? "")},\n`
  );
  const others = [...files].filter(([name]) => !scripted.has(name));
  return {
    script: `"use strict"; ({\n${functions.join("")}})\n`,
    later: new Map(
      others.filter(([name]) => isFunction(name)).map(([name, text]) =>
        [name, `"use strict"; (function ${functionOf(name, text)})\n`] as const
      ),
    ),
    modules: new Map(
      others.filter(([name]) => isModule(name)).map(([name, text]) =>
        [name, asModule(text, isFunction, loader)] as const
      ),
    ),
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
  const handingOn = [...files].filter(([, text]) =>
    isHandingOn(text) && importsOf(text).every((from) => found.has(from))
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

function asModule(text: string, isFunction: (name: string) => boolean, loader: string): string {
  const imports: string[] = [];
  const body = text
    .replaceAll(IMPORT, (found, names: string, from: string) => {
      if (!isFunction(from.replace("./", ""))) return found;
      imports.push(
        `const { ${renamed(names, (own, other) => `${own}: ${other}`)} } = ${need(from)};`,
      );
      return "";
    })
    .replaceAll(IMPORT_ALONE, (found, from: string) => {
      if (!isFunction(from)) return found;
      imports.push(`${need(from)};`);
      return "";
    })
    .replaceAll(
      IMPORT_LATER,
      (found, from: string) => isFunction(from) ? `load__(${JSON.stringify(from)})` : found,
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
