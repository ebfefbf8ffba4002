/** What is held back by one answer, and what is sent again: with the program and a real receiver. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createQueue } from "../../lib/forward/queue.ts";
import { withReceiver } from "../../lib/forward/receiver.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";
import { sendEvent } from "./prepare.ts";
import { eventually } from "../waits.ts";

Deno.test("one Retry-After of a day is told, holds back for minutes, and is ended by hand", async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const run = (...args: readonly string[]) => runProgram([...args, "--config", config], { env });
  const ids = createQueue<string | null>();
  let isFirst = true;
  await withReceiver(({ headers }) => {
    ids.push(headers.get("webhook-id"));
    if (!isFirst) return new Response(null, { status: 204 });
    isFirst = false;
    return new Response(null, { status: 429, headers: { "Retry-After": "86400" } });
  }, async ({ url }) => {
    await Deno.writeTextFile(
      config,
      JSON.stringify({
        endpoints: [{ path: "/events", kind: "events", auth: { type: "none" }, forward: ["erp"] }],
        destinations: { erp: { type: "http", url } },
      }),
    );
    await using program = await startProgram({ config, env });
    const sentAt = Date.now();
    await sendEvent(program, 1);
    await program.logged(/^.*\bWARN?(?:ING)?\b.*Attempt \W*1\W* of forward/mi);
    await program.logged(/Destination \W*erp\W* gets nothing until/);
    await sendEvent(program, 2);

    const pauses = async () =>
      (await (await fetch(`${program.url}/readyz`)).json()).details.forwards.paused;
    // What it tells is a second old at the most.
    await eventually("a pause of erp", async () => "erp" in await pauses());
    const { since, until, status } = (await pauses()).erp;
    assertEquals(status, 429);
    assertEquals(Date.parse(until) - Date.parse(since), 300_000);
    assertEquals(Date.parse(since) >= sentAt, true);
    assertMatch((await run("forwards", "list")).stdout, /\nPaused: erp, until .*: it answered 429/);
    assertStringIncludes((await run("journal", "info")).stdout, "  paused       erp, until ");
    const metrics = await (await fetch(`${program.adminUrl}/metrics`)).text();
    assertMatch(metrics, /storehook_destination_paused_seconds\{destination="erp"\} 29\d\./);

    const first = await ids.next();
    const only = await run("forwards", "retry", "--destination", "erp", "--state", "waiting");
    assertEquals(only.stdout, "2 forwards due now\nThe rest of destination erp is ended\n");
    await program.logged(/ended by hand/);
    const both = await ids.take(2);
    assertEquals(both.includes(first), true);
    await eventually(
      "two delivered forwards",
      async () =>
        (await run("forwards", "list", "--state", "delivered", "--json")).stdout.split("\n")
          .length ===
          3,
    );

    // Nobody can be asked here.
    const again = await run("forwards", "resend", "--destination", "erp");
    assertEquals([again.code, again.stdout], [0, "2 forwards sent again: due now\n"]);
    assertEquals(new Set(await ids.take(2)), new Set(both));
  });
});
