/** Rules that are saved from the console, and versions of the config that are gone back to. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { KEY } from "./console_world.ts";
import { OTHER, RULES, textOf, tried, withText, WRITTEN_CONFIG as TEXT } from "./written_config.ts";
import { undescribedOf } from "./described.ts";

Deno.test("nothing is saved that was not tried, and what is saved leaves the rest of the file alone", () =>
  withText(async (world) => {
    const { ask } = world;
    const before = await ask("/api/v1/edit/approval", { as: "admin" });
    const save = { rules: OTHER, action: "save", fingerprint: before.json.fingerprint };
    const untried = await ask("/api/v1/edit/approval", { as: "admin", json: save });
    assertEquals([untried.status, untried.json.code], [409, "not_possible"]);
    assertEquals(await textOf(world), TEXT);
    // What was tried was another text.
    const other = await tried(world, RULES.replace("500.0", "200.0"));
    const wrong = { ...save, receipt: other.receipt };
    assertEquals((await ask("/api/v1/edit/approval", { as: "admin", json: wrong })).status, 409);
    const draft = await tried(world, OTHER);
    world.pass(3_700_000);
    const late = await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { ...draft, action: "save" },
    });
    assertEquals(late.status, 409);
    const again = await tried(world, OTHER);
    const { status, json } = await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { ...again, action: "save" },
    });
    assertEquals([status, json.saved.isServed, json.lines.length], [
      200,
      true,
      OTHER.split("\n").length,
    ]);
    assertEquals(await textOf(world), TEXT.replace("500.0", "100.0"));
    assertEquals(world.context.served().endpoints[0]?.rules[0]?.when, "order.total > 100.0");
    const { entries } = (await ask("/api/v1/audit?action=save%20rules", { as: "admin" })).json;
    assertEquals(entries[0].result, "served");
    assertEquals(entries[0].who, "admin-script");
  }));

Deno.test("what was sound when it was tried and is no longer is not saved", () =>
  withText(async (world) => {
    const { ask } = world;
    const folder = dirname(world.context.served().file);
    const table = join(folder, "plants.csv");
    await Deno.writeTextFile(table, "total,group\n>= 100,10065\n");
    const text = TEXT.replace(
      '"console":',
      '"tables": { "plants": { "file": "plants.csv", "inputs": { "total": "order.total" } } },\n  "console":',
    );
    await Deno.writeTextFile(world.context.served().file, text);
    const draft = await tried(world, '[{ "name": "plants", "table": "plants" }]');
    await Deno.writeTextFile(table, "total,group\nmuch,10065\n");
    const { status, json } = await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { ...draft, action: "save" },
    });
    assertEquals([status, json.code], [409, "not_possible"]);
    assertStringIncludes(json.message, "would have 1 mistake");
    assertEquals(await textOf(world), text);
  }));

Deno.test("of two admins at once the second is told, and loses nothing", () =>
  withText(async (world) => {
    const [one, two] = [
      await tried(world, OTHER),
      await tried(world, RULES.replace("500.0", "200.0")),
    ];
    const both = await Promise.all(
      [one, two].map((draft) =>
        world.ask("/api/v1/edit/approval", { as: "admin", json: { ...draft, action: "save" } })
      ),
    );
    assertEquals(both.map(({ status }) => status).toSorted(), [200, 409]);
    const [winner, loser] = both[0]?.status === 200 ? [one, two] : [two, one];
    const saved = TEXT.replace(RULES, winner.rules);
    assertEquals(await textOf(world), saved);
    // On the page, who lost sees the own text still, and how it differs now.
    const { text } = await world.ask("/rules-edit/approval", {
      as: "admin",
      form: { ...loser, action: "save" },
    });
    assertStringIncludes(text, loser === one ? "100.0" : "200.0");
    assertStringIncludes(text, "was changed meanwhile");
    assertEquals(await textOf(world), saved);
  }));

Deno.test("a version is compared with now and gone back to, with secrets hidden", () =>
  withText(async (world) => {
    const { ask } = world;
    await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { ...await tried(world, OTHER), action: "save" },
    });
    const { json: list } = await ask("/api/v1/config/versions", { as: "admin" });
    assertEquals(undescribedOf("GET /config/versions", { status: 200, json: list }), []);
    const { versions } = list;
    assertEquals(versions.map(({ by }: { by: string }) => by), ["admin-script"]);
    const [{ id }] = versions;
    const path = `/config/versions/${encodeURIComponent(id)}`;
    const { text, json } = await ask(`/api/v1${path}`, { as: "admin" });
    assertEquals(undescribedOf("GET /config/versions/{id}", { status: 200, json }), []);
    assertEquals(text.includes(KEY), false);
    const changed = json.lines.filter(({ kind }: { kind: string }) => kind !== "same");
    assertEquals(changed.map(({ kind }: { kind: string }) => kind), ["removed", "added"]);
    const page = await ask(path, { as: "admin" });
    assertEquals([page.status, page.text.includes(KEY)], [200, false]);
    const stale = await ask(`/api/v1${path}/restore`, { as: "admin", json: { fingerprint: "x" } });
    assertEquals(stale.status, 409);
    const { fingerprint } = json;
    const back = await ask(`${path}/restore`, {
      as: "admin",
      form: { fingerprint, back: "/config" },
    });
    assertEquals(back.status, 303);
    assertEquals(await textOf(world), TEXT);
    const to = back.headers.get("Location") ?? "";
    assertStringIncludes((await ask(to, { as: "admin" })).text, "and is in use");
    assertEquals((await ask("/api/v1/config/versions/nothing", { as: "admin" })).status, 404);
    assertEquals((await ask("/api/v1/config/versions/..%2Fx", { as: "admin" })).status, 404);
  }));
