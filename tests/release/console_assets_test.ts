import { assertEquals } from "@std/assert";
import { consoleAssets } from "../../release/console_assets.ts";

Deno.test("what the pages of the console load is what its sources make: deno task console", async () => {
  const file = new URL("../../lib/console/assets.generated.ts", import.meta.url);
  assertEquals(await consoleAssets(), await Deno.readTextFile(file));
});
