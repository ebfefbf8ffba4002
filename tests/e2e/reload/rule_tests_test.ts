import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { deliver } from "../delivery.ts";
import { approving, type Reloadable, startReloadable } from "./reloadable.ts";

const key = "the-key";

async function groupOf({ program }: Reloadable): Promise<unknown> {
  const { status, text } = await deliver(program, { target: "/approve", key });
  return status === 200 ? JSON.parse(text).ApprovalGroupId : status;
}

function expecting(group: number): string {
  const test = { name: "the group", endpoint: "/approve", expect: { outcome: { group } } };
  return JSON.stringify([test]);
}

Deno.test("a config whose tests fail is not taken over, and its tests are watched like it", async () => {
  await using server = await startReloadable({ endpoints: [approving()] });
  const tests = ["tests/*.json"];
  // The folder is not there yet: what will stand in it counts from then on.
  await server.save({ tests, endpoints: [approving()] });
  await server.served(1);
  await Deno.mkdir(join(server.folder, "tests"));
  await Deno.writeTextFile(join(server.folder, "tests", "a.json"), expecting(1));
  await server.served(2);

  await server.save({ tests, endpoints: [approving({ otherwise: { group: 2 } })] });
  await server.program.logged(
    /a\.json:1:2 \[0\]: Test \\?"the group\\?" fails: outcome\.group: expe/,
  );
  assertEquals(await groupOf(server), 1);
  const { status, config } = await server.readiness();
  assertEquals(status, 200);
  assertMatch(JSON.stringify(config), /1 mistake; the config before is served/);
  const metrics = await (await fetch(`${server.program.adminUrl}/metrics`)).text();
  assertMatch(metrics, /^storehook_config_last_reload_successful 0$/m);

  await Deno.writeTextFile(join(server.folder, "tests", "a.json"), expecting(2));
  await server.served(3);
  assertEquals(await groupOf(server), 2);
  // A further file counts, too.
  await Deno.writeTextFile(join(server.folder, "tests", "b.json"), expecting(3));
  await server.program.logged(/b\.json:1:2 \[0\]: Test/);
  assertEquals(await groupOf(server), 2);
});
