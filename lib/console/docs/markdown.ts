import { Marked, type Tokens } from "marked";
import { escapeHtml } from "../../exports/markup.ts";

/** A heading of a page, and what stands below it until the next. */
export interface DocSection {
  /** The page's name, e.g. `errors`. */
  readonly page: string;
  /** Where it stands on the page; empty for what stands before the first heading but one. */
  readonly anchor: string;
  readonly title: string;
  /** 1 to 6. */
  readonly level: number;
  /** Its text without marks. */
  readonly text: string;
}

/** A page of the documentation, to be shown. */
export interface ShownDoc {
  readonly title: string;
  readonly html: string;
  readonly sections: readonly DocSection[];
}

/**
 * Makes the anchor of a heading, as GitHub does.
 *
 * @param heading The heading's text.
 * @param taken The anchors of the page so far; the new one is added.
 * @returns The anchor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const taken = new Set<string>();
 * assertEquals(anchorOf("What `waits`?", taken), "what-waits");
 * assertEquals(anchorOf("What waits", taken), "what-waits-1");
 * ```
 */
export function anchorOf(heading: string, taken: Set<string>): string {
  const anchor = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
  let unique = anchor;
  for (let count = 1; taken.has(unique); count++) unique = `${anchor}-${count}`;
  taken.add(unique);
  return unique;
}

/** What a page of Markdown may hold of HTML; all else is text. */
const HARMLESS = /^<\/?(?:code|br|kbd|sub|sup)>$/;
const COMMENT = /^\s*<!--[\s\S]*?-->\s*$/;
/** The first cell of a row that tells of a setting or a field. */
const NAMED_ROW = /^`([^`]+)`$/;

/**
 * Turns a page of Markdown into HTML. What it holds of HTML is shown as text, and links lead to the
 * pages of the console.
 *
 * @param page The page's name.
 * @param markdown Its text.
 * @param base What stands before the path of every link.
 * @returns The page. Rows of tables that tell of a setting or a field have its name as their anchor.
 */
export function renderDoc(page: string, markdown: string, base = ""): ShownDoc {
  const anchors = new Set<string>();
  const sections: { page: string; anchor: string; title: string; level: number; text: string }[] =
    [];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading): string {
        const anchor = anchorOf(text, anchors);
        const content = this.parser.parseInline(tokens);
        return `<h${depth} id="${escapeHtml(anchor)}"><a href="#${
          escapeHtml(anchor)
        }">${content}</a></h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const content = this.parser.parseInline(tokens);
        const { to, isOutside } = resolved(href);
        const rel = isOutside ? ' rel="noreferrer noopener"' : "";
        return to === undefined
          ? content
          : `<a href="${
            escapeHtml(to.startsWith("/") ? `${base}${to}` : to)
          }"${rel}>${content}</a>`;
      },
      // Pictures are of the console itself, or in the repository alone.
      image: () => "",
      html({ text }: Tokens.HTML | Tokens.Tag): string {
        if (HARMLESS.test(text)) return text;
        return COMMENT.test(text) ? "" : escapeHtml(text);
      },
      code({ text }: Tokens.Code): string {
        return `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`;
      },
      table({ header, rows }: Tokens.Table): string {
        const cells = (cell: Tokens.TableCell) => this.parser.parseInline(cell.tokens);
        const head = header.map((cell) =>
          cell.text.trim() === "" ? "<td></td>" : `<th scope="col">${cells(cell)}</th>`
        );
        const body = rows.map((row) => {
          const [, name] = NAMED_ROW.exec(row[0]?.text.trim() ?? "") ?? [];
          const isNew = name !== undefined && !anchors.has(name) && !/\s/.test(name);
          if (isNew) anchors.add(name);
          const id = isNew ? ` id="${escapeHtml(name)}"` : "";
          return `<tr${id}>${row.map((cell) => `<td>${cells(cell)}</td>`).join("")}</tr>`;
        });
        return `<div class="scroll"><table><thead><tr>${head.join("")}</tr></thead>` +
          `<tbody>${body.join("")}</tbody></table></div>\n`;
      },
    },
  });
  const tokens = marked.lexer(markdown);
  const taken = new Set<string>();
  for (const token of tokens) {
    if (token.type === "heading") {
      const { text, depth } = token;
      if (typeof text !== "string" || typeof depth !== "number") continue;
      const title = text.replaceAll("`", "");
      sections.push({ page, anchor: anchorOf(text, taken), title, level: depth, text: "" });
    } else {
      const last = sections.at(-1);
      if (last !== undefined) last.text += `${plainText(token.raw)} `;
    }
  }
  return { title: sections[0]?.title ?? page, html: marked.parser(tokens), sections };
}

/** Where a link of a page leads: another page, a place on this one, or outside. */
function resolved(href: string): { readonly to: string | undefined; readonly isOutside: boolean } {
  if (/^https?:\/\//i.test(href)) return { to: href, isOutside: true };
  if (href.startsWith("#")) return { to: href, isOutside: false };
  const [, name, place = ""] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  // What stands in the repository alone is not in a program.
  return { to: name === undefined ? undefined : `/docs/${name}${place}`, isOutside: false };
}

/** The words of Markdown without its marks, to be searched. */
function plainText(markdown: string): string {
  return markdown
    .replaceAll(/<!--[\s\S]*?-->/g, " ")
    .replaceAll(/\]\([^)]*\)/g, "] ")
    .replaceAll(/\|[-: |]+\|/g, " ")
    .replaceAll(/[`*[\]|>]/g, " ")
    .replaceAll(/&#124;/g, "|")
    .replaceAll(/\s+/g, " ")
    .trim();
}
