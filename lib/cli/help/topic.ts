import { dim, setColorEnabled } from "@std/fmt/colors";
import { type Pages, readPages } from "../../util/doc_pages.ts";
import { nearest } from "../../util/words.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { renderMarkdown, wrap } from "./render.ts";

/**
 * Shows what the documentation says on a topic: `storehook help TOPIC`.
 *
 * @param topic The words that were given.
 * @param terminal Where it is shown.
 * @returns The exit code: 2 when there is nothing on the topic.
 */
export async function showTopic(topic: readonly string[], terminal: Terminal): Promise<number> {
  const pages = await readPages();
  const found = findTopic(pages, topic);
  if (found.sections === undefined) {
    const meant = found.nearest === undefined ? "" : `, did you mean "${found.nearest}"?`;
    const names = [...pages.keys()].filter((name) => name !== "README");
    terminal.err(
      `There is no command and no page on "${topic.join(" ")}"${meant}\n` +
        `${wrap(`Pages: ${names.join(", ")}`, "  ", "").join("\n")}\n` +
        "Any code of an error and any key of the config is a topic, too\n" +
        'The commands: "storehook --help"\n',
    );
    return 2;
  }
  setColorEnabled(terminal.colour);
  const shown = found.sections.map(({ page, text }) =>
    [
      ...renderMarkdown(text),
      "",
      dim(`From docs/${page}.md; the whole page: storehook help ${page}`),
    ]
      .join("\n")
  );
  terminal.out(`${shown.join("\n\n")}\n`);
  return 0;
}

/** What is there on a topic. */
type FoundTopic =
  | { readonly sections: readonly Section[] }
  /** Nothing; `nearest` is what was probably meant. */
  | { readonly sections?: undefined; readonly nearest: string | undefined };

/** The table of a setting's key, which the pages made of the schema have in their first column. */
const SETTING_ROW = /^\| *`([^`]+)` *\|/;

/**
 * Finds what the documentation says on a topic: the name of a page, the code of an error or any
 * other heading, a setting's key, in this order.
 *
 * @param pages The pages.
 * @param words What was asked for, e.g. `["signature_mismatch"]` or `["rotate", "a", "key"]`.
 * @returns The sections that answer, or the nearest topic.
 */
export function findTopic(pages: Pages, words: readonly string[]): FoundTopic {
  const topic = normalize(words.join(" "));
  const sections = [...pages].flatMap(([page, text]) => sectionsOf(page, text));
  const whole = sections.find(({ page, level }) => level === 1 && normalize(page) === topic);
  if (whole !== undefined) return { sections: [whole] };
  const headed = sections.filter(({ heading, level }) => level > 1 && normalize(heading) === topic);
  if (headed.length > 0) return { sections: headed };
  const rows = settingRows(pages, words.join("."));
  if (rows.length > 0) return { sections: rows };
  const begun = sections.filter(({ heading }) => ` ${normalize(heading)} `.includes(` ${topic} `));
  if (topic !== "" && begun.length > 0) return { sections: begun.slice(0, MOST_SECTIONS) };
  return { nearest: nearest(topic, [...pages.keys(), ...sections.map(({ heading }) => heading)]) };
}

/** A topic that stands in many headings is answered by the first of them. */
const MOST_SECTIONS = 3;

/** Case, signs of code and how words are joined do not count. */
function normalize(text: string): string {
  return text.toLowerCase().replaceAll(/[`'"]/g, "").replaceAll(/[\s_-]+/g, " ").trim();
}

/** The rows that describe a setting, by its whole key or the end of it. */
function settingRows(pages: Pages, key: string): readonly Section[] {
  const wanted = key.toLowerCase();
  return [...pages].flatMap(([page, text]) => {
    const lines = text.split("\n");
    return lines.flatMap((line, index) => {
      const name = SETTING_ROW.exec(line)?.[1];
      if (name === undefined) return [];
      const found = name.toLowerCase();
      if (found !== wanted && !found.endsWith(`.${wanted}`)) return [];
      const head = lines.slice(0, index).findLast((one, at) => isRule(lines[at + 1]) && one !== "");
      const rows = head === undefined ? [line] : [head, lines[lines.indexOf(head) + 1] ?? "", line];
      return [{ page, heading: name, level: 2, text: `## ${name}\n\n${rows.join("\n")}\n` }];
    });
  });
}

function isRule(line: string | undefined): boolean {
  return line !== undefined && /^\|[ :-]+\|/.test(line);
}

/** A part of a page under one heading. */
interface Section {
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
