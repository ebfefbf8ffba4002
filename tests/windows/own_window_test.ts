/**
 * What a double click shows, and a command in a console of Windows: on Linux, in a console that is
 * given to Wine, since a test on Windows has none. `.ci/run` names the runtime by a variable.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { freePort } from "../free_port.ts";
import { type RanInConsole, SCRIPT, type Typed, typeInto } from "../e2e/console.ts";
import { ROOT, temporaryFolder } from "../e2e/program.ts";

const runtime = Deno.env.get("STOREHOOK_DENO_WINDOWS");
const ignore = runtime === undefined || SCRIPT.missing !== undefined;
const skipped = ignore ? " (skipped: needs Wine and a console)" : "";

function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/** Runs the program by Wine, alone in its console or behind a `cmd`. */
async function runOnWine(
  args: readonly string[],
  cwd: string,
  steps: readonly Typed[],
  shell: readonly string[] = [],
): Promise<RanInConsole> {
  const folder = dirname(runtime ?? "");
  const deno = windowsPath(join(folder, "deno.exe"));
  const main = windowsPath(join(ROOT, "main.ts"));
  const words = ["wine", ...shell, deno, "run", "--no-lock", "-A", main, ...args];
  return await typeInto(words, {
    cwd,
    // Wine reads keys as they are: until it has begun to, the console must not change any.
    first: "stty raw isig; ",
    env: {
      WINEPREFIX: join(folder, "prefix"),
      WINEDEBUG: "-all",
      DENO_DIR: windowsPath(join(folder, "deno_dir")),
    },
  }, steps);
}

Deno.test({
  name: `a double click without a config explains itself and waits for a key${skipped}`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const { code, shown } = await runOnWine([], folder.path, [["help windows", "x"]]);
    assertEquals(code, 2, shown);
    assertStringIncludes(shown, "Press S to set it up now");
    assertEquals(Array.from(Deno.readDirSync(folder.path)), []);
  },
});

Deno.test({
  name: `a double click sets up on S, in the console, and shows no key${skipped}`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const { code, shown } = await runOnWine([], folder.path, [
      ["help windows", "S"],
      ["listen on [", `${freePort()}\r`],
      ["numbers [", "1\r"],
      ["CustomConfig)", "10065\r"],
      ["every order", "\r"],
      ["makes one", "typed-on-windows\r"],
      ["a service", "n\r"],
      ["afterwards", "\r"],
      ["Write it", "\r"],
      ["close this window", "x"],
    ]);
    assertEquals(code, 0, shown);
    assertStringIncludes(shown, "2 of 2 answers are as wanted");
    assertEquals(shown.includes("typed-on-windows"), false);
    const text = await Deno.readTextFile(join(folder.path, "config.json"));
    assertStringIncludes(text, '"signatureKeys": ["typed-on-windows"]');
    assertEquals(/[^\r]\n/.test(text), false);
  },
});

Deno.test({
  name: `a double click on a config that cannot be served keeps the window${skipped}`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(join(folder.path, "config.json"), '{ "server": { "port": "x" } }');
    const { code, shown } = await runOnWine([], folder.path, [["close this window", "x"]]);
    assertEquals(code, 2, shown);
    assertStringIncludes(shown, "wanted a whole number from 0");
  },
});

Deno.test({
  name: `in a shell of Windows nothing waits for a key${skipped}`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const { code, shown } = await runOnWine([], folder.path, [], ["cmd", "/c"]);
    assertEquals(code, 2, shown);
    assertStringIncludes(shown, "Cannot find the config file");
    assertEquals(shown.includes("Press"), false);
  },
});

Deno.test({
  name: `Ctrl+C ends setup in a console of Windows without a change${skipped}`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    for (const last of [["numbers [", "\x03"], ["makes one", "half\x03"]] as const) {
      const before: Typed[] = last[0] === "makes one"
        ? [["numbers [", "1\r"], ["CustomConfig)", "\r"]]
        : [];
      const steps: Typed[] = [["listen on [", `${freePort()}\r`], ...before, last];
      const { code, shown } = await runOnWine(["setup"], folder.path, steps);
      assertEquals(code, 1, shown);
      assertStringIncludes(shown, "Nothing was changed");
    }
    assertEquals(Array.from(Deno.readDirSync(folder.path)), []);
  },
});
