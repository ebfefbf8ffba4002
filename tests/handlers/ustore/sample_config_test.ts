import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { handlers } from "../../../handlers/mod.ts";
import { sampleConfig } from "../../../handlers/ustore/sample_config.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import { edit } from "./documents.ts";
import { ask } from "./open.ts";

/** Not the tax webhook: nobody can use it before its answer's names are set. */
const storeHandlers = handlers.filter(({ kind }) =>
  kind.startsWith("ustore.") && kind !== "ustore.tax"
);

const root = new URL("../../../", import.meta.url);
const readme = Deno.readTextFileSync(new URL("README.md", root));

/** The configs that people begin with. */
const CONFIGS: Readonly<Record<string, string>> = {
  "sampleConfig()": sampleConfig(() => crypto.randomUUID()),
  "config.json": Deno.readTextFileSync(new URL("config.json", root)),
  "README.md": /```jsonc\n(.*?)```/s.exec(readme)?.[1] ?? "",
};

for (const [name, text] of Object.entries(CONFIGS)) {
  Deno.test(`${name} answers every sample, also without a custom configuration`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "storehook-" });
    try {
      const file = join(folder, "config.json");
      await Deno.writeTextFile(file, text);
      const env = (name: string) => name === "USTORE_SIGNATURE_KEY" ? "a key for tests" : undefined;
      const loaded = await loadConfig({ file, kinds: handlers, env });
      if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
      assertEquals([...loaded.warnings, ...loaded.notes], []);
      assertEquals(loaded.endpoints.map(({ kind }) => kind), storeHandlers.map(({ kind }) => kind));
      for (const [index, { kind, sample }] of storeHandlers.entries()) {
        const endpoint = loaded.endpoints[index];
        if (endpoint === undefined) throw new Error("One endpoint is missing");
        const isOrder = kind !== "ustore.cart-export";
        const bare = (custom: unknown) =>
          isOrder
            ? [edit(sample.request, {
              "Order/CustomConfig": custom,
              "Order/CustomConfiguration": custom,
            })]
            : [];
        for (const document of [sample.request, ...bare(null), ...bare(""), ...bare(undefined)]) {
          const { result } = await ask(endpoint, document);
          assertEquals(sample.check(JSON.parse(String(result))), undefined);
        }
        assertNotEquals(sample.check({ wrong: true }), undefined);
        assertNotEquals(sample.check([]), undefined);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("sampleConfig() makes a key for each endpoint, and says what approve means", () => {
  let keys = 0;
  const text = sampleConfig(() => `key number ${++keys}`);
  assertEquals(keys, 3);
  assertStringIncludes(text, '{ "approve": true } approves the order at once and asks nobody');
});
