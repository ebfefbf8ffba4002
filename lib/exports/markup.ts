/** Pieces of a page: markup in which text from outside is text, and the table of a list's items. */
import { type JsonNumber, textOfNumber } from "../util/json_text.ts";
import type { Language } from "../http/problem/problem.ts";
import { nextTurn } from "../util/waiting.ts";
import type { ExportedList } from "./exported_list.ts";
import type { PageTexts } from "./texts.ts";

const SPECIAL: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Controls have no place in HTML: parsers drop them or make errors of them. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/**
 * Escapes text from outside for HTML: for content and for quoted values of attributes.
 *
 * @param text Any text.
 * @returns The text without markup; what no page can hold is U+FFFD.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeHtml(`<b title="it's">&`), "&lt;b title=&quot;it&#39;s&quot;&gt;&amp;");
 * ```
 */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROL, "\uFFFD")
    .replace(/[&<>"']/g, (character) => SPECIAL[character] ?? "");
}

/** A piece of a page: text that is HTML already. */
export interface Markup {
  readonly html: string;
}

/** What can stand in a placeholder of {@linkcode markup}. */
export type MarkupValue = string | Markup | readonly Markup[];

/**
 * Writes a piece of a page. Plain text in a placeholder is escaped, so that nothing from outside
 * gets in as markup by being forgotten.
 *
 * @param parts The HTML around the placeholders.
 * @param values Texts, which are escaped, and pieces, which are not; several stand on a line each.
 * @returns The piece.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rows = ["a", "<b>"].map((text) => markup`<li>${text}</li>`);
 * assertEquals(markup`<ul>${rows}</ul>`.html, "<ul><li>a</li>\n<li>&lt;b&gt;</li></ul>");
 * ```
 */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return { html: parts.map((part, index) => part + written(values[index] ?? "")).join("") };
}

function written(value: MarkupValue): string {
  if (typeof value === "string") return escapeHtml(value);
  return "html" in value ? value.html : value.map((piece) => piece.html).join("\n");
}

type Item = ExportedList["items"][number];

/** Stands where a row would have no name. */
const NO_NAME = "–";
const ROWS_A_TURN = 200;

/**
 * Writes the table of a list's items. Its heading stands before it: a table of a role that is said
 * may hold rows alone.
 *
 * The roles are said twice because browsers forget them when a narrow screen shows the rows as
 * cards; each cell carries its column's name for the same reason.
 *
 * @param items The items.
 * @param language The language that numbers are written in.
 * @param texts The texts of that language.
 * @returns The table, or a sentence when there is nothing to put into it.
 */
export async function itemTable(
  items: readonly Item[],
  language: Language,
  texts: PageTexts,
): Promise<Markup> {
  const numbers = createNumberFormat(language);
  const count = numbers(items.length);
  const heading = markup`<h2 id="items">${texts.items} (${count})</h2>`;
  if (items.length === 0) {
    return markup`<section aria-labelledby="items">
${heading}
<p>${texts.noItems}</p>
</section>`;
  }
  return markup`<section aria-labelledby="items">
${heading}
<table role="table" aria-labelledby="items">
<thead role="rowgroup">
<tr role="row">
${columnHeader(texts.product)}
${columnHeader(texts.catalogNumber)}
${columnHeader(texts.nickname)}
${columnHeader(texts.quantity)}
${columnHeader(texts.notes)}
</tr>
</thead>
<tbody role="rowgroup">
${await rows(items, numbers, texts)}
</tbody>
</table>
</section>`;
}

function columnHeader(name: string): Markup {
  return markup`<th role="columnheader" scope="col">${name}</th>`;
}

/** Others get their turn between the rows of a long list. */
async function rows(
  items: readonly Item[],
  numbers: NumberFormat,
  texts: PageTexts,
): Promise<readonly Markup[]> {
  const written: Markup[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % ROWS_A_TURN === 0) await nextTurn();
    written.push(row(item, numbers, texts));
  }
  return written;
}

function row(item: Item, numbers: NumberFormat, texts: PageTexts): Markup {
  const { product, catalogNumber, nickname, quantity, notes } = item;
  const name = product || nickname || catalogNumber || NO_NAME;
  const number = quantity === null ? "" : numbers(quantity);
  return markup`<tr role="row">
<th role="rowheader" scope="row"><bdi>${name}</bdi></th>
${cell(texts.catalogNumber, isolated(catalogNumber))}
${cell(texts.nickname, isolated(nickname))}
${cell(texts.quantity, markup`${number}`)}
${cell(texts.notes, noteList(notes, texts))}
</tr>`;
}

/** An empty cell stays without any content, so that the style can hide it among cards. */
function cell(label: string, content: Markup): Markup {
  return markup`<td role="cell" data-label="${label}">${content}</td>`;
}

function noteList(notes: Item["notes"], { levels }: PageTexts): Markup {
  if (notes.length === 0) return markup``;
  return markup`<ul>${
    notes.map(({ level, text }) =>
      markup`<li class="${level}"><strong>${levels[level]}:</strong> <bdi>${text}</bdi></li>`
    )
  }</ul>`;
}

/** Keeps text of either direction from turning around what stands beside it. */
function isolated(text: string): Markup {
  return text === "" ? markup`` : markup`<bdi>${text}</bdi>`;
}

/** Writes a number for people. */
type NumberFormat = (value: JsonNumber) => string;

/** Makes what writes numbers; to make one for each would take longer than all the rest. */
function createNumberFormat(language: Language): NumberFormat {
  const formats = new Map<number, Intl.NumberFormat>();
  return (value) => {
    const text = textOfNumber(value);
    if (!isNumeric(text)) return text;
    // All its digits, and no more than `Intl` can write.
    const [, fraction = ""] = /^-?\d+\.(\d+)$/.exec(text) ?? [];
    const digits = Math.min(fraction.length, MOST_FRACTION_DIGITS);
    const format = formats.get(digits) ?? new Intl.NumberFormat(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: Math.max(digits, 20),
    });
    formats.set(digits, format);
    return format.format(text);
  };
}

const MOST_FRACTION_DIGITS = 100;

/** Whether `Intl` reads a text digit by digit, without a double in between. */
function isNumeric(text: string): text is Intl.StringNumericLiteral {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}
