import { assertEquals } from "@std/assert";
import { handlers } from "../../handlers/mod.ts";
import { configurationReference } from "../../reference/configuration.ts";
import { writtenPages } from "../../reference/pages.ts";

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
