import { assertEquals, assertStringIncludes } from "@std/assert";
import { KEY, withConsole } from "./console_world.ts";
import { textOf, WRITTEN_CONFIG as TEXT } from "./written_config.ts";
import { undescribedOf } from "./described.ts";

Deno.test("a key is rotated in three steps, and the old one stays until the new one was seen", () => {
  const seen = new Map<string, number>();
  return withConsole(async (world) => {
    const { ask } = world;
    const path = "/api/v1/keys/rotation/approval";
    assertEquals((await ask(path, { as: "admin" })).json.step, "one key");
    assertEquals((await ask(`${path}/remove`, { as: "admin", json: {} })).status, 409);
    const added = await ask(`${path}/add`, { as: "admin", json: {} });
    assertEquals([added.status, added.json.step], [200, "new key unseen"]);
    assertEquals(added.json.key.length, 43);
    assertEquals(undescribedOf("POST /keys/rotation/{endpoint...}/add", added), []);
    assertStringIncludes(await textOf(world), added.json.key);
    assertStringIncludes(await textOf(world), "// where the store sends");
    const again = await ask(path, { as: "admin" });
    assertEquals([again.json.step, again.text.includes(added.json.key)], ["new key unseen", false]);
    assertEquals((await ask(`${path}/add`, { as: "admin", json: {} })).status, 409);
    assertEquals((await ask(`${path}/remove`, { as: "admin", json: {} })).status, 409);
    seen.set(added.json.keys[0].fingerprint, world.context.now());
    assertEquals((await ask(path, { as: "admin" })).json.step, "new key seen");
    const removed = await ask(`${path}/remove`, { as: "admin", json: {} });
    assertEquals([removed.status, removed.json.step], [200, "one key"]);
    assertEquals((await textOf(world)).includes(KEY), false);
    assertStringIncludes(await textOf(world), added.json.key);
    // Neither key is told of the versions that are kept.
    const { json: { versions } } = await ask("/api/v1/config/versions", { as: "admin" });
    assertEquals(versions.length, 2);
    for (const { id } of versions) {
      const { status, text } = await ask(`/api/v1/config/versions/${encodeURIComponent(id)}`, {
        as: "admin",
      });
      assertEquals([status, text.includes(KEY), text.includes(added.json.key)], [
        200,
        false,
        false,
      ]);
    }
    const audit = (await ask("/api/v1/audit", { as: "admin" })).text;
    assertEquals([audit.includes(added.json.key), audit.includes("add key")], [false, true]);
  }, {
    config: TEXT,
    wrap: (context) => ({
      ...context,
      traffic: { ...context.traffic, keySeenAt: (_endpoint, key) => seen.get(key) },
    }),
  });
});

Deno.test("a rotation leaves a config alone that is not the one that is served, or would have mistakes", () => {
  const seen = new Map<string, number>();
  return withConsole(async (world) => {
    const { ask } = world;
    const path = "/api/v1/keys/rotation/approval";
    const { file } = world.context.served();
    async function isLeftAlone(step: "add" | "remove", text: string) {
      await Deno.writeTextFile(file, text);
      const { status, json } = await ask(`${path}/${step}`, { as: "admin", json: {} });
      assertEquals([status, json.code], [409, "not_possible"]);
      assertEquals(await textOf(world), text);
      return json.message;
    }
    // Nobody would ever see the key, and each try would add one.
    assertStringIncludes(
      await isLeftAlone("add", TEXT.replace("order.total >", "order.totl >")),
      "the config file would have 1 mistake",
    );
    assertStringIncludes(
      await isLeftAlone("add", TEXT.replace(KEY, "another-key-of-the-store-1")),
      "other keys than those that are served",
    );
    await Deno.writeTextFile(file, TEXT);
    const { json: added } = await ask(`${path}/add`, { as: "admin", json: {} });
    seen.set(added.keys[0].fingerprint, world.context.now());
    // Somebody took the old key out by hand a moment ago: the new one is the last.
    const alone = (await textOf(world)).replace(/,\s*"a-signature-key-of-the-store"/, "");
    assertEquals([alone.includes(KEY), alone.includes(added.key)], [false, true]);
    assertStringIncludes(
      await isLeftAlone("remove", alone),
      "other keys than those that are served",
    );
    const { json: { versions } } = await ask("/api/v1/config/versions", { as: "admin" });
    assertEquals(versions.length, 1);
  }, {
    config: TEXT,
    wrap: (context) => ({
      ...context,
      traffic: { ...context.traffic, keySeenAt: (_endpoint, key) => seen.get(key) },
    }),
  });
});
