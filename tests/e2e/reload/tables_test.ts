/** Tables of a running server: what they decide, and what becomes of them when they change. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { deliver } from "../delivery.ts";
import { approving, type Reloadable, startReloadable } from "./reloadable.ts";

const CONFIG = {
  timeZone: "UTC",
  define: { isAmerican: "order.billTo.country == 'US'" },
  tables: { matrix: { file: "matrix.csv", inputs: { american: "isAmerican" } } },
  endpoints: [approving({ rules: [{ name: "matrix", table: "matrix" }] })],
};

async function groupOf({ program }: Reloadable): Promise<unknown> {
  const { text } = await deliver(program, { target: "/approve", key: "the-key" });
  return JSON.parse(text).ApprovalGroupId;
}

Deno.test("a table decides, is taken over when it changes, and stays when it gets a mistake", async () => {
  await using server = await startReloadable({ endpoints: [approving()] });
  const table = join(server.folder, "matrix.csv");
  await Deno.writeTextFile(table, "american;group\r\nTRUE;7\r\n");
  await server.save(CONFIG);
  await server.served(1);
  assertEquals(await groupOf(server), 7);

  await Deno.writeTextFile(table, "american;group\r\nTRUE;8\r\n");
  await server.served(2);
  assertEquals(await groupOf(server), 8);

  await Deno.writeTextFile(table, "american;group\r\nTRUE;neun\r\nvielleicht;9\r\n");
  await server.program.logged(/mistakes \(2\)[^]*vielleicht/);
  const log = server.program.stderr();
  assertMatch(log, /matrix\.csv:2:1 tables\.matrix: line 2, column \\"group\\" \(cell B2\): found/);
  assertMatch(log, /matrix\.csv:3:1 tables\.matrix: line 3, column \\"american\\" \(cell A3\)/);
  assertEquals(await groupOf(server), 8);
  const { config } = await server.readiness();
  assertMatch(JSON.stringify(config), /2 mistakes; the config before is served/);

  await Deno.writeTextFile(table, "american;group;note\r\nTRUE;9;new\r\n");
  await server.served(3);
  assertEquals(await groupOf(server), 9);
  assertEquals((await server.readiness()).config, undefined);

  const metrics = await (await fetch(`${server.program.adminUrl}/metrics`)).text();
  assertMatch(metrics, /decisions_total\{endpoint="\/approve",rule="matrix\.csv line 2"\} \d/);
});
