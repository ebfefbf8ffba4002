import * as z from "zod/mini";

/** The pages of the documentation: their texts in Markdown by their names, e.g. `errors`. */
export type Pages = ReadonlyMap<string, string>;

/** The file beside a compiled program that holds all pages; `release/bundle.ts` writes it. */
export const PAGES_FILE = "pages.json";

const pagesFile = z.record(z.string(), z.string());

/**
 * Reads the pages of the documentation: those compiled into the executable, or those of the
 * sources.
 *
 * @returns The pages, in the order of their names; none when the program was compiled without them.
 */
export async function readPages(): Promise<Pages> {
  if (!Deno.build.standalone) return await readFolder(new URL("../../../docs/", import.meta.url));
  try {
    const text = await Deno.readTextFile(new URL(`./${PAGES_FILE}`, import.meta.url));
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

/** A part of a page under one heading. */
export interface Section {
  readonly page: string;
  /** The heading without its signs; the page's title for what stands before the second one. */
  readonly heading: string;
  /** How many signs the heading has. */
  readonly level: number;
  /** The heading and what stands below it, with the sections within. */
  readonly text: string;
}

/**
 * Takes a page apart.
 *
 * @param page Its name.
 * @param text Its Markdown.
 * @returns Its sections, each with those within it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sectionsOf } from "./pages.ts";
 *
 * const sections = sectionsOf("errors", "# Errors\n\nAll.\n\n## not_json\n\nStatus 400.\n");
 * assertEquals(sections.map(({ heading, level }) => [heading, level]), [["Errors", 1], ["not_json", 2]]);
 * assertEquals(sections[1]?.text, "## not_json\n\nStatus 400.\n");
 * ```
 */
export function sectionsOf(page: string, text: string): readonly Section[] {
  const lines = text.split("\n");
  let isCode = false;
  const heads = lines.flatMap((line, index) => {
    if (line.startsWith("```")) isCode = !isCode;
    const [, signs, heading] = isCode ? [] : /^(#{1,6}) (.+)$/.exec(line) ?? [];
    return signs === undefined || heading === undefined
      ? []
      : [{ index, level: signs.length, heading }];
  });
  return heads.map(({ index, level, heading }, position) => {
    const end = heads.slice(position + 1).find((next) => next.level <= level)?.index;
    return { page, heading, level, text: lines.slice(index, end).join("\n").trimEnd() + "\n" };
  });
}
