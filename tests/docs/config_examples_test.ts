import { assert, assertEquals } from "@std/assert";
import { handlers } from "../../handlers/mod.ts";
import { loadConfig } from "../../lib/config/load.ts";

const PAGES = [
  "README.md",
  "docs/order_approval.md",
  "docs/manufacturer.md",
  "docs/cart_export.md",
];

/** Every fenced block of JSON with comments. */
function blocksOf(page: string): readonly string[] {
  const text = Deno.readTextFileSync(new URL(`../../${page}`, import.meta.url));
  return [...text.matchAll(/```jsonc\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
}

/** A page shows a whole config or one endpoint of it. */
function asConfig(block: string): string {
  return block.includes('"endpoints"') ? block : `{ "endpoints": [${block}] }`;
}

for (const page of PAGES) {
  Deno.test(`${page} shows configs without a mistake`, async () => {
    const blocks = blocksOf(page);
    assert(blocks.length > 0);
    for (const block of blocks) {
      const file = await Deno.makeTempFile({ suffix: ".json" });
      try {
        await Deno.writeTextFile(file, asConfig(block));
        const loaded = await loadConfig({
          file,
          kinds: handlers,
          env: (name) => name === "USTORE_SIGNATURE_KEY" ? "a-key" : undefined,
        });
        assertEquals("mistakes" in loaded ? loaded.mistakes : [], []);
      } finally {
        await Deno.remove(file);
      }
    }
  });
}
