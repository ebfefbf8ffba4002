import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { hasOwnWindow, runInOwnWindow } from "../../../lib/cli/own_window.ts";
import { withFolder } from "../config/load_text.ts";
import { fakeTerminal } from "./fake_terminal.ts";

/** A double click on the executable of a folder. */
async function doubleClick(
  folder: string,
  keys: readonly string[],
  run: (args: readonly string[]) => Promise<number>,
) {
  const terminal = fakeTerminal();
  const pressed = keys.values();
  const happened: string[] = [];
  const code = await runInOwnWindow({
    run: (args) => {
      happened.push(`run ${args.join(" ")}`.trim());
      return run(args);
    },
    terminal,
    places: { folder, programFolder: folder },
    pressKey() {
      happened.push("key");
      return Promise.resolve(pressed.next().value ?? "");
    },
  });
  return { code, happened, said: terminal.output() + terminal.errors() };
}

Deno.test("runInOwnWindow() explains itself without a config, and waits for a key", () =>
  withFolder(async (folder) => {
    const { code, happened, said } = await doubleClick(folder, [" "], () => Promise.resolve(0));
    assertEquals([code, happened], [2, ["key"]]);
    assertStringIncludes(said, join(folder, "config.json"));
    assertStringIncludes(said, "Press S to set it up now");
    assertStringIncludes(said, "storehook setup");
  }));

Deno.test("runInOwnWindow() sets up on S, and keeps the window until it was read", () =>
  withFolder(async (folder) => {
    for (const [key, answer] of [["s", 0], ["S", 1]] as const) {
      const ran = await doubleClick(folder, [key, "\r"], () => Promise.resolve(answer));
      assertEquals([ran.code, ran.happened], [answer, ["key", "run setup", "key"]]);
      assertStringIncludes(ran.said, "Press any key to close this window.");
    }
  }));

Deno.test("runInOwnWindow() serves a config, and keeps the window when that fails", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "config.json"), "{}");
    const stopped = await doubleClick(folder, [], () => Promise.resolve(0));
    assertEquals([stopped.code, stopped.happened, stopped.said], [0, ["run"], ""]);
    const failed = await doubleClick(folder, ["x"], () => Promise.resolve(2));
    assertEquals([failed.code, failed.happened], [2, ["run", "key"]]);
    const thrown = await doubleClick(folder, ["x"], () => Promise.reject(new Error("no thread")));
    assertEquals([thrown.code, thrown.happened], [1, ["run", "key"]]);
    assertStringIncludes(thrown.said, "no thread");
  }));

Deno.test("hasOwnWindow() sees none where there is no console, or another system", () => {
  if (Deno.build.os !== "windows" || !Deno.stdin.isTerminal()) assertEquals(hasOwnWindow(), false);
});
