import { assertEquals, assertNotMatch } from "@std/assert";
import { join } from "@std/path";
import { retryWhileBusy } from "../../lib/util/files.ts";
import { sendEvent } from "../e2e/events/prepare.ts";
import { startProgram, temporaryFolder } from "../e2e/program.ts";
import { holdFile, isWindows } from "./windows.ts";

const EVENTS = 20;
const DEADLINE_MS = 60_000;

/** Opens for itself whatever it finds, also what is just written, and takes what has its name. */
async function takeFrom(folder: string, taken: string[]): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const file = join(folder, name);
    try {
      using _held = holdFile(file, "content");
      await new Promise((resolve) => setTimeout(resolve, 20));
    } catch {
      // It is open for writing, or has got its name meanwhile.
      continue;
    }
    if (!name.endsWith(".json")) continue;
    taken.push(await Deno.readTextFile(file));
    await retryWhileBusy(() => Deno.remove(file));
  }
}

Deno.test(
  "a workflow that polls a hot folder and opens files for itself gets each event once, whole",
  {
    ignore: !isWindows,
  },
  async () => {
    await using folder = await temporaryFolder();
    const hot = join(folder.path, "hot");
    await Deno.mkdir(hot);
    const config = {
      endpoints: [{ path: "/events", kind: "events", auth: { type: "none" }, forward: ["hot"] }],
      destinations: { hot: { type: "folder", path: hot, retrySeconds: Array(50).fill(0.2) } },
    };
    const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
    await using program = await startProgram({ config, env });
    const taken: string[] = [];
    const end = performance.now() + DEADLINE_MS;
    const sending = (async () => {
      for (let number = 1; number <= EVENTS; number++) await sendEvent(program, number);
    })();
    while (taken.length < EVENTS && performance.now() < end) {
      await takeFrom(hot, taken);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await sending;
    const numbers = taken.map((text) => JSON.parse(text));
    assertEquals(new Set(taken).size, EVENTS, JSON.stringify(numbers));
    assertEquals(Array.from(Deno.readDirSync(hot)), []);
    // Nor did an attempt fail.
    assertNotMatch(program.stderr(), /Cannot write to the folder/);
  },
);
