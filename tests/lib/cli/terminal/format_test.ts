import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join, resolve } from "@std/path";
import { formatSize, parseSize, programName } from "../../../../lib/cli/terminal/format.ts";

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
