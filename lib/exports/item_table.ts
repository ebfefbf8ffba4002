import { type JsonNumber, textOfNumber } from "../exact_json.ts";
import type { Language } from "../http/problem/messages/messages.ts";
import { type Markup, markup } from "./escape.ts";
import type { ExportedList } from "./exported_list.ts";
import type { PageTexts } from "./texts.ts";

type Item = ExportedList["items"][number];

/** Stands where a row would have no name. */
const NO_NAME = "–";

/**
 * Writes the table of a list's items.
 *
 * The roles are said twice because browsers forget them when a narrow screen shows the rows as
 * cards; each cell carries its column's name for the same reason.
 *
 * @param items The items.
 * @param language The language that numbers are written in.
 * @param texts The texts of that language.
 * @returns The table, or a sentence when there is nothing to put into it.
 */
export function itemTable(items: readonly Item[], language: Language, texts: PageTexts): Markup {
  const count = formatNumber(items.length, language);
  const heading = markup`<h2 id="items">${texts.items} (${count})</h2>`;
  if (items.length === 0) {
    return markup`<section aria-labelledby="items">
${heading}
<p>${texts.noItems}</p>
</section>`;
  }
  return markup`<section aria-labelledby="items">
<table role="table">
<caption>${heading}</caption>
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
${items.map((item) => row(item, language, texts))}
</tbody>
</table>
</section>`;
}

function columnHeader(name: string): Markup {
  return markup`<th role="columnheader" scope="col">${name}</th>`;
}

function row(item: Item, language: Language, texts: PageTexts): Markup {
  const { product, catalogNumber, nickname, quantity, notes } = item;
  const name = product || nickname || catalogNumber || NO_NAME;
  const number = quantity === null ? "" : formatNumber(quantity, language);
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

function formatNumber(value: JsonNumber, language: Language): string {
  const text = textOfNumber(value);
  // All its digits, and no more than `Intl` can write.
  const [, fraction = ""] = /^-?\d+\.(\d+)$/.exec(text) ?? [];
  const digits = Math.min(fraction.length, MOST_FRACTION_DIGITS);
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: Math.max(digits, 20),
  });
  return isNumeric(text) ? format.format(text) : text;
}

const MOST_FRACTION_DIGITS = 100;

/** Whether `Intl` reads a text digit by digit, without a double in between. */
function isNumeric(text: string): text is Intl.StringNumericLiteral {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}
