import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../../lib/cli/commands.ts";

Deno.test("COMMANDS are found by the names that they give themselves", async () => {
  const loaded = await Promise.all(COMMANDS.map((entry) => entry.load()));
  assertEquals(COMMANDS.map(({ name }) => name), loaded.map(({ name }) => name));
  assertEquals(new Set(loaded.map(({ name }) => name)).size, COMMANDS.length);
});
