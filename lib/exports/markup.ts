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
