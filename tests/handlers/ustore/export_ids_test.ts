import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { createExportIds } from "../../../handlers/ustore/export_ids.ts";

const LIST = ["store", "list", ""] as const;

Deno.test("createExportIds() gives the same names again", async () => {
  const ids = await (await createExportIds("secret"))(...LIST);
  assertEquals(await (await createExportIds("secret"))(...LIST), ids);
  assertMatch(ids.token, /^[0-9a-f]{32}$/);
  assertMatch(ids.externalId, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}$/);
});

Deno.test("createExportIds() gives another list other names", async () => {
  const idsOf = await createExportIds("secret");
  const ids = await idsOf(...LIST);
  const others = await Promise.all([
    idsOf("store", "lis", "t"),
    idsOf("stor", "elist", ""),
    idsOf("", "list", ""),
    idsOf('store","list', "", ""),
  ]);
  for (const other of others) {
    assertNotEquals(other.externalId, ids.externalId);
    assertNotEquals(other.token, ids.token);
  }
});

Deno.test("createExportIds() keeps an id that is given, and the list's token", async () => {
  const idsOf = await createExportIds("secret");
  const { token } = await idsOf(...LIST);
  assertEquals(await idsOf("store", "list", "given"), { externalId: "given", token });
});

Deno.test("createExportIds() makes tokens that nobody can guess without the key", async () => {
  const ids = await (await createExportIds("secret"))(...LIST);
  const others = await (await createExportIds("another"))(...LIST);
  assertEquals(others.externalId, ids.externalId);
  assertNotEquals(others.token, ids.token);
});
