import { assertEquals } from "@std/assert";
import { startProgress } from "../../../../lib/cli/terminal/terminal.ts";

function shown(showsProgress: boolean, steps: readonly (readonly [at: number, done: number])[]) {
  const written: string[] = [];
  let now = 0;
  const terminal = { showsProgress, err: (text: string) => void written.push(text) };
  const progress = startProgress("Read", terminal, 2000, () => now);
  for (const [at, done] of steps) {
    now = at;
    progress.step(done);
  }
  progress.end();
  return written;
}

Deno.test("startProgress() shows now and then how far it has come, and takes the line away", () => {
  assertEquals(shown(true, [[499, 1], [500, 1000], [550, 1001], [600, 2001]]), [
    "\r\x1b[KRead: 1,000 of 2,000 (50 %)",
    "\r\x1b[KRead: 2,001 of 2,000 (100 %)",
    "\r\x1b[K",
  ]);
});

Deno.test("startProgress() shows nothing of short work", () => {
  assertEquals(shown(true, [[100, 1], [400, 2000]]), []);
});

Deno.test("startProgress() shows nothing in pipes", () => {
  assertEquals(shown(false, [[1000, 1], [2000, 2]]), []);
});
