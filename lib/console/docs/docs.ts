/** The pages of the documentation, as the console shows them. */
import { readPages } from "../../util/doc_pages.ts";
import { lazy } from "../../util/memory.ts";
import { nearestSetting } from "./places.ts";
import { type DocSection, renderDoc, type ShownDoc } from "./markdown.ts";
import { type FoundSection, searchDocs } from "./search.ts";

/** The list of all pages, with what a search found. */
export interface DocsList {
  readonly pages: readonly (readonly [name: string, title: string])[];
  readonly found: readonly FoundSection[];
}

const PATH = /^\/docs(?:\/([\w-]*))?$/;
const LONGEST_QUERY = 200;

/** They are part of the program, so they are read once. */
const readAll = lazy(async () => {
  const texts = await readPages();
  const sections: DocSection[] = [];
  const titles: [string, string][] = [];
  for (const [name, text] of texts) {
    const doc = renderDoc(name, text);
    sections.push(...doc.sections);
    titles.push([name, doc.title]);
  }
  return { texts, sections, titles };
});

/**
 * Tells whether a path is one of the documentation.
 *
 * @param pathname The path, below the console's own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["/docs", "/docs/errors", "/docs/a/b", "/doc"].map(isDocs), [true, true, false, false]);
 * ```
 */
export function isDocs(pathname: string): boolean {
  return PATH.test(pathname);
}

/**
 * Reads what is shown at a path of the documentation.
 *
 * @param at Where: `/docs`, perhaps with what is sought in `q`, or `/docs/NAME`, perhaps with a
 * `setting` that is told of there.
 * @param base What stands before the path of every link.
 * @returns The list, a page, or the place on it that is meant; `undefined` when there is none of the
 * name.
 */
export async function readDocs(
  at: Pick<URL, "pathname" | "searchParams">,
  base: string,
): Promise<DocsList | ShownDoc | { readonly place: string } | undefined> {
  const [, name = ""] = PATH.exec(at.pathname) ?? [];
  const { texts, sections, titles } = await readAll();
  if (name === "") {
    const query = (at.searchParams.get("q") ?? "").slice(0, LONGEST_QUERY);
    return { pages: titles, found: searchDocs(sections, query) };
  }
  const text = texts.get(name);
  if (text === undefined) return undefined;
  const doc = renderDoc(name, text, base);
  const setting = at.searchParams.get("setting");
  if (setting === null) return doc;
  const places = new Set([...doc.html.matchAll(/ id="([^"]*)"/g)].map(([, id = ""]) => id));
  const nearest = nearestSetting(setting.slice(0, LONGEST_QUERY), places);
  return { place: `/docs/${name}${nearest === "" ? "" : `#${nearest}`}` };
}
