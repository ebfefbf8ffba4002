import { assertEquals, assertRejects } from "@std/assert";
import { JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { testContract } from "../contract.ts";
import { delivery, type WithJournal } from "../samples.ts";
import { memoryJournal } from "./memory.ts";

const withJournal: WithJournal = async (run, refused) => {
  const journal = memoryJournal(refused === undefined ? {} : { refused });
  await run(journal);
  await journal.close();
};

testContract("memoryJournal()", withJournal);

Deno.test("memoryJournal() forgets the first deliveries when it holds too much", async () => {
  const journal = memoryJournal({ maxBytes: 10_000 });
  const all = Array.from({ length: 5 }, () => delivery({ body: new Uint8Array(2000) }));
  await Promise.all(all.map((each) => journal.record(each)));
  assertEquals(
    await Array.fromAsync(journal.each(), ({ id }) => id),
    all.slice(2).map(({ id }) => id),
  );
});

Deno.test("memoryJournal() has nothing to back up", async () => {
  await assertRejects(() => memoryJournal().backup("copy.db"), JournalUnavailable, "in memory");
});
