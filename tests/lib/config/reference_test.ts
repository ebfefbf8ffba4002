import { assertEquals } from "@std/assert";
import { referenceRows } from "./reference_rows.ts";

/** The formatter pads the cells of tables. */
function withoutPadding(line: string): string {
  return line.replace(/ +/g, " ").trim();
}

Deno.test("docs/configuration.md has the schema's table of keys", async () => {
  const file = new URL("../../../docs/configuration.md", import.meta.url);
  const lines = (await Deno.readTextFile(file)).split(/\r?\n/).map(withoutPadding);
  const rows = referenceRows().map(withoutPadding);
  const start = lines.indexOf(rows[0] ?? "");
  assertEquals(lines.slice(start, start + rows.length), [...rows]);
});
