import { assertEquals } from "@std/assert";
import { consoleAssets } from "../../release/console_assets.ts";

Deno.test({
  name: "what the pages of the console load is what its sources make: deno task console",
  // An older bundler gives other short names to what is in it.
  ignore: Deno.version.deno.startsWith("2.5."),
  async fn() {
    const file = new URL("../../lib/console/assets.generated.ts", import.meta.url);
    assertEquals(await consoleAssets(), await Deno.readTextFile(file));
  },
});
