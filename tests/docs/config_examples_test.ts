import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { handlers } from "../../handlers/mod.ts";
import { loadConfig } from "../../lib/config/load.ts";

const ROOT = new URL("../../", import.meta.url);
const DOCS = Array.from(Deno.readDirSync(new URL("docs", ROOT)), ({ name }) => `docs/${name}`);
const PAGES = ["README.md", ...DOCS.filter((page) => page.endsWith(".md")).toSorted()];

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Every variable of an example holds a key as good as any, and none stands for a setting. */
function env(name: string): string | undefined {
  return name.startsWith("STOREHOOK_") ? undefined : SECRET;
}

/** The fenced blocks that show a sheet, by the name of the file that the block gives. */
function sheetsOf(page: string): readonly (readonly [name: string, text: string])[] {
  const text = Deno.readTextFileSync(new URL(page, ROOT));
  return Array.from(
    text.matchAll(/^ *```csv (\S+)\n([\s\S]*?)^ *```$/gm),
    ([, name = "", block = ""]) => [name, block],
  );
}

/**
 * The fenced blocks that show a whole config or one endpoint of it. JSON without comments is a
 * config where it names a kind, and else what goes over the line; a lone member is part of one.
 */
function configsOf(page: string): readonly string[] {
  const text = Deno.readTextFileSync(new URL(page, ROOT));
  const blocks = text.matchAll(/^ *```(jsonc?)\n([\s\S]*?)^ *```$/gm);
  return Array.from(blocks, ([, language, block = ""]) => ({ language, block }))
    .filter(({ language, block }) => language === "jsonc" || block.includes('"kind"'))
    .map(({ block }) => block.trim())
    .filter((block) => block.startsWith("{"));
}

function asConfig(block: string): string {
  return block.includes('"endpoints"') ? block : `{ "endpoints": [${block}] }`;
}

for (const page of PAGES) {
  const configs = configsOf(page);
  if (configs.length === 0) continue;
  Deno.test(`${page} shows configs without a mistake`, async () => {
    for (const config of configs) {
      const folder = await Deno.makeTempDir();
      try {
        const file = join(folder, "config.json");
        await Deno.writeTextFile(file, asConfig(config));
        for (const [name, text] of sheetsOf(page)) {
          await Deno.writeTextFile(join(folder, name), text);
        }
        const loaded = await loadConfig({ file, kinds: handlers, env });
        assertEquals("mistakes" in loaded ? loaded.mistakes : [], []);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }
  });
}

Deno.test("the pages on every kind show a config of it", () => {
  const shown = PAGES.flatMap(configsOf).join("\n");
  for (const { kind } of handlers) {
    assert(shown.includes(`"kind": "${kind}"`), `no page shows an endpoint of the kind ${kind}`);
  }
});
