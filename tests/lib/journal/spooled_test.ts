import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { JournalNotOpened, JournalUnavailable } from "../../../lib/journal/errors.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { createSpooledJournal, type SpoolOptions } from "../../../lib/journal/spooled.ts";
import { openSpool } from "../../../lib/journal/sqlite/spool.ts";
import { eventually } from "../../e2e/waits.ts";
import { memoryJournal } from "./memory/memory.ts";
import { bytesOf, delivery, event, withFolder } from "./samples.ts";

/** A store that can be told to take nothing, or to take it without saying so. */
function createDoubtfulJournal() {
  const journal = memoryJournal();
  let behaviour: "works" | "refuses" | "is silent" = "works";
  const silent: (() => Promise<void>)[] = [];
  const doubtful: Journal = {
    ...journal,
    state: () =>
      behaviour === "works" ? { writable: true } : { writable: false, reason: "it is away" },
    record(...recorded) {
      if (behaviour === "refuses") return Promise.reject(new JournalUnavailable("it is away"));
      if (behaviour === "works") return journal.record(...recorded);
      return new Promise((resolve, reject) => {
        silent.push(() => journal.record(...recorded).then(resolve, reject));
      });
    },
  };
  return {
    journal: doubtful,
    behave(next: typeof behaviour) {
      behaviour = next;
    },
    /** What was silent comes to its end. */
    finish: () => Promise.all(silent.splice(0).map((run) => run())),
  };
}

async function withSpool(
  run: (
    parts: ReturnType<typeof createDoubtfulJournal> & {
      readonly open: (options?: Partial<SpoolOptions>) => ReturnType<typeof createSpooledJournal>;
    },
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const doubtful = createDoubtfulJournal();
    const path = join(folder, "data", "spool.db");
    await run({
      ...doubtful,
      open: (options = {}) =>
        createSpooledJournal({ ...doubtful.journal, close: () => Promise.resolve() }, {
          spool: openSpool(path),
          commitTimeoutMs: 20,
          spoolEvents: false,
          ...options,
        }),
    });
  });
}

const isCopied = (journal: { spooled: () => { deliveries: number } }) =>
  eventually("an empty spool", () => journal.spooled().deliveries === 0);

Deno.test("createSpooledJournal() keeps a decision that the store does not take, and copies it", () =>
  withSpool(async ({ open, behave, journal: store }) => {
    const journal = open();
    const decided = delivery({ body: new Uint8Array([0, 255, 13]), note: "a\0note" });
    behave("refuses");
    await journal.record(decided);
    assertEquals(journal.spooled(), {
      deliveries: 1,
      withEvents: 0,
      oldestAt: decided.receivedAt,
    });
    assertEquals([journal.state(), await store.get(decided.id)], [{ writable: true }, undefined]);
    behave("works");
    await isCopied(journal);
    assertEquals(await store.get(decided.id), {
      ...decided,
      bodyBytes: 3,
      repeatOf: null,
      erasedAt: null,
    });
    await journal.close();
  }));

Deno.test("createSpooledJournal() copies the numbers by which a delivery is found", () =>
  withSpool(async ({ open, behave, journal: store }) => {
    const journal = open();
    behave("refuses");
    const decided = delivery({ body: bytesOf("{}"), numbers: ["A-17\0"] });
    await journal.record(decided);
    behave("works");
    await isCopied(journal);
    assertEquals((await store.get(decided.id))?.numbers, ["A-17\0"]);
    await journal.close();
  }));

Deno.test("createSpooledJournal() copies what is spooled while more comes without a pause", () =>
  withSpool(async ({ open, behave, journal: store }) => {
    const journal = open();
    behave("refuses");
    await journal.record(delivery());
    behave("works");
    let count = 1;
    await eventually("an empty spool", async () => {
      await journal.record(delivery());
      count++;
      return journal.spooled().deliveries === 0;
    });
    assertEquals((await store.counts()).accepted, count);
    await journal.close();
  }));

Deno.test("createSpooledJournal() records a commit once that took too long and came to its end", () =>
  withSpool(async ({ open, behave, finish, journal: store }) => {
    const journal = open();
    const decided = delivery();
    behave("is silent");
    await journal.record(decided);
    behave("works");
    await finish();
    await isCopied(journal);
    assertEquals((await store.counts()).accepted, 1);
    await journal.close();
  }));

Deno.test("createSpooledJournal() copies what an earlier process left, in its order", () =>
  withSpool(async ({ open, behave, journal: store }) => {
    const first = open({ spoolEvents: true });
    behave("refuses");
    const events = ["hold", "shipping", "hold"].map((key) =>
      event({ key, subject: "order/1", forwardTo: ["erp"] })
    );
    for (const one of events) await first.record(delivery(), { events: [one] });
    await first.close();
    behave("works");
    const second = open({ spoolEvents: true });
    // What comes meanwhile comes behind them.
    await second.record(delivery(), { events: [event({ key: "done", subject: "order/1" })] });
    await isCopied(second);
    const kept = await Array.fromAsync(store.events.each(), ({ key }) => key);
    assertEquals(kept, ["hold", "shipping", "hold", "done"]);
    await second.close();
  }));

Deno.test("createSpooledJournal() refuses events and exports with words, unless events may wait", () =>
  withSpool(async ({ open, behave, journal: store }) => {
    const journal = open();
    const { token } = await journal.exportOf("/cart", "list");
    behave("refuses");
    await assertRejects(
      () => journal.record(delivery(), { events: [event()] }),
      JournalUnavailable,
      "it is away",
    );
    behave("is silent");
    await assertRejects(
      () => journal.record(delivery(), { exported: { token, list: bytesOf("{}") } }),
      JournalUnavailable,
      "it took no commit within 20 ms",
    );
    assertEquals([journal.spooled().deliveries, (await store.counts()).accepted], [0, 0]);
    await journal.close();
  }));

Deno.test("createSpooledJournal() passes on what is wrong with a delivery itself", () =>
  withSpool(async ({ open }) => {
    const journal = open();
    const decided = delivery();
    await journal.record(decided);
    await assertRejects(() => journal.record(decided), RangeError, "one of this id");
    assertEquals(journal.spooled().deliveries, 0);
    await journal.close();
  }));

Deno.test("openSpool() refuses a file that another one has, or that is none", () =>
  withFolder(async (folder) => {
    const path = join(folder, "spool.db");
    const spool = openSpool(path);
    assertThrows(() => openSpool(path), JournalNotOpened, "each instance needs one of its own");
    spool.close();
    openSpool(path).close();
    const other = join(folder, "other.db");
    await Deno.writeTextFile(other, "no database at all, but a text");
    assertThrows(() => openSpool(other), JournalNotOpened, `Cannot use journal.spool "${other}"`);
  }));

Deno.test({
  name: "openSpool() makes its file again where it was removed, with all that was in it",
  // There an open file can't be removed.
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "spool.db");
      const spool = openSpool(path);
      const ids = (of: typeof spool) => of.oldest(100).map(({ delivery: { id } }) => id);
      const kept: string[] = [];
      const keep = async () => {
        const one = delivery();
        await spool.keep(one, [event()]);
        kept.push(one.id);
      };
      await keep();
      for (const name of ["spool.db", "spool.db-wal"]) {
        await keep();
        Deno.removeSync(join(folder, name));
        await keep();
        assertEquals(ids(spool), kept);
      }
      // What is there now is found by whoever opens it next, as after the machine lost its power.
      const copy = join(folder, "copy.db");
      for (const end of ["", "-wal"]) Deno.copyFileSync(`${path}${end}`, `${copy}${end}`);
      const next = openSpool(copy);
      assertEquals(ids(next), kept);
      next.close();
      // Numbers stay: what is copied meanwhile is removed by them.
      const [first] = spool.oldest(1);
      Deno.removeSync(path);
      await keep();
      spool.remove([first?.seq ?? 0]);
      assertEquals(ids(spool), kept.slice(1));
      spool.close();
    }),
});
