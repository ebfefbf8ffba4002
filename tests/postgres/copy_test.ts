import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { copyJournal } from "../../lib/journal/copy.ts";
import { JournalNotOpened } from "../../lib/journal/errors.ts";
import type { Journal } from "../../lib/journal/journal.ts";
import { openEndOfCopy } from "../../lib/journal/configured.ts";
import { openSharedJournal } from "../../lib/journal/postgres/open.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";
import { runProgram } from "../e2e/program.ts";
import {
  attempt,
  bytesOf,
  complete,
  delivery,
  event,
  refusal,
  withFolder,
} from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";

const DAY_MS = 24 * 3_600_000;
const FIRST = Date.UTC(2026, 6, 1, 12);

/** Stands in no body: it is found by its index alone. */
const NUMBER = 'Ord\0er {7},"';

async function foundByNumber(journal: Journal): Promise<number> {
  const { deliveries } = await journal.list({ number: NUMBER });
  return deliveries.length;
}

/** Some of everything: three days, forwards in each state, an erased person, a refused delivery. */
async function fill(journal: Journal): Promise<void> {
  const { token } = await journal.exportOf("/cart", "list 1", "id\0of the store");
  for (let day = 0; day < 3; day++) {
    const at = { receivedAt: FIRST + day * DAY_MS, answeredAt: FIRST + day * DAY_MS + 5 };
    await journal.record(delivery({ ...at, numbers: [`N-${day}`, NUMBER] }));
    await journal.record(refusal(at));
    const events = ["waits", "failed", "delivered"].map((key) =>
      event({ key: `${key} ${day}`, subject: "order/1\0", forwardTo: ["erp", "crm"] })
    );
    const exported = { token, list: bytesOf(`list of ${day}`) };
    await journal.record(delivery({ ...at, body: bytesOf(`{"day":${day}}`) }), {
      events,
      exported,
    });
  }
  const { forwards } = await journal.outbox.list({ limit: 100 });
  for (const { id, event: { key } } of forwards) {
    if (key.startsWith("failed")) {
      await complete(journal, id, attempt({ status: 500, error: "a\0" }), {
        state: "failed",
      });
    }
    if (key.startsWith("delivered")) await complete(journal, id, attempt(), { state: "delivered" });
  }
  await journal.record(delivery({ receivedAt: FIRST, body: bytesOf('"ann@example.com"') }), {
    events: [event({ payload: bytesOf('"ann@example.com"') })],
  });
  await journal.erase("ann@example.com");
}

async function figuresOf(journal: Journal) {
  const { bytes: _bytes, ...counts } = await journal.counts();
  return {
    counts,
    events: await journal.events.counts(),
    forwards: await journal.outbox.countsByState(),
    outbox: [...await journal.outbox.counts()],
  };
}

Deno.test({
  name: "journal copy moves a journal into a database and back, with all that is in it" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  fn: () =>
    withFolder(async (folder) => {
      const cluster = await startCluster({ settings: ["fsync = off"] });
      const [first, back] = ["first.db", "back.db"].map((name) => join(folder, name));
      if (first === undefined || back === undefined) return;
      const journal = openJournal(first);
      await fill(journal);
      const before = await figuresOf(journal);

      // While it is written.
      const there = await runProgram([
        ...["journal", "copy", "--from", first, "--to", cluster.url()],
        "--json",
      ]);
      assertEquals(there.code, 0, there.stderr);
      assertEquals(JSON.parse(there.stdout), {
        days: 3,
        deliveries: 10,
        events: 10,
        exports: 1,
        differing: [],
        beyond: 0,
      });
      // Which journal it is, is told without the password.
      const url = cluster.url().replace("postgres@", "postgres:s3cret@");
      await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify({ journal: { url } }));
      const info = await runProgram(["journal", "info", "--json"], { cwd: folder });
      assertEquals(JSON.parse(info.stdout).path, cluster.url().replace("postgres@", "…@"));
      const { journal: shared, database } = openSharedJournal({ url: cluster.url() });
      try {
        assertEquals(await figuresOf(shared), before);
        assertEquals(await foundByNumber(shared), 3);
        // What is old stands in the week in which it came, too, and can go with it.
        assertEquals(await database.query("SELECT id FROM deliveries_other"), []);
        // What changes is copied again, and nothing else.
        const [forward] = (await shared.outbox.list({ state: "waiting", limit: 1 })).forwards;
        await journal.outbox.cancel([forward?.id ?? ""]);
        const again = await runProgram([
          ...["journal", "copy", "--from", first, "--to", cluster.url()],
        ]);
        assertEquals(again.stderr.match(/there already/g)?.length, 2);
        assertMatch(again.stdout, /Both hold the same, by a checksum of each day/);
        assertEquals(await figuresOf(shared), await figuresOf(journal));
        // One that comes again is known.
        const [known] = await Array.fromAsync(shared.events.each());
        await shared.record(delivery({ receivedAt: FIRST + 1 }), {
          events: [event({ key: known?.key ?? "", subject: known?.subject ?? "", content: "x" })],
        });
        assertEquals((await shared.events.counts()).events, 10);
      } finally {
        await shared.close();
        await journal.close();
      }

      const [source, target] = [
        await openEndOfCopy(cluster.url(), "from"),
        await openEndOfCopy(back, "to"),
      ];
      try {
        const { differing, days } = await copyJournal(source, target);
        assertEquals([differing, days.length], [[], 3]);
      } finally {
        await source.close();
        await target.close();
      }
      const returned = openJournal(back);
      try {
        const { token } = await returned.exportOf("/cart", "list 1");
        assertEquals((await returned.findExport(token))?.version, 3);
        assertEquals(await foundByNumber(returned), 3);
        // What waits goes on in its order.
        const leasing = { owner: "w", destination: "crm", limit: 9, leaseMs: 1, now: 2e12 };
        const leased = await returned.outbox.lease({ ...leasing, ordered: true });
        assertEquals(leased.map(({ event: { key } }) => key), ["waits 0"]);
      } finally {
        await returned.close();
      }
    }),
});

Deno.test("journal copy tells what can't be copied, without a password", () =>
  withFolder(async (folder) => {
    const nowhere = "postgres://ann:s3cret@127.0.0.1:1/none";
    const world = { cwd: folder };
    const ran = await runProgram(["journal", "copy", "--from", nowhere, "--to", "copy.db"], world);
    assertEquals(ran.code, 1);
    assertMatch(ran.stderr, /the database can't be reached/);
    assertEquals(ran.stderr.includes("s3cret"), false);
    assertMatch(ran.stderr, /--from postgres:\/\/…@127/);
    const same = await runProgram(["journal", "copy", "--from", "a.db", "--to", "./a.db"], world);
    assertEquals(same.code, 2);
    // What is meant as an address is no name of a file, and what is another file stays alone.
    for (const to of ["mysql://ann:s3/cret@db/x", "Postgres://ann:s3/cret@db/x?sslmode=no"]) {
      const ran = await runProgram(["journal", "copy", "--from", "a.db", "--to", to], world);
      assertEquals(ran.code, 2);
      assertMatch(ran.stderr, /Cannot use --to ".*…@db\/x/);
      assertEquals(/s3|cret/.test(ran.stderr), false);
    }
    await openJournal(join(folder, "a.db")).close();
    await Deno.writeTextFile(join(folder, "notes.txt"), "These are notes, and no journal");
    const other = await runProgram(
      ["journal", "copy", "--from", "a.db", "--to", "notes.txt"],
      world,
    );
    assertMatch(other.stderr, /notes.txt": the file is not a database/);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assertEquals(names.filter((name) => !name.startsWith("a.db")).sort(), ["notes.txt"]);
  }));

Deno.test({
  name: "journal copy makes no journal in a database that is copied" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  fn: () =>
    withFolder(async (folder) => {
      const cluster = await startCluster({ settings: ["fsync = off"] });
      const to = join(folder, "copy.db");
      const ran = await runProgram(["journal", "copy", "--from", cluster.url(), "--to", to]);
      assertEquals(ran.code, 1);
      assertMatch(ran.stderr, /--from postgres:.*There is no journal in this database/);
      await assertRejects(() => openEndOfCopy(cluster.url(), "from"), JournalNotOpened);
    }),
});

/** What the source removes between two copies of it. */
async function copyTwice(folder: string, to: string): Promise<void> {
  const path = join(folder, `${crypto.randomUUID()}.db`);
  const journal = openJournal(path);
  const { token } = await journal.exportOf("/cart", "list 1", "id");
  const versions = ["of ann@example.com", "of bob", "of cid"];
  for (const [index, list] of versions.entries()) {
    const exported = { token, list: bytesOf(list) };
    await journal.record(delivery({ receivedAt: FIRST + index }), { exported });
    await journal.record(refusal({ receivedAt: FIRST + index }));
    const events = [event({ subject: `s${index}`, forwardTo: [] })];
    await journal.record(delivery({ receivedAt: FIRST + index }), { events });
  }
  const copy = async () => {
    const ends = [await openEndOfCopy(path, "from"), await openEndOfCopy(to, "to")] as const;
    try {
      const { differing, days } = await copyJournal(...ends);
      const versions = await Array.fromAsync(ends[1].exports(), ({ token, versions }) => [
        token,
        versions.map(({ version }) => version),
      ]);
      return { differing, beyond: days.map(({ beyond }) => beyond), versions };
    } finally {
      for (const end of ends) await end.close();
    }
  };
  assertEquals(await copy(), {
    differing: [],
    beyond: [undefined],
    versions: [[token, [1, 2, 3]]],
  });
  await journal.erase("ann@example.com");
  assertEquals(await copy(), { differing: [], beyond: [undefined], versions: [[token, [2, 3]]] });
  // What was there when it was copied and is too old now: nothing is missing, and nothing taken.
  await journal.prune({ olderThanMs: 1, now: FIRST + 2, budgetMs: 10_000 });
  const { differing, beyond } = await copy();
  assertEquals([differing, beyond], [[], [4]]);
  // What the target lacks is told, also where it has other things.
  await journal.record(delivery({ receivedAt: FIRST + 3 }));
  assertEquals((await copy()).beyond, [4]);
  await journal.close();
}

Deno.test({
  name: "a second copy takes out exported lists that were erased, and knows what is only older" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  fn: () =>
    withFolder(async (folder) => {
      const cluster = await startCluster({ settings: ["fsync = off"] });
      await copyTwice(folder, cluster.url());
      await copyTwice(folder, join(folder, "copy.db"));
    }),
});
