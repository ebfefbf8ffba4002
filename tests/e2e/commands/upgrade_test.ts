/** The program on a journal that an earlier version left. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  contentOf,
  fillSchema9,
  restoreJournal,
  restoreSchema9,
} from "../../lib/journal/old_journals.ts";
import { deliver } from "../delivery.ts";
import { runProgram, SHIPPED_CONFIG, startProgram, temporaryFolder } from "../program.ts";

Deno.test("a server goes on with the journal of version 0.1.0", async () => {
  await using folder = await temporaryFolder();
  const path = await restoreJournal(folder.path, "with its log");
  const { deliveries, exports } = await contentOf("journal-0.1.0");
  const config = {
    // Nothing of what came long ago is to go.
    journal: { path, retentionDays: 36_500 },
    endpoints: [{
      path: "/ustore/order-approval",
      kind: "ustore.order-approval",
      signatureKeys: ["development-key"],
      otherwise: { approve: true },
    }],
  };
  const env = { STOREHOOK_JOURNAL_PATH: path };
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(config));
  await using program = await startProgram({ config: file, env });
  assertEquals((await deliver(program)).status, 200);
  for (const { token, version } of exports) {
    const url = `${program.url}/exports/${token}.json?version=${version}`;
    const { status, body } = await fetch(url);
    await body?.cancel();
    assertEquals(status, 200);
  }
  const list = await runProgram(["deliveries", "list", "--json", "--config", file], { env });
  const lines = list.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  const found = new Set(lines.map(({ id }) => id));
  assertEquals(deliveries.filter(({ id }) => !found.has(id)), []);
  assertEquals(found.size, deliveries.length + 1);
  const info = await runProgram(["journal", "info", "--config", file], { env });
  assertStringIncludes(info.stdout, "3 waiting, 2 delivered, 1 failed, 2 cancelled");
});

Deno.test("a server tells how far a large journal is that it brings up to date", async () => {
  await using folder = await temporaryFolder();
  const path = await restoreSchema9(folder.path);
  fillSchema9(path);
  const env = { STOREHOOK_JOURNAL_PATH: path };
  const list = ["deliveries", "list", "--order", "1000001", "--json", "--config", SHIPPED_CONFIG];
  const before = await runProgram(list, { env });
  assertEquals(before.code, 1);
  assertStringIncludes(before.stderr, "the server brings it up to date when it starts");
  await using program = await startProgram({ env });
  assertMatch(program.stderr(), /Bringing the journal up to date: \d+ %/);
  assertEquals((await deliver(program)).status, 200);
  const after = await runProgram(["journal", "info", "--json", "--config", SHIPPED_CONFIG], {
    env,
  });
  assertEquals(after.code, 0, after.stderr);
});
