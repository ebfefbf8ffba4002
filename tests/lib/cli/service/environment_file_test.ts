import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseEnvironmentFile } from "../../../../lib/cli/service/systemd/environment_file.ts";

Deno.test("parseEnvironmentFile() reads names and values, and skips the rest", () => {
  const text = [
    "# A=1",
    "; B=2",
    "",
    "KEY=it's=fine",
    "QUOTED=' a # b '",
    'DOUBLE="x"',
    "EMPTY=",
    "no value",
    "KEY=last\r",
    "1BAD=x",
  ].join("\n");
  assertEquals(Object.fromEntries(parseEnvironmentFile(text)), {
    KEY: "last",
    QUOTED: " a # b ",
    DOUBLE: "x",
    EMPTY: "",
  });
});

Deno.test("parseEnvironmentFile() gives back every value that was written in quotes", () => {
  const value = fc.string().filter((text) => !/["\r\n]/.test(text));
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/);
  fc.assert(fc.property(fc.dictionary(name, value), (variables) => {
    const lines = Object.entries(variables).map(([key, text]) => `${key}="${text}"`);
    const read = parseEnvironmentFile(lines.join("\n"));
    assertEquals([...read], Object.entries(variables));
  }));
});
