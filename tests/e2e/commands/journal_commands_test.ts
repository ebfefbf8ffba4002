/** The commands that look into the journal, beside a server that writes it. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APPROVAL_ANSWER, assertAlive, deliver, PATHS, sample } from "../delivery.ts";
import { runProgram, SHIPPED_CONFIG, startProgram, temporaryFolder } from "../program.ts";

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
