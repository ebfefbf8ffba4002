import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { handlers } from "../../../handlers/mod.ts";
import { sampleConfig } from "../../../handlers/ustore/sample_config.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import { ask } from "./open.ts";

/** Not the tax webhook: nobody can use it before its answer's names are set. */
const storeHandlers = handlers.filter(({ kind }) =>
  kind.startsWith("ustore.") && kind !== "ustore.tax"
);

Deno.test("sampleConfig() writes a config that answers every sample", async () => {
  const folder = await Deno.makeTempDir({ prefix: "storehook-" });
  try {
    const file = join(folder, "config.json");
    let keys = 0;
    await Deno.writeTextFile(file, sampleConfig(() => `key number ${++keys}`));
    const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined });
    if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
    assertEquals(loaded.warnings, []);
    assertEquals(keys, 3);
    assertEquals(loaded.endpoints.map(({ kind }) => kind), storeHandlers.map(({ kind }) => kind));
    for (const [index, { sample }] of storeHandlers.entries()) {
      const endpoint = loaded.endpoints[index];
      if (endpoint === undefined) throw new Error("One endpoint is missing");
      const { result } = await ask(endpoint, sample.request);
      assertEquals(sample.check(JSON.parse(String(result))), undefined);
      assertNotEquals(sample.check({ wrong: true }), undefined);
      assertNotEquals(sample.check([]), undefined);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
