import { assertEquals, assertNotMatch } from "@std/assert";
import fc from "fast-check";
import { escapeHtml, markup } from "../../../lib/exports/markup.ts";

/** What a browser makes of the references that `escapeHtml()` writes. */
function unescape(html: string): string {
  const characters: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? "");
}

const anyText = fc.string({ unit: "binary", maxLength: 40 });

Deno.test("escapeHtml() leaves nothing that could be markup, and loses nothing", () => {
  fc.assert(fc.property(anyText, (text) => {
    const escaped = escapeHtml(text);
    assertNotMatch(escaped, /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
    assertNotMatch(escaped, /[^\P{Cc}\t\n\r]/u);
    assertEquals(
      unescape(escaped),
      text.toWellFormed().replace(/[^\P{Cc}\t\n\r]/gu, "\uFFFD"),
    );
  }));
});

Deno.test("escapeHtml() marks what no page can hold", () => {
  assertEquals(escapeHtml("a\0b\x1B\x7F\x85\uD800\t\n"), "a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD\t\n");
});

Deno.test("markup() escapes texts, and pieces only once", () => {
  const piece = markup`<i title="${`"&'`}">${"<b>"}</i>`;
  assertEquals(piece.html, '<i title="&quot;&amp;&#39;">&lt;b&gt;</i>');
  assertEquals(markup`<p>${piece}${[]}${""}</p>`.html, `<p>${piece.html}</p>`);
  assertEquals(markup`<p>${[piece, piece]}</p>`.html, `<p>${piece.html}\n${piece.html}</p>`);
});
