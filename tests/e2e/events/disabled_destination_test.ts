/** What an operator is told of forwards that get nowhere, and what is done about it. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { attemptAll, recordEvents } from "../../lib/cli/events_world.ts";
import { createQueue } from "../../lib/forward/queue.ts";
import { withReceiver } from "../../lib/forward/receiver.ts";
import { type Program, runProgram, startProgram, temporaryFolder } from "../program.ts";
import { sendEvent } from "./prepare.ts";

/** Half a minute ago, so that the age of what waits is more than nothing. */
const BEFORE = Date.now() - 30_000;

/** Keeps a forward that was given up, and one that waits for a destination of an older config. */
async function fill(path: string): Promise<void> {
  const journal = openJournal(path);
  await recordEvents(journal, BEFORE, { key: "given up" });
  await attemptAll(journal, "erp", { status: 500, error: "erp.example answered 500" });
  await recordEvents(journal, BEFORE, { key: "waits", forwardTo: ["former"] });
  await journal.close();
}

async function forwardsOf({ url }: Program) {
  const response = await fetch(`${url}/readyz`);
  const { status, details } = await response.json();
  assertEquals([response.status, status], [200, "ok"]);
  return details.forwards;
}

Deno.test("a destination that says 410 is named, stays disabled, and is enabled by a command", async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await fill(env.STOREHOOK_JOURNAL_PATH);
  let status = 410;
  const delivered = createQueue<string>();
  await withReceiver(({ body }) => {
    if (status === 204) delivered.push(new TextDecoder().decode(body));
    return new Response(null, { status });
  }, async ({ url, requests }) => {
    await Deno.writeTextFile(
      config,
      JSON.stringify({
        endpoints: [{ path: "/events", kind: "events", auth: { type: "none" }, forward: ["erp"] }],
        destinations: { erp: { type: "http", url } },
      }),
    );
    {
      await using program = await startProgram({ config, env });
      await sendEvent(program, 1);
      await program.logged(/Destination \W*erp\W* is disabled/);
      program.kill("SIGTERM");
      await program.status;
    }
    assertEquals(requests.size, 1);

    status = 204;
    await using program = await startProgram({ config, env });
    await program.logged(/Destination \W*erp\W* is disabled since/);
    await sendEvent(program, 2);
    const { oldestWaitingSeconds, waitingBytes, disabled, destinations, paused, ...totals } =
      await forwardsOf(program);
    assertEquals([totals, paused], [{ waiting: 3, failed: 1 }, {}]);
    assertEquals(waitingBytes, destinations.erp.waitingBytes + destinations.former.waitingBytes);
    assertEquals([Object.keys(disabled), disabled.erp.reason], [["erp"], "gone"]);
    assertMatch(disabled.erp.since, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assertEquals([destinations.erp.waiting, destinations.erp.failed], [2, 1]);
    assertEquals(destinations.former.oldestWaitingSeconds, oldestWaitingSeconds);
    assertEquals(oldestWaitingSeconds >= 30, true);
    assertEquals(requests.size, 1);

    const retry = ["forwards", "retry", "--destination", "erp", "--config", config];
    const ran = await runProgram(retry, { env });
    assertEquals([ran.code, ran.stdout, ran.stderr], [
      0,
      "1 forward due now\nDestination erp is enabled\n",
      "",
    ]);
    await sendEvent(program, 3);
    const bodies = await delivered.take(4);
    const numbers = bodies.map((body) => JSON.parse(body).data?.number ?? "given up");
    assertEquals(numbers.toSorted(), [1, 2, 3, "given up"]);
    const info = await runProgram(["journal", "info", "--json", "--config", config], { env });
    const { disabled: still } = JSON.parse(info.stdout);
    assertEquals(still, {});
    program.kill("SIGTERM");
    await program.status;
  });
});
