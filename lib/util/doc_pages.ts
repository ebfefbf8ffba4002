/** The documentation, as commands show it and the admin listener serves it. */
import * as z from "zod/mini";

/** The pages of the documentation: their texts in Markdown by their names, e.g. `errors`. */
export type Pages = ReadonlyMap<string, string>;

/**
 * The file beside a compiled program that holds all pages; `release/bundle.ts` writes it, packed, for
 * all that is in an executable is in memory.
 */
export const PAGES_FILE = "pages.json.deflated";

const pagesFile = z.record(z.string(), z.string());

/**
 * Reads the pages of the documentation: those compiled into the executable, or those of the
 * sources.
 *
 * @returns The pages, in the order of their names; none when the program was compiled without them.
 */
export async function readPages(): Promise<Pages> {
  if (!Deno.build.standalone) return await readFolder(new URL("../../docs/", import.meta.url));
  try {
    const packed = await Deno.readFile(new URL(`./${PAGES_FILE}`, import.meta.url));
    const unpacked = new Blob([packed]).stream().pipeThrough(
      new DecompressionStream("deflate-raw"),
    );
    const text = await new Response(unpacked).text();
    return new Map(Object.entries(pagesFile.parse(JSON.parse(text))));
  } catch (error) {
    // Compiled by hand, without the task.
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
}

/**
 * Reads the pages of a folder.
 *
 * @param folder The folder of Markdown files.
 * @returns The pages, in the order of their names.
 */
export async function readFolder(folder: URL): Promise<Pages> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const pages = names.filter((name) => name.endsWith(".md")).toSorted();
  return new Map(
    await Promise.all(pages.map(async (name): Promise<[string, string]> => [
      name.slice(0, -".md".length),
      await Deno.readTextFile(new URL(name, folder)),
    ])),
  );
}
