import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readBuildFacts } from "../../release/build_facts.ts";
import { findTool } from "../e2e/tool.ts";

const git = findTool("git", "--version");

Deno.test({
  name: "readBuildFacts() tells the commit, its time and whether files were changed",
  ignore: git.missing !== undefined,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const unknown = { commit: null, committedAt: null };
      assertEquals(await readBuildFacts(folder), unknown);
      const run = (...args: string[]) => git.run(["-C", folder, ...args]);
      await run("init", "--quiet");
      assertEquals(await readBuildFacts(folder), unknown);

      await Deno.writeTextFile(join(folder, "a.txt"), "a");
      await run("add", "a.txt");
      const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
      await run(...identity, "commit", "--quiet", "--no-gpg-sign", "--message", "Add a");
      const decoder = new TextDecoder();
      const [commit = "", seconds] = decoder.decode(await run("log", "-1", "--format=%H %ct"))
        .trim()
        .split(" ");
      const committedAt = new Date(Number(seconds) * 1000).toISOString();
      assertEquals(await readBuildFacts(folder), { commit, committedAt });

      await Deno.writeTextFile(join(folder, "a.txt"), "b");
      assertEquals(await readBuildFacts(folder), { commit: `${commit}-dirty`, committedAt });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("readBuildFacts() knows nothing of a folder that is not there", async () => {
  const unknown = { commit: null, committedAt: null };
  assertEquals(await readBuildFacts("/no/such/folder"), unknown);
});
