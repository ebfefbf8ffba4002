import { assertEquals } from "@std/assert";
import { fromFileUrl, join, resolve } from "@std/path";
import { programName } from "../../../../lib/cli/terminal/program.ts";

const ROOT = resolve(fromFileUrl(import.meta.url), "../../../../..");
const DENO = `npx -y deno@${Deno.version.deno} run -A`;

Deno.test("programName() names main.ts from the current folder", () => {
  assertEquals(programName(ROOT), `${DENO} main.ts`);
  assertEquals(programName(join(ROOT, "lib", "cli")), `${DENO} ${join("..", "..", "main.ts")}`);
});
