import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { escapeHtml } from "../../../lib/exports/markup.ts";
import { type ExportedList, readExport } from "../../../lib/exports/exported_list.ts";
import { exportPage, pagePolicy } from "../../../lib/exports/page.ts";
import { PAGE_TEXTS } from "../../../lib/exports/texts.ts";
import { LANGUAGES } from "../../../lib/http/problem/problem_answer.ts";
import { HOSTILE, LIST, storedExport, TOKEN } from "./sample.ts";

async function pageOf(version: number, list: object = LIST): Promise<string> {
  return await exportPage(readExport(storedExport(version, list)), "en", "UTC");
}

/** A list that says the same text everywhere. */
function listOf(text: string): ExportedList {
  const notes = [{ level: "error" as const, text }];
  const item = { id: text, product: text, catalogNumber: text, nickname: text, quantity: 1, notes };
  return { store: text, listId: text, externalId: text, modified: text, items: [item] };
}

/** The page's markup with everything that stands between the tags and in values left out. */
function skeleton(html: string): readonly string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
}

Deno.test("exportPage() shows the list", async () => {
  const page = await pageOf(3);
  for (
    const piece of [
      '<html lang="en" dir="ltr">',
      "<title>Exported list – Print &amp; More</title>",
      "<p>Version 3, the newest one</p>",
      "<dt>Store</dt><dd><bdi>Print &amp; More</bdi></dd>",
      "<dt>List</dt><dd><bdi>L-1</bdi></dd>",
      "<dt>External ID</dt><dd><bdi>EXT-7</bdi></dd>",
      '<dt>Saved</dt><dd><time datetime="2026-03-09T08:05:00.000Z">March 9, 2026',
      '<h2 id="items">Items (3)</h2>\n<table role="table" aria-labelledby="items">\n<thead',
      '<th role="rowheader" scope="row"><bdi>Business card</bdi></th>',
      '<td role="cell" data-label="Catalog number"><bdi>BC-001</bdi></td>',
      '<td role="cell" data-label="Nickname"><bdi>Müller’s cards</bdi></td>',
      '<td role="cell" data-label="Quantity">1,250</td>',
      '<td role="cell" data-label="Notes"></td>',
      '<li class="error"><strong>Error:</strong> <bdi>Not available</bdi></li>',
      '<th role="rowheader" scope="row"><bdi>–</bdi></th>',
      '<td role="cell" data-label="Quantity"></td>',
      `<a href="${TOKEN}.csv?version=3" type="text/csv">`,
      `<a href="${TOKEN}.json?version=3" type="application/json">`,
      `<li><a href="${TOKEN}?version=1">Version 1</a>, <time datetime="2025-12-31T23:59:00.000Z">`,
    ]
  ) assertStringIncludes(page, piece);
  assertNotMatch(
    page,
    /<script|<link|<img|<iframe|\sstyle=|\son\w+=|(?:src|href)="[^"]*\/\/|url\(|@import/,
  );
});

Deno.test("exportPage() says that a version is an earlier one, and leads to the newest", async () => {
  const page = await pageOf(1);
  assertStringIncludes(
    page,
    `<p class="notice">Version 1, an earlier one. The newest is version 3.\n<a href="${TOKEN}">`,
  );
  assertStringIncludes(page, `<a href="${TOKEN}?version=3">Version 3</a>`);
  assertStringIncludes(page, `${TOKEN}.csv?version=1"`);
});

Deno.test("exportPage() says that a list is empty, and leaves out what is not known", async () => {
  const page = await pageOf(3, {
    store: "",
    listId: "L-1",
    externalId: "E",
    modified: "",
    items: [],
  });
  assertStringIncludes(page, "<title>Exported list</title>");
  assertStringIncludes(page, "<p>This list has no items.</p>");
  assertNotMatch(page, /<table|<dt>Store|<dt>Last changed|<bdi><\/bdi>/);
});

Deno.test("exportPage() is written in every language, in its direction", async () => {
  for (const language of LANGUAGES) {
    const texts = PAGE_TEXTS[language];
    const page = await exportPage(readExport(storedExport(1)), language, "UTC");
    const direction = language === "he" ? "rtl" : "ltr";
    assertStringIncludes(page, `<html lang="${language}" dir="${direction}">`);
    assertStringIncludes(page, `<h1>${texts.title}</h1>`);
    assertNotMatch(page.replace(/<style>[^<]*/, ""), /[{}]|undefined|NaN/);
    assertEquals(new Set(Object.values(texts).map(String)).size, Object.keys(texts).length);
  }
});

Deno.test("exportPage() shows hostile text as text", async () => {
  const plain = skeleton(await pageOf(3, listOf("plain")));
  for (const text of HOSTILE) {
    const page = await pageOf(3, listOf(text));
    assertEquals(skeleton(page), plain);
    assertEquals(page.split(escapeHtml(text)).length - 1, 9, text);
  }
  const anyText = fc.string({ unit: "binary", minLength: 1 });
  await fc.assert(fc.asyncProperty(anyText, async (text) => {
    assertEquals(skeleton(await pageOf(3, listOf(text))), plain);
  }));
});

Deno.test("pagePolicy() allows the style of the page and nothing else", async () => {
  const [, style] = /<style>([^]*)<\/style>/.exec(await pageOf(3)) ?? [];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style ?? ""));
  assertEquals(
    pagePolicy(),
    `default-src 'none'; style-src 'sha256-${
      new Uint8Array(digest).toBase64()
    }'; base-uri 'none'; ` +
      "form-action 'none'; frame-ancestors 'none'",
  );
});
