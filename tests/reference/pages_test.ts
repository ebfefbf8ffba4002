import { assertEquals, assertThrows } from "@std/assert";
import { handlers } from "../../handlers/mod.ts";
import { configurationReference } from "../../reference/configuration.ts";
import { replacePart, writtenPages } from "../../reference/pages.ts";

for (const { path, rewrite } of writtenPages) {
  Deno.test(`${path} is what "deno task docs" writes`, async () => {
    const page = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
    assertEquals(page, await rewrite(page));
  });
}

Deno.test("configurationReference() describes every key", () => {
  const rows = configurationReference(handlers).split("\n").filter((line) => line.startsWith("|"));
  assertEquals(rows.filter((row) => / \| +\|$/.test(row)), []);
});

Deno.test("configurationReference() has a section for every kind", () => {
  const headings = configurationReference(handlers).match(/^#### .+$/gm);
  assertEquals(headings, handlers.map(({ kind, summary }) => `#### \`${kind}\`: ${summary}`));
});

const PAGE = "a\n\n<!-- begin: x -->\n\nold\n\n<!-- end: x -->\n\nb\n";

Deno.test("replacePart() leaves what stands around the markers", () => {
  const written = replacePart(PAGE, "x", "new");
  assertEquals(written, "a\n\n<!-- begin: x -->\n\nnew\n\n<!-- end: x -->\n\nb\n");
  assertEquals(replacePart(written, "x", "new"), written);
});

Deno.test("replacePart() refuses a page without both markers once, in order", () => {
  const swapped = "<!-- end: x --> <!-- begin: x -->";
  for (const page of ["", "<!-- begin: x -->", swapped, PAGE + PAGE, `${PAGE}<!-- end: x -->`]) {
    assertThrows(() => replacePart(page, "x", "new"), RangeError, 'Cannot write the part "x"');
  }
});
