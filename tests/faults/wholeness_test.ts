import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { deliver, PATHS, sample } from "../e2e/delivery.ts";
import { runProgram, SHIPPED_CONFIG, startProgram, temporaryFolder } from "../e2e/program.ts";

Deno.test("an export that can't be saved leaves nothing of its delivery behind", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal.db");
  const env = { STOREHOOK_JOURNAL_PATH: path };
  await using program = await startProgram({ env });
  const send = (id: string) =>
    deliver(program, {
      target: PATHS.cart_export,
      body: sample("cart_export"),
      headers: { "X-Request-Id": id },
    });
  const alter = (sql: string) => {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 10000");
    database.exec(sql);
    database.close();
  };

  alter(
    "CREATE TRIGGER broken BEFORE INSERT ON export_versions BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
  const refused = await send("refused");
  assertEquals(refused.status, 500);
  alter("DROP TRIGGER broken");
  assertEquals((await send("again")).status, 200);

  const list = await runProgram(["deliveries", "list", "--json", "--config", SHIPPED_CONFIG], {
    env,
  });
  assertEquals(list.stdout.match(/"requestId":"[^"]*"/g), ['"requestId":"again"']);
  const info = await runProgram(["journal", "info", "--config", SHIPPED_CONFIG], { env });
  assertMatch(info.stdout, /deliveries +1 accepted, 0 refused/);
});
