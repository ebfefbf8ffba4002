import { assertEquals, assertGreater } from "@std/assert";
import { TEXT_ORDER, type Translated } from "../../../lib/console/texts/texts.ts";

const FOLDER = new URL("../../../lib/console/texts/", import.meta.url);

/** Every text of the console, by its table and name. */
async function readTexts(): Promise<ReadonlyMap<string, Translated>> {
  const texts = new Map<string, Translated>();
  for await (const { name } of Deno.readDir(FOLDER)) {
    const module: Readonly<Record<string, unknown>> = await import(new URL(name, FOLDER).href);
    for (const [table, content] of Object.entries(module)) {
      if (!table.endsWith("_TEXTS")) continue;
      for (const [key, text] of Object.entries(content as Record<string, Translated>)) {
        texts.set(`${table}.${key}`, text);
      }
    }
  }
  return texts;
}

function placeholdersOf(text: string): readonly string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted();
}

Deno.test("every text of the console stands in all five languages, and holds the same values in each", async () => {
  const texts = await readTexts();
  assertGreater(texts.size, 200);
  for (const [name, text] of texts) {
    assertEquals(text.length, TEXT_ORDER.length, name);
    const [english] = text;
    for (const [index, one] of text.entries()) {
      const place = `${name} in ${TEXT_ORDER[index]}`;
      assertEquals(placeholdersOf(one), placeholdersOf(english), place);
      // Both forms, or one that fits every number.
      const forms = one.split("|").length;
      assertEquals(forms, english.split("|").length, place);
      assertEquals(one, one.trim() === "" ? one : one.replace(/^ | $/g, (space) => space), place);
      if (english !== "") assertEquals(one.trim() === "", false, place);
    }
  }
});

Deno.test("no text of the console is the English one where another language has letters of its own", async () => {
  const hebrew = /[\u0590-\u05ff]/;
  const bare = [...await readTexts()].filter(([, text]) => {
    const words = text[4].replaceAll(/\{\w+\}|[^\p{L}]/gu, "").replace("Storehook", "");
    return words !== "" && !hebrew.test(text[4]);
  });
  assertEquals(bare.map(([name]) => name), []);
});
