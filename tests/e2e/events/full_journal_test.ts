/** What becomes of a journal that would fill the disk, and of one whose clock is wrong. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { recordEvents } from "../../lib/cli/events_world.ts";
import { eventually } from "../waits.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";

const MAX_BYTES = 10_485_760;
const DAY_MS = 86_400_000;

/** Nobody listens at port 1. */
const CONFIG = {
  journal: { maxBytes: MAX_BYTES, maxWaitingBytes: 2_000_000 },
  endpoints: [{ path: "/events", kind: "events", auth: { type: "none" }, forward: ["erp"] }],
  destinations: { erp: { type: "http", url: "http://127.0.0.1:1/" } },
};

async function sizeOf(path: string): Promise<number> {
  const sizes = await Promise.all(
    [path, `${path}-wal`].map((file) => Deno.stat(file).then(({ size }) => size, () => 0)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

Deno.test("a journal keeps to its size under load while a destination is dead, and says what it gave up", async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  const path = join(folder.path, "journal.db");
  const env = { STOREHOOK_JOURNAL_PATH: path };
  await Deno.writeTextFile(config, JSON.stringify(CONFIG));
  await using program = await startProgram({ config, env });
  let [sent, largest] = [0, 0];
  async function send(): Promise<void> {
    while (sent < 1200) {
      const data = { number: sent++, filler: crypto.randomUUID().repeat(1100) };
      const response = await fetch(`${program.url}/events`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ type: "order.created", data }),
      });
      assertEquals([response.status, await response.text()], [204, ""]);
      largest = Math.max(largest, await sizeOf(path));
    }
  }
  await Promise.all(Array.from({ length: 6 }, send));
  assertEquals(largest < MAX_BYTES * 1.05, true, `the journal took ${largest} bytes`);
  await program.logged(/Gave up \W*\d+\W* forwards to \W*erp/);

  await program.logged(/What waits for \W*erp\W* takes/);
  // The last of them came after the last look of the retention; the next is a second later at most.
  let waiting = 0;
  await eventually("what waits to be below its limit", async () => {
    const { details } = await (await fetch(`${program.url}/readyz`)).json();
    const { erp } = details.forwards.destinations;
    waiting = erp.waiting;
    return erp.waitingBytes < 3_000_000;
  });
  assertEquals(waiting > 10, true);
  const { stdout } = await runProgram(["forwards", "list", "--config", config], { env });
  assertMatch(stdout, /^Waiting: \d+ forwards for erp, \d\.\d MB of the journal/m);
  const metrics = await (await fetch(`${program.adminUrl}/metrics`)).text();
  assertMatch(metrics, /^storehook_forwards_given_up_total\{destination="erp"\} [1-9]/m);
});

async function countAfterStart(trustedAt: number | undefined): Promise<readonly [number, string]> {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await Deno.writeTextFile(config, JSON.stringify({ endpoints: [] }));
  const journal = openJournal(env.STOREHOOK_JOURNAL_PATH);
  const old = Date.now() - 100 * DAY_MS;
  await recordEvents(journal, old, ...Array.from({ length: 20 }, () => ({ forwardTo: [] })));
  if (trustedAt !== undefined) await journal.noteClock({ trustedAt, seenMs: 0 });
  await journal.close();
  await using program = await startProgram({ config, env });
  if (trustedAt === undefined) await program.logged(/The clock is \W*\d+\W* hours ahead/);
  const info = ["journal", "info", "--json", "--config", config];
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const { stdout } = await runProgram(info, { env });
    const { accepted } = JSON.parse(stdout);
    if (accepted === 0 || trustedAt === undefined) {
      program.kill("SIGTERM");
      await program.status;
      return [JSON.parse((await runProgram(info, { env })).stdout).accepted, program.stderr()];
    }
  }
  return [NaN, program.stderr()];
}

Deno.test("a clock that is far ahead at a start removes nothing, and it is told", async () => {
  const [kept, errors] = await countAfterStart(undefined);
  assertEquals(kept, 20);
  assertMatch(errors, /Nothing is removed for its age/);
});

Deno.test("what is too old by a clock that goes is removed", async () => {
  const [kept, errors] = await countAfterStart(Date.now() - 60_000);
  assertEquals([kept, errors.includes("The clock")], [0, false]);
});
