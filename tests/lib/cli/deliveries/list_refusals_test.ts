import { assertEquals, assertStringIncludes } from "@std/assert";
import { CONFIG, withJournal } from "../journal_world.ts";

Deno.test("deliveries list refuses what it can't read", async () => {
  await withJournal(async (world) => {
    await world.record({});
    const wrong = {
      "--status=600": 'Cannot read --status "600": wanted e.g. 200, 4xx or 400-499',
      "--limit=0": 'Cannot list "0": wanted a number from 1 to 10000',
      "--limit=x": 'Cannot list "x": wanted a number from 1 to 10000',
      "--since=soon": 'Cannot read --since "soon": wanted a time such as 2026-07-14, ' +
        "2026-07-14T09:30, 2026-07-14T09:30:00Z, 2h or 3d (ago), " +
        "today, yesterday or monday",
      "--cursor=x": 'Cannot parse cursor "x": it must be copied from a list',
    };
    const ran = await Promise.all(
      Object.keys(wrong).map((option) => world.run("deliveries", "list", option)),
    );
    assertEquals(
      ran,
      Object.values(wrong).map((message) => ({
        code: 2,
        out: "",
        err: `${message}\nSee: storehook deliveries list --help\n`,
      })),
    );
  });
});

Deno.test("deliveries list looks in spite of a broken rule and an unset variable", async () => {
  await withJournal(async (world) => {
    await world.record({});
    const [approval] = CONFIG.endpoints;
    const broken = { ...approval, signatureKeys: ["${UNSET}"], rules: [{ name: 1 }] };
    const config = await world.config("broken.json", { ...CONFIG, endpoints: [broken] });
    const { code, out, err } = await world.run("deliveries", "list", "--config", config);
    assertEquals([code, out.split("\n").length, err], [0, 3, ""]);
  });
});

Deno.test("deliveries list exits 2 when the config does not tell where the journal is", async () => {
  await withJournal(async (world) => {
    const config = await world.config("broken.json", { journal: { path: 1 } });
    const { code, out, err } = await world.run("deliveries", "list", "--config", config);
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(err, "journal.path\n  found 1, wanted");
  });
});

Deno.test("deliveries list exits 1 when there is no journal yet, and makes none", async () => {
  await withJournal(async (world) => {
    assertEquals(await world.run("deliveries", "list"), {
      code: 1,
      out: "",
      err:
        `There is no journal at "${world.journalFile}" yet: the server makes it when it starts\n`,
    });
    assertEquals([...Deno.readDirSync(world.folder)].map(({ name }) => name), ["config.json"]);
  });
});

Deno.test("deliveries list exits 1 when the file is no journal", async () => {
  await withJournal(async (world) => {
    await world.record({});
    await Deno.writeTextFile(world.journalFile, "not a database at all, but a text ".repeat(100));
    const { code, err } = await world.run("deliveries", "list");
    assertEquals(code, 1);
    assertEquals(
      err,
      `Cannot open journal "${world.journalFile}": the file is not a database\n`,
    );
  });
});
