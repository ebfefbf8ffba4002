import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Journal } from "../../../lib/journal/journal.ts";
import { keepRetention } from "../../../lib/journal/retention.ts";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { openJournalInThread } from "../../../lib/journal/sqlite/open_in_thread.ts";
import { delivery, event, withFolder } from "./samples.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = 1_700_000_000_000;
const LIMITS = { retentionDays: 90, maxBytes: 20_000_000 };

/** A journal that tells when it was pruned. */
function observed(journal: Journal) {
  let pruned = Promise.withResolvers<void>();
  const watched: Journal = {
    ...journal,
    async prune(options) {
      const result = await journal.prune(options);
      pruned.resolve();
      return result;
    },
  };
  return {
    watched,
    next() {
      pruned = Promise.withResolvers();
      return pruned.promise;
    },
  };
}

Deno.test("keepRetention() removes nothing for its age after a jump of the clock, until it was seen for a day", () =>
  withFolder(async (folder) => {
    const journal = openJournal(join(folder, "journal.db"));
    const { watched, next } = observed(journal);
    let [now, monotonicMs] = [START, 0];
    const tools = { now: () => now, monotonicMs: () => monotonicMs };
    await journal.record(delivery({ receivedAt: START - 100 * DAY_MS }));
    await journal.record(delivery({ receivedAt: START }));
    const counts = async () => (await journal.counts()).accepted;

    let first = next();
    let retention = keepRetention(watched, LIMITS, tools);
    await first;
    assertEquals(await counts(), 1);
    let days = 90;
    async function look() {
      const looked = next();
      retention.change({ ...LIMITS, retentionDays: ++days });
      await looked;
      return await counts();
    }
    now += 200 * DAY_MS;
    assertEquals(await look(), 1);
    await retention.stop();
    // Neither does a restart.
    first = next();
    retention = keepRetention(watched, LIMITS, { ...tools, monotonicMs: () => monotonicMs });
    await first;
    assertEquals(await counts(), 1);
    for (let hours = 0; hours < 23; hours++) {
      [now, monotonicMs] = [now + HOUR_MS, monotonicMs + HOUR_MS];
      assertEquals(await look(), 1);
    }
    [now, monotonicMs] = [now + 2 * HOUR_MS, monotonicMs + 2 * HOUR_MS];
    assertEquals(await look(), 0);
    await retention.stop();
    await journal.close();
  }));

Deno.test("keepRetention() gives up what waits beyond its limit, and tells it", () =>
  withFolder(async (folder) => {
    const journal = await openJournalInThread(join(folder, "journal.db"));
    const payload = new Uint8Array(100_000);
    for (let index = 0; index < 30; index++) {
      await journal.record(delivery(), { events: [event({ payload })] });
    }
    const givenUp = Promise.withResolvers<unknown>();
    const retention = keepRetention(journal, { ...LIMITS, maxWaitingBytes: 2_000_000 }, {
      onGivenUp: (destination, count) => givenUp.resolve([destination, count > 0]),
    });
    assertEquals(await givenUp.promise, ["erp", true]);
    await retention.stop();
    await journal.close();
  }));
