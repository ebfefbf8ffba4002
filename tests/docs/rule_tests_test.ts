import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { dirname, join } from "@std/path";
import { main } from "../../lib/cli/mod.ts";
import { fakeTerminal } from "../lib/cli/fake_terminal.ts";
import { withFolder } from "../lib/config/load_text.ts";

const page = await Deno.readTextFile(new URL("../../docs/rule_tests.md", import.meta.url));

Deno.test("docs/rule_tests.md shows tests that pass with its config", async () => {
  const [, config = ""] = /```jsonc\n([\s\S]*?)```/.exec(page) ?? [];
  const files = [...page.matchAll(/```json (\S+)\n([\s\S]*?)```/g)];
  assertGreater(files.length, 1);
  await withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, config);
    for (const [, name = "", text = ""] of files) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeTextFile(join(folder, name), text);
    }
    const terminal = fakeTerminal({ env: { USTORE_SIGNATURE_KEY: "a-key-of-the-store" } });
    const code = await main(["test", "--config", file], terminal);
    assertEquals([code, terminal.errors()], [0, ""], terminal.output());
    assertMatch(terminal.output(), /\n6 tests: 6 passed\n$/);
  });
});
