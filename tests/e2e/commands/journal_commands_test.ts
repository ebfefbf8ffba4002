/** The commands that look into the journal, beside a server that writes it. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APPROVAL_ANSWER, assertAlive, deliver, PATHS, sample } from "../delivery.ts";
import {
  runProgram,
  SHIPPED_CONFIG,
  startCommand,
  startProgram,
  temporaryFolder,
} from "../program.ts";

Deno.test("the journal's commands work beside a running server", async () => {
  await using folder = await temporaryFolder();
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const run = (...args: readonly string[]) =>
    runProgram([...args, "--config", SHIPPED_CONFIG], { env });
  {
    await using program = await startProgram({ env });
    await deliver(program);
    await deliver(program, { target: PATHS.manufacturer, body: sample("manufacturer") });
    await deliver(program, { target: PATHS.cart_export, body: sample("cart_export") });
    await deliver(program, { key: "development-key\n", headers: { "X-Request-Id": "wrong-key" } });

    const [list, show, backtest, prune, backup] = await Promise.all([
      run("deliveries", "list", "--json"),
      run("deliveries", "show", "wrong-key"),
      run("backtest"),
      run("journal", "prune"),
      run("journal", "backup", join(folder.path, "copy.db")),
    ]);
    const lines = list.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    assertEquals([list.code, list.stderr], [0, ""]);
    assertEquals(lines.map(({ endpoint, status }) => [endpoint, status]), [
      [PATHS.order_approval, 401],
      [PATHS.cart_export, 200],
      [PATHS.manufacturer, 200],
      [PATHS.order_approval, 200],
    ]);
    assertEquals([show.code, show.stderr], [0, ""]);
    assertStringIncludes(show.stdout, "\n  Variant: key-with-lf-after\n");
    assertEquals(show.stdout.includes("development-key"), false);
    assertEquals([backtest.code, backtest.stderr], [0, ""]);
    assertMatch(
      backtest.stdout,
      /^3 deliveries decided again\n {2}3 {2}would be answered the same/,
    );
    assertEquals([prune.code, prune.stderr], [0, ""]);
    assertMatch(prune.stdout, /^Removed 0 deliveries, 0 events and 0 exported lists; /);
    assertEquals([backup.code, backup.stderr], [0, ""]);
    await assertAlive(program);
    program.kill("SIGTERM");
    await program.status;
  }
  const { stdout } = await run("deliveries", "export", "--endpoint", PATHS.order_approval);
  const answers = stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line).answer);
  assertEquals([answers[0], answers[2]], [APPROVAL_ANSWER, APPROVAL_ANSWER]);
  const { code } = await run("journal", "prune", "--older-than", "0s");
  assertEquals(code, 0);
  assertEquals((await run("deliveries", "list")).stdout, "There is no such delivery.\n");
});

Deno.test("deliveries list --follow shows each delivery as it comes, the newest last", async () => {
  await using folder = await temporaryFolder();
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await using program = await startProgram({ env });
  await deliver(program, { headers: { "X-Request-Id": "first" } });
  const args = ["deliveries", "list", "--follow", "--json", "--config", SHIPPED_CONFIG];
  await using list = await startCommand(args, { env });
  await list.printed(/"first"/);
  for (const id of ["second", "third", "fourth"]) {
    await deliver(program, { headers: { "X-Request-Id": id } });
    await list.printed(new RegExp(`"${id}"`));
  }
  const ids = list.stdout().split("\n").slice(0, -1).map((line) => JSON.parse(line).requestId);
  assertEquals(ids, ["first", "second", "third", "fourth"]);
});

Deno.test("a recorded body comes out byte by byte, and is decided again by today's rules", async () => {
  await using folder = await temporaryFolder();
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const body = "\ufeff" + new TextDecoder().decode(sample("order_approval"));
  {
    await using program = await startProgram({ env });
    await deliver(program, { body, headers: { "X-Request-Id": "the-order" } });
  }
  const config = ["--config", SHIPPED_CONFIG];
  const [bytes, answer, both, explained, none, kind] = await Promise.all([
    runProgram(["deliveries", "show", "the-order", "--body", ...config], { env }),
    runProgram(["deliveries", "show", "the-order", "--answer", ...config], { env }),
    runProgram(["deliveries", "show", "the-order", "--answer", "--body", ...config], { env }),
    runProgram(["explain", "--delivery", "the-order", "--json", ...config], { env }),
    runProgram(["explain", "--delivery", "no-such-order", ...config], { env }),
    runProgram(["explain", "ustore.tax", "--delivery", "the-order", ...config], { env }),
  ]);
  // A decoder takes the mark at the beginning away, and nothing else would.
  assertEquals([bytes.code, `\ufeff${bytes.stdout}`], [0, body]);
  assertEquals([answer.code, answer.stdout], [0, APPROVAL_ANSWER]);
  assertEquals(both.code, 2);
  assertEquals(JSON.parse(explained.stdout).answer, JSON.parse(APPROVAL_ANSWER));
  assertEquals([none.code, none.stderr], [1, 'There is no delivery "no-such-order"\n']);
  assertEquals(kind.code, 2);
});
