import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { renderMarkdown } from "../../../../lib/cli/help/render.ts";
import { findTopic } from "../../../../lib/cli/help/topic.ts";
import { main } from "../../../../lib/cli/mod.ts";
import { PROBLEM_STATUSES } from "../../../../lib/http/problem/problem.ts";
import { readFolder } from "../../../../lib/util/doc_pages.ts";
import { fakeTerminal } from "../fake_terminal.ts";

const DOCS = new URL("../../../../docs/", import.meta.url);

async function help(...words: readonly string[]) {
  const terminal = fakeTerminal();
  const code = await main(["help", ...words], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

Deno.test("help shows the section of every code of an error", async () => {
  const pages = await readFolder(DOCS);
  for (const code of Object.keys(PROBLEM_STATUSES)) {
    const { sections = [] } = findTopic(pages, [code]);
    assertEquals(sections.map(({ page, heading }) => [page, heading]), [["errors", code]]);
  }
  const { code, out } = await help("signature_mismatch");
  assertEquals(code, 0);
  assertMatch(out, /^signature_mismatch\n\nStatus 401\.\n/);
});

Deno.test("help shows every page, in 80 columns but for code and long words", async () => {
  const pages = await readFolder(DOCS);
  for (const [name, text] of pages) {
    const { sections = [] } = findTopic(pages, [name]);
    assertEquals(sections[0]?.page, name);
    for (const line of renderMarkdown(text)) {
      const isCode = line.startsWith("    ");
      const isLongWord = !/\S +\S/.test(line);
      assertEquals(line.length <= 80 || isCode || isLongWord, true, `${name}: ${line}`);
    }
  }
});

Deno.test("help shows a setting by its key or the end of it", async () => {
  for (const key of ["server.maxBodyBytes", "maxBodyBytes", "MAXBODYBYTES"]) {
    const { code, out } = await help(key);
    assertEquals(code, 0, key);
    assertStringIncludes(out, "default: 6291456");
    assertStringIncludes(out, "From docs/configuration.md");
  }
});

Deno.test("help finds a heading by some of its words", async () => {
  const { code, out } = await help("rotate", "a", "key");
  assertEquals(code, 0);
  assertMatch(out, /^Rotate a key\n/);
});

Deno.test("help names the nearest topic, and all pages", async () => {
  const { code, out, err } = await help("ruls");
  assertEquals([code, out], [2, ""]);
  assertMatch(err, /^There is no command and no page on "ruls", did you mean "rules"\?\nPages: /);
  for (const line of err.split("\n")) assertEquals(line.length <= 80, true, line);
});

Deno.test("renderMarkdown() lays out what the pages are made of", () => {
  const text = `## A \`title\`

A **bold** word, a _slanted_ one, \`code\` and [a link](page.md#part)
that goes on.

1. one
   goes on
2. two

| key | default | meaning |
| --- | ------- | ------- |
| \`a\` | 1 \\| 2  | what it is |

\`\`\`sh
storehook check   # as it is
\`\`\`

    indented | code
`;
  assertEquals(renderMarkdown(text), [
    "A title",
    "",
    "A bold word, a slanted one, code and a link that goes on.",
    "",
    "1. one goes on",
    "2. two",
    "",
    "a",
    "    default: 1 | 2",
    "    meaning: what it is",
    "",
    "    storehook check   # as it is",
    "",
    "    indented | code",
  ]);
});

Deno.test("help reads the pages of the folder docs of the sources", async () => {
  const pages = await readFolder(DOCS);
  assertEquals(
    pages.get("errors"),
    await Deno.readTextFile(fromFileUrl(new URL("errors.md", DOCS))),
  );
});
