import type { DocSection } from "./markdown.ts";

/** A section that fits what was sought. */
export interface FoundSection extends Pick<DocSection, "page" | "anchor" | "title"> {
  /** What stands around the first of the words, cut out of the text. */
  readonly around: readonly SnippetPart[];
}

/** A part of a text; what was sought is marked. */
export interface SnippetPart {
  readonly text: string;
  readonly isHit: boolean;
}

/** So many are shown. */
const MOST_FOUND = 30;
/** So much stands around what was found. */
const AROUND = 90;

/**
 * Searches the documentation.
 *
 * @param sections All sections.
 * @param query Words; a section that has them all is found.
 * @returns The best first: those whose heading is what was sought, then those whose heading has it,
 * then those that say it often.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const section = { page: "errors", anchor: "not_json", title: "not_json", level: 2, text: "Status 400." };
 * assertEquals(searchDocs([section], "NOT_JSON").map(({ anchor }) => anchor), ["not_json"]);
 * assertEquals(searchDocs([section], "other"), []);
 * ```
 */
export function searchDocs(
  sections: readonly DocSection[],
  query: string,
): readonly FoundSection[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "").slice(0, 8);
  if (words.length === 0) return [];
  return sections
    .map((section) => ({ section, score: scoreOf(section, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST_FOUND)
    .map(({ section: { page, anchor, title, text } }) => ({
      page,
      anchor,
      title,
      around: snippetOf(text, words),
    }));
}

function scoreOf({ title, text, level }: DocSection, words: readonly string[]): number {
  const head = title.toLowerCase();
  const body = text.toLowerCase();
  if (!words.every((word) => head.includes(word) || body.includes(word))) return 0;
  const whole = words.join(" ");
  const inHead = head === whole ? 100 : words.filter((word) => head.includes(word)).length * 20;
  const often = words.reduce((sum, word) => sum + Math.min(5, body.split(word).length - 1), 0);
  return 1 + inHead + often + (body.includes(whole) ? 5 : 0) - level;
}

function snippetOf(text: string, words: readonly string[]): readonly SnippetPart[] {
  const body = text.toLowerCase();
  const places = words.map((word) => body.indexOf(word)).filter((place) => place >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const from = Math.max(0, first - AROUND);
  const until = first + 2 * AROUND;
  // Words are not cut through.
  const begun = from === 0 ? text.slice(0, until) : text.slice(from, until).replace(/^\S*\s/, "");
  const cut = until < text.length ? `${begun.replace(/\s\S*$/, "")} …` : begun;
  const pattern = new RegExp(words.map((word) => RegExp.escape(word)).join("|"), "gi");
  const parts: SnippetPart[] = from > 0 ? [{ text: "… ", isHit: false }] : [];
  let end = 0;
  for (const { index, 0: hit } of cut.matchAll(pattern)) {
    parts.push({ text: cut.slice(end, index), isHit: false }, { text: hit, isHit: true });
    end = index + hit.length;
  }
  return [...parts, { text: cut.slice(end), isHit: false }].filter((part) => part.text !== "");
}
