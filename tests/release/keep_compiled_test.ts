import { assert, assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import { join } from "@std/path";
import { writeBundle } from "../../release/bundle.ts";
import { ENGINE_FLAGS } from "../../release/engine.ts";
import { keepCompiled } from "../../release/script/keep_compiled.ts";

Deno.test({
  name: "keepCompiled() keeps what the engine takes again, and a program that does all it did",
  // What stands in for an executable here is a script of a shell.
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const [plain, kept] = [join(folder, "plain"), join(folder, "kept")];
      await writeBundle(plain, { commit: null, committedAt: "2026-01-02T03:04:05.000Z" });
      await keepCompiled(plain, kept, async (bundle, entry, output) => {
        const words = [Deno.execPath(), "run", ...FLAGS, join(bundle, entry)];
        const script = `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")} "$@"\n`;
        await Deno.writeTextFile(output, script, { mode: 0o755 });
      });

      const loader = pathToFileURL(join(kept, "loader.js")).href;
      const probe = join(folder, "probe.js");
      await Deno.writeTextFile(
        probe,
        `import { script, load__ } from "${loader}";` +
          "console.log(script.cachedDataRejected);" +
          "for (const name of Deno.args) await load__(name);",
      );
      const later = (await Array.fromAsync(Deno.readDir(kept), ({ name }) => name))
        .filter((name) => name.endsWith(".js.deflated"))
        .map((name) => name.replace(".deflated", ""));
      assert(later.length > 50);
      // None of them stands in a circle, or needs what is not there.
      assertEquals(await run(probe, ...later), { code: 0, stdout: "false\n" });
      const { mtime } = await Deno.stat(join(kept, "program.compiled"));
      assertEquals(mtime, new Date("2026-01-02T03:04:05.000Z"));
      // Commands are unpacked, and take from the script what a server needs, too.
      for (const args of [["help"], ["schema"], ["explain", "--help"], ["sample", "ustore.tax"]]) {
        const wanted = await run(join(plain, "main.js"), ...args);
        assertEquals(await run(join(kept, "main.js"), ...args), wanted);
        assertEquals(wanted.code, 0);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

const FLAGS = ["--quiet", "--no-config", "--no-lock", "--no-code-cache", "-A", ...ENGINE_FLAGS];

async function run(
  module: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string }> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...FLAGS, module, ...args],
    stdin: "null",
    stderr: "inherit",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}
