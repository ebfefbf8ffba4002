import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join, resolve } from "@std/path";
import {
  formatSize,
  parseSize,
  programName,
  shellWord,
  withLineEnds,
} from "../../../../lib/cli/terminal/format.ts";

Deno.test("parseSize() reads decimal and binary units in any case", () => {
  assertEquals(parseSize("2GB"), 2_000_000_000);
  assertEquals(parseSize("2 gib"), 2_147_483_648);
  assertEquals(parseSize("1.5mb"), 1_500_000);
  assertEquals(parseSize("10b"), 10);
});

Deno.test("parseSize() refuses what is no size", () => {
  for (const text of ["", "2", "GB", "-2GB", "2G", "2 XB", "1e3MB", "2  GB"]) {
    assertEquals(parseSize(text), undefined, text);
  }
});

Deno.test("formatSize() writes what parseSize() reads back to a twentieth", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e14 }), (bytes) => {
    const read = parseSize(formatSize(bytes)) ?? NaN;
    assertEquals(Math.abs(read - bytes) / bytes <= 0.05, true, formatSize(bytes));
  }));
  assertEquals(formatSize(999_999), "1.0 MB");
  assertEquals(formatSize(0), "0 B");
});

const ROOT = resolve(fromFileUrl(import.meta.url), "../../../../..");
const DENO = `npx -y deno@${Deno.version.deno} run -A`;

Deno.test("programName() names main.ts from the current folder", () => {
  assertEquals(programName(ROOT), `${DENO} main.ts`);
  assertEquals(programName(join(ROOT, "lib", "cli")), `${DENO} ${join("..", "..", "main.ts")}`);
});

Deno.test("shellWord() writes a path of Windows as cmd and PowerShell take it", () => {
  const words: readonly (readonly [word: string, written: string])[] = [
    ["C:\\Storehook\\config.json", "C:\\Storehook\\config.json"],
    ["C:\\My Store\\config.json", '"C:\\My Store\\config.json"'],
    ["\\\\server\\share\\a.json", "\\\\server\\share\\a.json"],
    ["C:\\My Store\\", '"C:\\My Store\\\\"'],
    ["C:\\Lager Ü\\a.json", '"C:\\Lager Ü\\a.json"'],
    // PowerShell makes a list of one, and cmd runs a second command after the other.
    ["a,b", '"a,b"'],
    ["a&b", '"a&b"'],
    ["@a", '"@a"'],
    ['say "x"', '"say \\"x\\""'],
  ];
  assertEquals(
    words.map(([word]) => shellWord(word, "windows")),
    words.map(([, written]) => written),
  );
});

Deno.test({
  name: "shellWord() writes any word so that the shell of this system gives it to a program",
  async fn() {
    const isWindows = Deno.build.os === "windows";
    const words = fc.sample(fc.string({ unit: "grapheme" }), isWindows ? 60 : 1000)
      .concat(["a b", "$HOME", "`id`", "it's", 'say "x"', "a\\b", "!x", "~", "*", "C:\\a b\\", ""])
      // Shown as escapes, for the terminal's sake; nor does cmd let go of its variables.
      .filter((word) => !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(word))
      // What begins with a minus could be an option of the program that says them.
      .filter((word) => !isWindows || /^(?!-)[\w .,:;\\@&()+=~*'-]*$/.test(word));
    const said = isWindows ? await byCmd(words) : await bySh(words);
    assertEquals(said, words);
  },
});

const SAY = "console.log(JSON.stringify(Deno.args))";

async function bySh(words: readonly string[]): Promise<unknown> {
  const line = `printf '%s\\0' ${words.map((word) => shellWord(word)).join(" ")}`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", line] }).output();
  return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
}

async function byCmd(words: readonly string[]): Promise<unknown> {
  const line = `"${Deno.execPath()}" eval ${SAY} ${words.map((word) => shellWord(word)).join(" ")}`;
  const args = ["/d", "/s", "/c", `"${line}"`];
  const { stdout } = await new Deno.Command("cmd", { args, windowsRawArguments: true }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("withLineEnds() ends every line as Notepad shows it, and none twice", () => {
  const text = withLineEnds("{\n}\n", "windows");
  assertEquals([text, withLineEnds(text, "windows")], ["{\r\n}\r\n", "{\r\n}\r\n"]);
  assertEquals(withLineEnds("{\n}\n", "linux"), "{\n}\n");
});
