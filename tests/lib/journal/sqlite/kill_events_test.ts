import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";
import { runUntilKilled } from "./run_until_killed.ts";

/** More rounds: JOURNAL_KILL_ROUNDS=200. */
const ROUNDS = Number(Deno.env.get("JOURNAL_KILL_ROUNDS") ?? 3);
/** Killed after so many acknowledgements, at random, so that every moment is met in time. */
const MOST_ACKNOWLEDGED = 1000;

Deno.test("record() keeps the events it acknowledged, with their forwards, when killed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const acknowledged: string[] = [];
    const recorder = fromFileUrl(import.meta.resolve("./event_recorder.ts"));
    for (let round = 0; round < ROUNDS; round++) {
      const lines = await runUntilKilled([recorder, path], 1 + Math.random() * MOST_ACKNOWLEDGED);
      acknowledged.push(...lines.flatMap((line) => line.split(" ")));
      checkOutbox(path);
      await checkAll(path, acknowledged);
    }
    assert(acknowledged.length >= ROUNDS);
  }));

async function checkAll(path: string, acknowledged: readonly string[]): Promise<void> {
  const reader = openJournal(path, { readOnly: true });
  const stored = await Array.fromAsync(reader.events.each());
  const keys = new Set(stored.map(({ key }) => key));
  assertEquals(acknowledged.filter((key) => !keys.has(key)), []);
  assertEquals(keys.size, stored.length);
  for (const { id } of stored) {
    const destinations = (await reader.events.get(id))?.forwards.map(({ destination }) =>
      destination
    );
    assertEquals(destinations, ["crm", "erp"]);
  }
  // Stored whole or not at all: a delivery of so many events has each of them.
  const deliveries = new Set(await Array.fromAsync(reader.each(), ({ id }) => id));
  const own = stored.filter(({ key }) => key.includes("/"));
  assertEquals(own.filter(({ deliveryId }) => !deliveries.has(deliveryId)), []);
  const withEvents = new Set(own.map(({ deliveryId }) => deliveryId));
  assertEquals([...deliveries].filter((id) => !withEvents.has(id)), []);
  void reader.close();
}
