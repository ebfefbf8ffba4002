import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { formatExactTimestamp } from "../../../lib/util/timestamp.ts";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { attemptAll, recordEvents } from "./events_world.ts";
import { bytes, CONFIG, START, withJournal } from "./journal_world.ts";

const REFUSED = { verifiedBy: null, status: 401, decisions: [] };

const DAY_MS = 86_400_000;

Deno.test("journal info tells how much the journal holds, and since when", async () => {
  await withJournal(async (world) => {
    await world.record({}, REFUSED, {});
    await world.write(async (journal) => {
      await journal.exportOf("/cart", "list");
      await recordEvents(journal, START + 3000, {}, { warnings: ["type: found nothing"] });
      await attemptAll(journal, "erp", { status: 500, error: "erp.example answered 500" });
      await recordEvents(journal, START + 5000, { forwardTo: ["erp", "crm"] });
      await attemptAll(journal, "crm");
      await journal.outbox.disable("erp", { at: START, reason: "gone" });
    });
    const { code, out, err } = await world.run("journal", "info");
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out.replace(/size .*/, "size         SIZE"),
      `${world.journalFile}
  deliveries   5 accepted, 1 refused
  oldest       ${formatExactTimestamp(START)}
  newest       ${formatExactTimestamp(START + 5000)}
  events       3, 1 with warnings
  forwards     1 waiting, 1 delivered, 2 failed, 0 cancelled
  waiting      1.0 KB for erp
  disabled     erp, since ${formatExactTimestamp(START)}: it answered 410
  exports      1 list
  size         SIZE
`,
    );
  });
});

Deno.test("journal info --json", async () => {
  await withJournal(async (world) => {
    await world.write((journal) => journal.outbox.disable("erp", { at: START, reason: "failing" }));
    const { out } = await world.run("journal", "info", "--json");
    const { bytes: size, ...info } = JSON.parse(out);
    assertEquals(info, {
      path: world.journalFile,
      accepted: 0,
      refused: 0,
      exports: 0,
      oldest: null,
      newest: null,
      events: 0,
      eventsWithWarnings: 0,
      forwards: { waiting: 0, delivered: 0, failed: 0, cancelled: 0 },
      waitingBytes: {},
      disabled: { erp: { since: "2026-07-14T09:30:00.000Z", reason: "failing" } },
      paused: {},
    });
    assertEquals(Number.isSafeInteger(size), true);
  });
});

Deno.test("journal prune removes what is older than it is told", async () => {
  await withJournal(async (world) => {
    const now = Date.now();
    await world.record({ receivedAt: now - 31 * DAY_MS }, { receivedAt: now - 29 * DAY_MS });
    const { code, out } = await world.run("journal", "prune", "--older-than", "30d");
    assertEquals(code, 0);
    assertMatch(
      out,
      /^Removed 1 delivery, 0 events and 0 exported lists; the journal takes \d+\.\d KB now\n$/,
    );
    const { out: left } = await world.run("journal", "info");
    assertMatch(left, /1 accepted, 0 refused/);
  });
});

Deno.test("journal prune removes the oldest until the journal is small enough", async () => {
  await withJournal(async (world) => {
    const large = Array.from({ length: 40 }, () => ({ body: bytes("x".repeat(50_000)) }));
    await world.record(...large);
    const { code } = await world.run("journal", "prune", "--max-size", "1MB");
    assertEquals(code, 0);
    const { bytes: size, newest } = JSON.parse((await world.run("journal", "info", "--json")).out);
    assertEquals(size <= 1_000_000, true);
    assertEquals(size > 900_000, true);
    assertEquals(newest, new Date(START + 39_000).toISOString());
  });
});

Deno.test("journal prune goes by the config when it is told nothing", async () => {
  await withJournal(async (world) => {
    const now = Date.now();
    await world.record({ receivedAt: now - 91 * DAY_MS }, { receivedAt: now - 89 * DAY_MS });
    assertMatch((await world.run("journal", "prune")).out, /^Removed 1 delivery, /);
    const config = await world.config("short.json", {
      ...CONFIG,
      journal: { ...CONFIG.journal, retentionDays: 30 },
    });
    const { out } = await world.run("journal", "prune", "--config", config);
    assertMatch(out, /^Removed 1 delivery, /);
  });
});

Deno.test("journal prune refuses what it can't read", async () => {
  await withJournal(async (world) => {
    const [age, size] = await Promise.all([
      world.run("journal", "prune", "--older-than", "30"),
      world.run("journal", "prune", "--max-size", "2"),
    ]);
    assertEquals([age?.code, size?.code], [2, 2]);
    assertMatch(
      age?.err ?? "",
      /^Cannot read --older-than "30": wanted a time such as 30d or 12h\n/,
    );
    assertMatch(
      size?.err ?? "",
      /^Cannot read --max-size "2": wanted a size such as 2GB or 500MB\n/,
    );
  });
});

Deno.test("journal prune and erase work while a server has the journal", async () => {
  await withJournal(async (world) => {
    const now = Date.now();
    await world.record(
      { receivedAt: now - 31 * DAY_MS },
      { receivedAt: now, body: bytes("ann@example.com") },
    );
    await world.write(async (journal) => {
      const prune = await world.run("journal", "prune", "--older-than", "30d");
      assertEquals([prune.code, prune.err], [0, ""]);
      assertMatch(prune.out, /^Removed 1 delivery, /);
      const erase = await world.run("journal", "erase", "--email", "ann@example.com");
      assertEquals([erase.code, erase.err], [0, ""]);
      assertMatch(erase.out, /^Erased the data of 1 delivery, /);
      assertEquals((await journal.list()).deliveries.map(({ bodyBytes }) => bodyBytes), [0]);
    });
  });
});

Deno.test("journal prune and erase make no journal where there is none", async () => {
  await withJournal(async (world) => {
    assertEquals((await world.run("journal", "prune")).code, 1);
    assertEquals((await world.run("journal", "erase", "--email", "a@example.com")).code, 1);
    assertEquals([...Deno.readDirSync(world.folder)].map(({ name }) => name), ["config.json"]);
  });
});

Deno.test("journal prune tells what will go, and asks", async () => {
  await withJournal(async (world) => {
    const now = Date.now();
    await world.record({ receivedAt: now - 31 * DAY_MS }, { receivedAt: now - 29 * DAY_MS });
    const prune = ["journal", "prune", "--older-than", "30d"];
    const counts = "1 delivery, 0 events and 0 exported lists\n";
    const dry = await world.run(...prune, "--dry-run");
    assertEquals(dry, { code: 0, out: `This would go: ${counts}`, err: "" });
    const no = await world.runAnswering(false, ...prune);
    const asked = `This would go, for good: ${counts}Remove it?\nNothing was changed\n`;
    assertEquals(no, { code: 1, out: "", err: asked });
    const wouldGo = JSON.parse((await world.run(...prune, "--dry-run", "--json")).out);
    const yes = JSON.parse((await world.runAnswering(true, ...prune, "--json")).out);
    const gone = { deliveries: 1, events: 0, exportVersions: 0 };
    assertEquals({ ...wouldGo, bytes: 0 }, { dryRun: true, ...gone, bytes: 0 });
    assertEquals({ ...yes, bytes: 0 }, { dryRun: false, ...gone, bytes: 0 });
  });
});

Deno.test("journal prune removes nothing for its age by a clock that the journal does not know", async () => {
  await withJournal(async (world) => {
    const now = Date.now();
    await world.record({ receivedAt: now - 100 * DAY_MS });
    await world.write((journal) => journal.noteClock({ trustedAt: now - 100 * DAY_MS, seenMs: 0 }));
    const { code, out, err } = await world.run("journal", "prune");
    assertEquals(code, 0);
    assertMatch(err, /^The clock is 2,400 hours ahead of the time that the journal knows, /);
    assertMatch(out, /^Removed 0 deliveries, /);
    assertMatch((await world.run("journal", "prune", "--older-than", "90d")).out, /^Removed 1 /);
  });
});

Deno.test("journal backup writes a copy that can be restored, while the journal is written", async () => {
  await withJournal(async (world) => {
    const [kept] = await world.record({});
    const copy = join(world.folder, "copy.db");
    await world.write(async () => {
      const { code, out } = await world.run("journal", "backup", copy);
      assertEquals(code, 0);
      assertMatch(out.replace(copy, "COPY"), /^Wrote COPY \(\d+\.\d KB\)\n$/);
    });
    await world.record({});
    await Deno.copyFile(copy, world.journalFile);
    await world.write(async (journal) => {
      assertEquals((await journal.list()).deliveries.map(({ id }) => id), [kept?.id ?? ""]);
      return Promise.resolve();
    });
  });
});

Deno.test("journal backup --json says what it wrote", async () => {
  await withJournal(async (world) => {
    await world.record({});
    const copy = join(world.folder, "copy.db");
    const { code, out } = await world.run("journal", "backup", copy, "--json");
    const { size } = await Deno.stat(copy);
    assertEquals([code, JSON.parse(out)], [0, { file: copy, bytes: size }]);
  });
});

Deno.test("journal backup never overwrites a file", async () => {
  await withJournal(async (world) => {
    await world.record({});
    const copy = join(world.folder, "copy.db");
    await Deno.writeTextFile(copy, "mine");
    assertEquals(await world.run("journal", "backup", copy), {
      code: 1,
      out: "",
      err: `Cannot write backup "${copy}": it exists already, and is left as it is\n`,
    });
    assertEquals(await Deno.readTextFile(copy), "mine");
    const missing = await world.run("journal", "backup", join(world.folder, "none", "copy.db"));
    assertEquals(missing.code, 1);
    assertMatch(missing.err, /: its folder is missing\n$/);
  });
});

Deno.test("commands that look leave the journal as it is", async () => {
  await withJournal(async (world) => {
    const [one] = await world.record({}, REFUSED);
    const before = await Deno.readFile(world.journalFile);
    for (
      const command of ["deliveries list", `deliveries show ${one?.id}`, "deliveries export"]
        .concat("journal info", "backtest", `journal backup ${join(world.folder, "copy.db")}`)
    ) {
      assertNotEquals((await world.run(...command.split(" "))).code, 2, command);
    }
    assertEquals(await Deno.readFile(world.journalFile), before);
    const journal = openJournal(world.journalFile);
    assertEquals((await journal.counts()).accepted, 1);
    await journal.close();
  });
});
