import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { deliver, headOf, sample } from "../delivery.ts";
import { connect } from "../raw_http.ts";
import { approving, type Reloadable, startReloadable } from "./reloadable.ts";

const target = "/approve";
const key = "the-key";

async function groupOf({ program }: Reloadable, delivery = {}): Promise<unknown> {
  const { status, text } = await deliver(program, { target, key, ...delivery });
  return status === 200 ? JSON.parse(text).ApprovalGroupId : status;
}

Deno.test("a changed config is served: by rename, in place, with another path", async () => {
  await using server = await startReloadable({ endpoints: [approving()] });
  assertEquals(await groupOf(server), 1);

  await server.replace({ endpoints: [approving({ otherwise: { group: 2 } })] });
  await server.served(1);
  assertEquals(await groupOf(server), 2);

  await server.save({ endpoints: [approving({ path: "/other", signatureKeys: ["another"] })] });
  await server.served(2);
  assertEquals(await groupOf(server), 404);
  assertEquals(await groupOf(server, { target: "/other", key: "another" }), 1);
  assertEquals(await server.readiness(), { status: 200, config: undefined });
});

Deno.test("a config with mistakes is told, each of them, and the one before is served", async () => {
  await using server = await startReloadable({ endpoints: [approving()] });
  const rules = [{ name: "a", when: "order.totel > 1.0", then: { group: 2 } }];
  const secret = "${NOBODY_SET_THIS}";
  await server.save({
    server: { maxBodyBytes: "x" },
    endpoints: [approving({ rules, defaultGrup: 1 })],
  });
  await server.program.logged(/mistakes \(3\)[^]*defaultGrup/);
  const log = server.program.stderr();
  assertMatch(log, /config\.json:1:\d+ server\.maxBodyBytes: found /);
  assertMatch(log, /config\.json:1:\d+ endpoints\[0\]\.rules\[0\]\.when: .*totel/);
  assertMatch(log, /Did you mean \\?"defaultGroup/);
  assertEquals(await groupOf(server), 1);
  const { status, config } = await server.readiness();
  assertEquals(status, 200);
  assertMatch(JSON.stringify(config), /"The changed file has 3 mistakes; the config before is se/);

  await server.save({ endpoints: [approving({ signatureKeys: ["in-the-file", secret] })] });
  await server.program.logged(/NOBODY_SET_THIS/);
  assertEquals(server.program.stderr().includes("in-the-file"), false);

  await server.save({ endpoints: [approving({ otherwise: { group: 3 } })] });
  await server.served(1);
  assertEquals(await groupOf(server), 3);
  assertEquals(await server.readiness(), { status: 200, config: undefined });
});

Deno.test("a file that the config reads is read again when it changes", async () => {
  await using server = await startReloadable({ endpoints: [approving()] });
  await server.save({ endpoints: [approving({ signatureKeys: ["${file:ustore.key}"] })] });
  await server.program.logged(/found no file .+ustore\.key/);
  await Deno.writeTextFile(join(server.folder, "ustore.key"), "first-key\n");
  await server.served(1);
  assertEquals(await groupOf(server, { key: "first-key" }), 1);
  await Deno.writeTextFile(join(server.folder, "ustore.key"), "second-key\r\n");
  await server.served(2);
  assertEquals(await groupOf(server, { key: "first-key" }), 401);
  assertEquals(await groupOf(server, { key: "second-key" }), 1);
});

Deno.test("the same config saved again is not loaded again", async () => {
  const config = { endpoints: [approving()] };
  await using server = await startReloadable(config);
  await server.save(config);
  await server.replace(config);
  await Deno.utime(server.file, 1, 1);
  await server.replace({ endpoints: [approving({ otherwise: { group: 2 } })] });
  await server.served(1);
  assertEquals(server.loads(), 1);
});

Deno.test("what needs a restart stays, is told, and the rest is served", async () => {
  await using server = await startReloadable({ endpoints: [approving()] });
  const moved = { hostname: "localhost", port: 4321, maxBodyBytes: 100 };
  await server.save({ server: moved, endpoints: [approving()] });
  await server.served(1);
  await server.program.logged(/server\.hostname needs a restart: it stays \S+127\.0\.0\.1/);
  assertEquals(await groupOf(server), 413);
  assertMatch(
    JSON.stringify((await server.readiness()).config),
    /server\.hostname needs a restart/,
  );
  // The flag of the command line stands above the file, also the second time.
  assertEquals(server.program.stderr().includes("4321"), false);
});

Deno.test("the development key is refused for where the server listens, not for where it shall", async () => {
  const own = approving({ signatureKeys: ["a-key-of-my-own"] });
  await using server = await startReloadable({ server: { hostname: "0.0.0.0" }, endpoints: [own] });
  const endpoints = [approving({ signatureKeys: ["development-key"] })];
  await server.save({ server: { hostname: "127.0.0.1" }, endpoints });
  await server.program.logged(/signatureKeys\[0\]: found the development key/);
  assertEquals(await groupOf(server, { key: "development-key" }), 401);
});

Deno.test("a request whose body is on its way is answered by the config it came to", async () => {
  await using server = await startReloadable({ endpoints: [approving()] });
  const body = sample("order_approval");
  using connection = await connect(server.program);
  await connection.send(headOf({ target, key }), body.subarray(0, 2000));
  await groupOf(server);
  const endpoints = [approving({ otherwise: { group: 2 }, signatureKeys: ["another"] })];
  await server.save({ server: { maxBodyBytes: 10_000 }, endpoints });
  await server.served(1);
  assertEquals(await groupOf(server, { key: "another" }), 2);
  await connection.send(body.subarray(2000));
  assertEquals(JSON.parse((await connection.response()).text).ApprovalGroupId, 1);
  // The connection stays, and its next request is answered by the new one.
  await connection.send(headOf({ target, key: "another" }), body);
  assertEquals(JSON.parse((await connection.response()).text).ApprovalGroupId, 2);
});

Deno.test({
  name: "SIGHUP has the config loaded at once, changed or not",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = await startReloadable({ endpoints: [approving()] });
    server.program.kill("SIGHUP");
    await server.served(1);
    assertEquals(await groupOf(server), 1);
    assertEquals(server.loads(), 1);
  },
});
