/** What docs/architecture.md says of the tree, held against it. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join, relative, resolve } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

async function* modulesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* modulesBelow(path);
    else if (/\.tsx?$/.test(name) && !name.endsWith(".d.ts")) yield path;
  }
}

/** The text of each module, by default of the program, by its path from the root. */
async function readModules(rooms = ["lib", "handlers"]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const room of rooms) {
    for await (const path of modulesBelow(join(ROOT, room))) {
      texts.set(relative(ROOT, path).replaceAll("\\", "/"), await Deno.readTextFile(path));
    }
  }
  return texts;
}

/** The names that a module exports; those of an overload once. */
function exportsOf(text: string): ReadonlySet<string> {
  const declared =
    /^export (?:declare |abstract |async )*(?:function\*?|class|const|let|interface|type|enum) (\w+)/gm;
  return new Set([...text.matchAll(declared)].map(([, name = ""]) => name));
}

/** The modules that one imports for more than their types, or all of them. */
function importsOf(path: string, text: string, { types }: { types: boolean }): readonly string[] {
  const statements = /^(?:import|export) (?!type )[^"'`;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"/gm;
  const withTypes = /^(?:import|export) [^"'`;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"/gm;
  return [...text.matchAll(types ? withTypes : statements)].map(([, from, bare]) =>
    relative(ROOT, resolve(ROOT, path, "..", from ?? bare ?? "")).replaceAll("\\", "/")
  );
}

/** A circle of imports, from a module back to it; `undefined` when there is none. */
function findCircle(
  imports: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const done = new Set<string>();
  function walk(path: string, trail: readonly string[]): readonly string[] | undefined {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of imports.get(path) ?? []) {
      const circle = walk(next, [...trail, path]);
      if (circle !== undefined) return circle;
    }
    done.add(path);
    return undefined;
  }
  for (const path of imports.keys()) {
    const circle = walk(path, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

Deno.test("every name that lib and handlers export stands once in the tree", async () => {
  const places = new Map<string, string[]>();
  for (const [path, text] of await readModules()) {
    for (const name of exportsOf(text)) places.set(name, [...places.get(name) ?? [], path]);
  }
  assertEquals(places.size > 500, true);
  assertEquals([...places].filter(([, files]) => files.length > 1), []);
});

Deno.test("no module imports itself by way of others, but for types", async () => {
  const modules = await readModules();
  const imports = new Map(
    [...modules].map(([path, text]) => [path, importsOf(path, text, { types: false })]),
  );
  assertEquals([...imports.values()].flat().length > 500, true);
  assertEquals(findCircle(imports), undefined);
});

Deno.test("nothing in lib but the command line knows of handlers", async () => {
  const knowing = [...await readModules()].filter(([path, text]) =>
    path.startsWith("lib/") && !/^lib\/(?:cli|console)\//.test(path) &&
    importsOf(path, text, { types: true }).some((one) => one.startsWith("handlers/"))
  ).map(([path]) => path);
  assertEquals(knowing, []);
});

Deno.test("a file of lib, handlers or tests holds one thought: no more than 12 kB", async () => {
  const large = [...await readModules(["lib", "handlers", "tests"])].filter(([path, text]) =>
    text.length > 12_000 && !path.endsWith(".generated.ts")
  );
  assertEquals(large.map(([path]) => path), []);
});

/** Files that are smaller than a thought, and why they stand by themselves. */
const SMALL: Readonly<Record<string, string>> = {
  "lib/console/islands/page.ts": "what the browser loads with every page begins there",
  "lib/journal/sqlite/begin_thread.ts": "`serve` begins the thread by it before all else is loaded",
};
const SMALLEST_BYTES = 700;

Deno.test("a file of lib or handlers holds a thought of its own, and does not only pass on", async () => {
  const modules = await readModules();
  const small = [...modules].filter(([path, text]) =>
    text.length < SMALLEST_BYTES && SMALL[path] === undefined
  );
  assertEquals(small.map(([path]) => path), []);
  const passingOn = [...modules].filter(([, text]) => /^export (?:\*|\{[^}]*\}) from /m.test(text));
  assertEquals(passingOn.map(([path]) => path), []);
});

Deno.test("a folder of lib or handlers holds three entries or more, at most four levels deep", async () => {
  const entries = new Map<string, Set<string>>();
  const paths = [...(await readModules()).keys()];
  for (const path of paths) {
    const names = path.split("/");
    for (let level = 1; level < names.length; level++) {
      const folder = names.slice(0, level).join("/");
      const inside = entries.get(folder) ?? new Set();
      entries.set(folder, inside.add(names[level] ?? ""));
    }
  }
  const sparse = [...entries].filter(([, inside]) => inside.size < 3);
  assertEquals(sparse.map(([folder]) => folder), []);
  assertEquals(paths.filter((path) => path.split("/").length > 4), []);
});

/** How deep each room stands in the picture of docs/architecture.md; `main.ts` stands on top. */
async function readDepths(): Promise<ReadonlyMap<string, number>> {
  const page = await Deno.readTextFile(join(ROOT, "docs/architecture.md"));
  const [, picture = ""] = /^```\n(main\.ts\n[^`]*)```/m.exec(page) ?? [];
  const lines = picture.split("\n").filter((line) => /^\w/.test(line));
  return new Map(lines.flatMap((line, depth) => {
    const [names = ""] = line.split(" ..", 1);
    return names.replace("lib/", "").split(", ").map((name): [string, number] => [name, depth]);
  }));
}

/** The room in which a module stands. */
function roomOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "lib" ? second : first;
}

Deno.test("imports run downwards through the rooms of the picture, but for types", async () => {
  const depths = await readDepths();
  const all = await readModules();
  const modules = [...all].filter(([path]) =>
    path.split("/").length > 2 ||
    path.startsWith("handlers/")
  );
  const rooms = new Set(modules.map(([path]) => roomOf(path)));
  assertEquals([...rooms].filter((room) => !depths.has(room)), []);
  const upwards = modules.flatMap(([path, text]) =>
    importsOf(path, text, { types: false })
      .filter((other) => all.has(other))
      .filter((other) => (depths.get(roomOf(other)) ?? 0) < (depths.get(roomOf(path)) ?? 0))
      .map((other) => `${path} imports ${other}`)
  );
  assertEquals(upwards, []);
});

Deno.test("where tests share a program, whose output is read all along, each is declared as one", async () => {
  const others = [...await readModules(["tests"])].filter(([, text]) =>
    /^const test = shareProgram\(/m.test(text) && /^Deno\.test\("/m.test(text)
  );
  assertEquals(others.map(([path]) => path), []);
});
