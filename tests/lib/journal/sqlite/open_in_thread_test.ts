import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { setImmediate } from "node:timers";
import { JournalNotOpened, JournalUnavailable } from "../../../../lib/journal/errors.ts";
import type { Journal } from "../../../../lib/journal/journal.ts";
import { lockPath } from "../../../../lib/journal/sqlite/files.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { openJournalInThread } from "../../../../lib/journal/sqlite/open_in_thread.ts";
import { within } from "../../../e2e/waits.ts";
import { testContract } from "../contract.ts";
import { delivery, event, refusal, withFolder, type WithJournal } from "../samples.ts";

const withJournal: WithJournal = (run, refused) =>
  withFolder(async (folder) => {
    const path = join(folder, "data", "journal.db");
    const journal = await openJournalInThread(path, refused === undefined ? {} : { refused });
    try {
      await run(journal);
    } finally {
      await journal.close();
    }
  });

// Starting a thread takes longer than an example, and the statements behind it are the same.
testContract("openJournalInThread()", withJournal, 5);

Deno.test("openJournalInThread() refuses a second writer", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = await openJournalInThread(path);
    await assertRejects(() => openJournalInThread(path), JournalNotOpened, "another process");
    await journal.close();
    await (await openJournalInThread(path)).close();
  }));

Deno.test({
  name: "openJournalInThread() waits for whoever looks just then whether a server runs",
  // There each lock belongs to what opened the file, and nobody looks by one of the file itself.
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "journal.db");
      await (await openJournalInThread(path)).close();
      using look = await Deno.open(lockPath(path));
      await look.lock(false);
      // As long as a look takes on a machine that does much else.
      const timer = setTimeout(() => look.unlockSync(), 500);
      const journal = await openJournalInThread(path);
      clearTimeout(timer);
      await journal.record(delivery());
      await journal.close();
    }),
});

Deno.test("openJournalInThread() takes a large body that is given to it, and copies any other", () =>
  withJournal(async (journal) => {
    const bytes = new Uint8Array(100_000).map((_, at) => at % 251);
    const made = [true, false].map((isBodyGiven) => ({
      isBodyGiven,
      one: delivery({ body: bytes.slice() }),
      bystander: delivery(),
    }));
    for (const { one, bystander, isBodyGiven } of made) {
      await Promise.all([journal.record(one, { isBodyGiven }), journal.record(bystander)]);
      assertEquals(one.body.byteLength, isBodyGiven ? 0 : bytes.byteLength);
      assertEquals((await journal.get(one.id))?.body, bytes);
      assertEquals((await journal.get(bystander.id))?.body, bystander.body);
    }
  }));

Deno.test("record() keeps apart what is recorded together, however much of it is alike", () =>
  withJournal(async (journal) => {
    const answer = (text: string) => new TextEncoder().encode(text);
    const made = [
      delivery({ body: answer("one"), note: "A note", numbers: ["A-17"] }),
      delivery({ body: answer("two") }),
      delivery({ body: answer(""), answer: answer(""), status: 204 }),
      refusal({ body: answer("three"), endpoint: "/other", note: "Another note" }),
      delivery({ body: answer("four"), rules: [{ name: "other" }], numbers: [] }),
      delivery({ body: answer("five") }),
      delivery({ body: answer("with an event") }),
      delivery({ body: answer("six"), receivedAt: 1_700_000_000_007, headers: [] }),
      delivery({ body: new Uint8Array(100_000) }),
      delivery({ body: answer("one") }),
    ];
    await Promise.all(
      made.map((one, index) => journal.record(one, index === 6 ? { events: [event()] } : {})),
    );
    for (const [index, one] of made.entries()) {
      assertEquals(await journal.get(one.id), {
        ...one,
        bodyBytes: one.body.byteLength,
        repeatOf: index === 9 ? made[0]?.id ?? null : null,
        erasedAt: null,
        ...(one.numbers === undefined ? {} : { numbers: one.numbers.map((n) => n.toLowerCase()) }),
      });
    }
  }));

/** Runs with a journal, and with the sizes of the transactions that it stored. */
function withCommits(run: (journal: Journal, stored: readonly number[]) => Promise<void>) {
  return withFolder(async (folder) => {
    const sizes: number[] = [];
    const journal = await openJournalInThread(join(folder, "journal.db"), {
      onCommit({ changes, stored }) {
        if (stored) sizes.push(changes);
      },
    });
    try {
      await run(journal, sizes);
    } finally {
      await journal.close();
    }
  });
}

/** Records deliveries one after the other, without a turn of the event loop between them. */
async function recordInTurn(journal: Journal, count: number): Promise<void> {
  const all: Promise<void>[] = [];
  for (let made = 0; made < count; made++) {
    all.push(journal.record(delivery()));
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
  }
  await Promise.all(all);
}

Deno.test("record() makes one transaction of what comes while another is stored", () =>
  withCommits(async (journal, stored) => {
    const first = journal.record(delivery());
    // By then the first is on its way, and nothing else is sent before it is stored.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, recordInTurn(journal, 3)]);
    assertEquals(stored, [1, 3]);
  }));

Deno.test("record() sends at once what comes alone, and in one what comes with it", () =>
  withCommits(async (journal, stored) => {
    const first = journal.record(delivery());
    const second = journal.record(delivery());
    await Promise.resolve();
    await Promise.all([first, second, journal.record(delivery())]);
    assertEquals(stored, [2, 1]);
  }));

Deno.test("record() keeps in one transaction what is asked for without a pause", () =>
  withCommits(async (journal, stored) => {
    // More than are sent without waiting for others.
    await Promise.all(Array.from({ length: 30 }, () => journal.record(delivery())));
    assertEquals(stored, [30]);
  }));

Deno.test("record() does not wait for what is being stored once there is enough", () =>
  withCommits(async (journal, stored) => {
    // One that comes alone would be sent at once.
    await Promise.all([journal.record(delivery()), journal.record(delivery())]);
    await recordInTurn(journal, 30);
    assertEquals(stored, [2, 12, 12, 6]);
  }));

Deno.test("record() takes half of those who lately waited for enough", () =>
  withCommits(async (journal, stored) => {
    await Promise.all(Array.from({ length: 64 }, () => journal.record(delivery())));
    await recordInTurn(journal, 64);
    assertEquals(stored, [64, 32, 32]);
  }));

Deno.test({
  name: "state() tells that the folder was taken away, and that it is back",
  ignore: Deno.build.os === "windows", // open files can't be moved there
  fn: () =>
    withFolder(async (folder) => {
      const [inside, away] = [join(folder, "data"), join(folder, "away")];
      const journal = await openJournalInThread(join(inside, "journal.db"), { probeEveryMs: 5 });
      const [kept, refused, later] = [delivery(), delivery(), delivery()];
      await journal.record(kept);
      Deno.renameSync(inside, away);
      await assertRejects(() => journal.record(refused), JournalUnavailable);
      assertEquals(journal.state().writable, false);
      await assertRejects(() => journal.list(), JournalUnavailable);
      Deno.renameSync(away, inside);
      while (!journal.state().writable) await new Promise((resolve) => setTimeout(resolve, 1));
      await journal.record(later);
      assertEquals(await Array.fromAsync(journal.each(), ({ id }) => id), [kept.id, later.id]);
      await journal.close();
    }),
});

Deno.test("outbox.onChange() tells of what a command changed beside the server", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = await openJournalInThread(path, { probeEveryMs: 5 });
    const command = openJournal(path, { maintenance: true });
    try {
      await journal.record(delivery(), { events: [event({ forwardTo: ["erp"] })] });
      const told = Promise.withResolvers<void>();
      const forget = journal.outbox.onChange(told.resolve);
      await command.outbox.cancel({});
      await within("news of what a command called off", told.promise);
      forget();
    } finally {
      await command.close();
      await journal.close();
    }
  }));
