/** Files by patterns such as `tests/*.json`. */
import { basename, isAbsolute, join, resolve } from "@std/path";
import { nearest } from "../../util/words.ts";

/** Lists a folder; throws where that is not possible. */
export type ListFolder = (path: string) => Promise<readonly Deno.DirEntry[]>;

/** Files that a pattern names. */
export interface FoundFiles {
  /** Their paths, absolute, in the order of their names. */
  readonly files: readonly string[];
  /** Why there are none, or not all, for a sentence that begins with the pattern. */
  readonly trouble?: string;
  /** What to write, where that can be told. */
  readonly hint?: string;
}

/** More is looked through for nobody: somebody wrote `/**`. */
const MOST_FOLDERS = 1000;
const MOST_FILES = 1000;

/**
 * Tells whether a pattern is one, and not the name of a file.
 *
 * @param pattern The pattern.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["tests/*.json", "a.{json,jsonc}", "a.json"].map(isPattern), [true, true, false]);
 * ```
 */
export function isPattern(pattern: string): boolean {
  return /[*?{]/.test(pattern);
}

/**
 * Finds the files that a pattern names: `*` and `?` stand for letters within a name, `{a,b}` for one
 * of several, and `**` for any folders. What begins with a point is found by its name alone.
 *
 * @param pattern The pattern; either slash parts folders.
 * @param folder Where a relative one starts.
 * @param list Lists a folder.
 * @returns The files, or why there are none.
 */
export async function findByPattern(
  pattern: string,
  folder: string,
  list: ListFolder,
): Promise<FoundFiles> {
  const path = pattern.replaceAll("\\", "/");
  if (!isPattern(path)) return { files: [resolve(folder, path)] };
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  const first = steps.findIndex(isPattern);
  const root = resolve(folder, `${isAbsolute(path) ? "/" : ""}${steps.slice(0, first).join("/")}`);
  const search = { list, found: new Set<string>(), folders: 0, near: new Set<string>() };
  try {
    await walk(root, steps.slice(first), search);
  } catch (error) {
    if (error instanceof RangeError) return { files: [], trouble: error.message, hint: NARROWER };
    const reason = error instanceof Deno.errors.NotFound
      ? `there is no folder ${JSON.stringify(root)}`
      : `the folder ${JSON.stringify(root)} cannot be listed`;
    return { files: [], trouble: reason };
  }
  const files = [...search.found].toSorted();
  if (files.length > 0) return { files };
  const near = nearest(basename(path), [...search.near]);
  return {
    files,
    trouble: "it matches no file",
    ...(near !== undefined && { hint: `There is ${JSON.stringify(near)}` }),
  };
}

const NARROWER = "Name the folder of the tests: tests/*.json";

/** What is being looked for. */
interface Search {
  readonly list: ListFolder;
  readonly found: Set<string>;
  /** The names that were looked at in vain, for a hint. */
  readonly near: Set<string>;
  folders: number;
}

async function walk(folder: string, steps: readonly string[], search: Search): Promise<void> {
  if (++search.folders > MOST_FOLDERS) {
    throw new RangeError(`it looks through more than ${MOST_FOLDERS} folders`);
  }
  const [step = "", ...rest] = steps;
  const entries = await search.list(folder);
  if (step === "**") {
    // Of none between, too.
    if (rest.length > 0) await walk(folder, rest, search);
    for (const { name, isDirectory } of entries) {
      // No link is followed: it may lead back.
      if (isDirectory && !name.startsWith(".")) await walk(join(folder, name), steps, search);
      else if (rest.length === 0 && !isDirectory && !name.startsWith(".")) {
        note(join(folder, name), search);
      }
    }
    return;
  }
  const fits = expressionOf(step);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const isHidden = entry.name.startsWith(".") && !step.startsWith(".");
    if (isHidden || !fits.test(entry.name)) {
      if (rest.length === 0 && search.near.size < MOST_FILES) search.near.add(entry.name);
      continue;
    }
    const isFolder = entry.isDirectory || (entry.isSymlink && await leadsToFolder(path));
    if (rest.length > 0 && isFolder) await walk(path, rest, search);
    else if (rest.length === 0 && !isFolder) note(path, search);
  }
}

function note(path: string, { found }: Search): void {
  found.add(path);
  if (found.size > MOST_FILES) throw new RangeError(`it matches more than ${MOST_FILES} files`);
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

/** Stars that follow each other are one: else a name could be taken apart in very many ways. */
function expressionOf(step: string): RegExp {
  const source = step.replaceAll(/\*+/g, "*").replaceAll(
    /[*?]|\{([^{}]*)\}|[\\^$.|+()[\]{}]/g,
    (sign, choices: string | undefined) => {
      if (sign === "*") return ".*?";
      if (sign === "?") return ".";
      if (choices === undefined) return `\\${sign}`;
      return `(?:${choices.split(",").map((one) => RegExp.escape(one)).join("|")})`;
    },
  );
  return new RegExp(`^${source}$`, Deno.build.os === "windows" ? "isu" : "su");
}
