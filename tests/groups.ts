/**
 * Which files of tests share an isolate in a whole run: each isolate loads and compiles anew what
 * its tests import, and most files test a part of the program within milliseconds.
 */
import { join } from "@std/path";
import { pathToFileURL } from "node:url";

/**
 * The rooms whose files may share one: they test functions. What listens, waits for the disk or
 * starts programs and browsers stays alone, so that no timer of one file ends within another.
 */
const SHARING =
  /^(?:docs|handlers|reference|lib\/(?:auth|cli\/(?!serve\/)|config|events|observe|openapi|rules|trials|util))\//;
/** What begins and ends with a file and not with a test: the file stays alone. */
const OF_A_FILE = /\bshareProgram\(|\bstartCluster\(|\bDeno\.test\.(?:before|after)All\(/;
/** So few that a long one keeps no other waiting. */
const MOST_TOGETHER = 8;

/** Lists the files of tests below a folder, in order, as paths with slashes from there. */
async function listTests(folder: string, below = ""): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(folder, below)));
  const found = await Promise.all(
    entries.toSorted((a, b) => a.name < b.name ? -1 : 1).map(({ name, isDirectory }) => {
      const path = `${below}${name}`;
      if (isDirectory) return listTests(folder, `${path}/`);
      return /_test\.tsx?$/.test(name) ? [path] : [];
    }),
  );
  return found.flat();
}

/**
 * Writes modules that each import some files of tests.
 *
 * @param tests The folder of all tests.
 * @param folder Where the modules go.
 * @returns What a whole run gives `deno test`: the modules, and the files that stay alone.
 */
export async function writeGroups(tests: string, folder: string): Promise<readonly string[]> {
  const alone: string[] = [];
  const rooms = new Map<string, string[]>();
  for (const path of await listTests(tests)) {
    const text = await Deno.readTextFile(join(tests, path));
    if (!SHARING.test(path) || OF_A_FILE.test(text)) {
      alone.push(join(tests, path));
      continue;
    }
    const room = path.split("/").slice(0, -1).join("_");
    rooms.set(room, [...rooms.get(room) ?? [], path]);
  }
  await Deno.mkdir(folder, { recursive: true });
  const groups: string[] = [];
  for (const [room, paths] of joinSmall(rooms)) {
    for (let first = 0; first < paths.length; first += MOST_TOGETHER) {
      const file = join(folder, `${room}_${first / MOST_TOGETHER + 1}_test.ts`);
      const imports = paths.slice(first, first + MOST_TOGETHER)
        .map((path) => `import ${JSON.stringify(pathToFileURL(join(tests, path)).href)};\n`);
      await Deno.writeTextFile(file, imports.join(""));
      groups.push(file);
    }
  }
  return [...groups, ...alone];
}

/** Puts rooms of few files together with those that come before them. */
function joinSmall(rooms: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string[]> {
  const joined = new Map<string, string[]>();
  let open: { readonly paths: string[] } | undefined;
  for (const [room, paths] of rooms) {
    if (open !== undefined && open.paths.length + paths.length <= MOST_TOGETHER) {
      open.paths.push(...paths);
      continue;
    }
    open = { paths: [...paths] };
    joined.set(room, open.paths);
  }
  return joined;
}
