import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { EventToRecord } from "../../../lib/journal/events.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { CONTRADICTION_WARNING } from "../../../lib/journal/repeats.ts";
import { delivery, event, type WithJournal } from "./samples.ts";

const HOUR_MS = 3_600_000;
const WINDOW_MS = 48 * HOUR_MS;

/** A delivery: when it came, and what its events say, with a subject before a colon. */
type Coming = readonly [receivedAt: number, ...says: readonly string[]];

/** Which events are repeats, in the words of the contract. */
export function testRepeats(store: string, withJournal: WithJournal, numRuns: number): void {
  function test(name: string, run: (journal: Journal) => Promise<void>) {
    Deno.test(`${store} ${name}`, () => withJournal(run));
  }

  const CASES: readonly {
    readonly name: string;
    readonly coming: readonly Coming[];
    /** What is kept, each with how often it came again. */
    readonly kept: readonly (readonly [says: string, duplicates: number])[];
  }[] = [
    {
      name: "keeps a state that comes back",
      coming: [[0, "1:hold"], [1, "1:ship"], [2, "1:hold"]],
      kept: [["1:hold", 0], ["1:ship", 0], ["1:hold", 0]],
    },
    {
      name: "counts what comes again at once, each time",
      coming: [[0, "1:hold"], [1, "1:hold"], [2, "1:ship"], [3, "1:hold"], [4, "1:hold"]],
      kept: [["1:hold", 1], ["1:ship", 0], ["1:hold", 1]],
    },
    {
      name: "keeps a retry behind which something newer came: better twice than lost",
      coming: [[0, "1:a"], [1, "1:b"], [2, "1:a"], [3, "1:b"]],
      kept: [["1:a", 0], ["1:b", 0], ["1:a", 0], ["1:b", 0]],
    },
    {
      name: "takes what comes up to the end of the window for a retry",
      coming: [[0, "1:a"], [WINDOW_MS - 1, "1:a"]],
      kept: [["1:a", 1]],
    },
    {
      name: "keeps what comes at the end of the window, counted from the one that was kept",
      coming: [[0, "1:a"], [WINDOW_MS - 1, "1:a"], [WINDOW_MS, "1:a"], [WINDOW_MS + 1, "1:a"]],
      kept: [["1:a", 1], ["1:a", 1]],
    },
    {
      name: "takes what came a little before for a repeat, and keeps what came long before",
      coming: [[WINDOW_MS, "1:a"], [1, "1:a"], [0, "1:a"]],
      kept: [["1:a", 1], ["1:a", 0]],
    },
    {
      name: "lets no subject get between two of another",
      coming: [[0, "1:a"], [1, "2:b"], [2, "1:a"], [3, "2:b"]],
      kept: [["1:a", 1], ["2:b", 1]],
    },
    {
      name: "takes events without a subject for those of one",
      coming: [[0, ":a"], [1, ":b"], [2, ":a"], [3, ":a"], [4, "1:c"], [5, ":a"]],
      kept: [[":a", 0], [":b", 0], [":a", 2], ["1:c", 0]],
    },
    {
      name: "keeps a state that comes back within one delivery",
      coming: [[0, "1:hold", "1:ship", "1:hold"]],
      kept: [["1:hold", 0], ["1:ship", 0], ["1:hold", 0]],
    },
    {
      name: "counts a whole delivery that comes again",
      coming: [
        [0, "1:hold", "2:x", "1:ship", "1:hold"],
        [1, "1:hold", "2:x", "1:ship", "1:hold"],
        [2, "1:hold", "1:ship", "1:hold"],
      ],
      kept: [["1:hold", 2], ["2:x", 1], ["1:ship", 2], ["1:hold", 2]],
    },
    {
      name: "counts what a delivery brings again, and keeps what is new in it",
      coming: [[0, "1:a", "1:b"], [1, "1:a", "1:b", "1:c"], [2, "1:b", "1:c", "1:d"]],
      kept: [["1:a", 1], ["1:b", 2], ["1:c", 1], ["1:d", 0]],
    },
    {
      name: "keeps states that come back as another two deliveries brought them",
      coming: [[0, "1:hold"], [1, "1:ship"], [2, "1:hold", "1:ship"]],
      kept: [["1:hold", 0], ["1:ship", 0], ["1:hold", 0], ["1:ship", 0]],
    },
    {
      name: "counts a delivery that grows with each retry",
      coming: [[0, "1:a"], [1, "1:a", "1:b"], [2, "1:a", "1:b", "1:c"]],
      kept: [["1:a", 2], ["1:b", 1], ["1:c", 0]],
    },
    {
      name: "counts what one delivery holds twice in a row",
      coming: [[0, "1:a", "1:a", "2:b", "1:a"], [1, "1:a", "1:a"]],
      kept: [["1:a", 4], ["2:b", 0]],
    },
  ];
  for (const { name, coming, kept } of CASES) {
    test(`record() ${name}`, async (journal) => {
      for (const [receivedAt, ...says] of coming) await record(journal, receivedAt, says);
      assertEquals(await keptIn(journal), kept);
      const waiting = (await journal.outbox.counts()).get("erp")?.waiting;
      assertEquals(waiting, kept.length, "each that is kept is forwarded, and once");
    });
  }

  test("record() tells the repeats of two endpoints apart", async (journal) => {
    const events = [content("1:a")];
    await journal.record(delivery({ endpoint: "/a" }), { events });
    await journal.record(delivery({ endpoint: "/b" }), { events });
    await journal.record(delivery({ endpoint: "/a" }), { events });
    assertEquals(await keptIn(journal), [["1:a", 1], ["1:a", 0]]);
  });

  test("record() counts an event with the sender's id whatever came in between", async (journal) => {
    const [one, two] = [identified("msg_1", "a"), identified("msg_2", "b")];
    for (const sent of [one, two, one, two, one]) {
      await journal.record(delivery(), { events: [sent] });
    }
    assertEquals(await keptIn(journal), [["msg_1", 2], ["msg_2", 1]]);
  });

  test("record() keeps and warns of other content under the sender's id", async (journal) => {
    const [first, other] = [identified("msg_1", "a"), identified("msg_1", "b")];
    const warned = { ...other, warnings: ["of its own"] };
    for (const sent of [first, warned, first, warned]) {
      await journal.record(delivery(), { events: [sent] });
    }
    assertEquals(await keptIn(journal), [["msg_1", 1], ["msg_1", 1]]);
    assertEquals(await Array.fromAsync(journal.events.each(), ({ warnings }) => warnings), [
      [],
      ["of its own", CONTRADICTION_WARNING],
    ]);
    assertEquals((await Array.fromAsync(journal.events.each({ text: "msg_1" }))).length, 2);
    await journal.record(delivery(), {
      events: [identified("msg_2", "a"), identified("msg_2", "b"), identified("msg_2", "a")],
    });
    assertEquals((await keptIn(journal)).slice(2), [["msg_2", 1], ["msg_2", 0]]);
    assertEquals((await journal.events.counts()).withWarnings, 2);
  });

  test("record() forgets the sender's ids with the window", async (journal) => {
    const events = [identified("msg_1", "a")];
    for (const receivedAt of [0, WINDOW_MS - 1, WINDOW_MS]) {
      await journal.record(delivery({ receivedAt }), { events });
    }
    assertEquals(await keptIn(journal), [["msg_1", 1], ["msg_1", 0]]);
  });

  test("record() finds one of deliveries that come at once to be new", async (journal) => {
    await Promise.all(Array.from({ length: 20 }, () => record(journal, 0, ["1:a", "1:b"])));
    assertEquals(await keptIn(journal), [["1:a", 19], ["1:b", 19]]);
  });

  test("record() takes nothing erased for the newest, and keeps what it hid", async (journal) => {
    await record(journal, 0, ["1:a"]);
    const payload = new TextEncoder().encode('{"email":"ann@example.com"}');
    await journal.record(delivery({ receivedAt: 1 }), {
      events: [{ ...content("1:b"), payload }],
    });
    await journal.erase("ann@example.com");
    await record(journal, 2, ["1:a"]);
    await journal.record(delivery({ receivedAt: 3 }), { events: [content("1:b")] });
    assertEquals((await keptIn(journal)).map(([says]) => says), ["1:a", "", "1:a", "1:b"]);
  });

  test("record() loses no change of a state, in whatever deliveries", async (journal) => {
    let subject = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 }), {
          minLength: 1,
          maxLength: 6,
        }),
        async (deliveries) => {
          subject++;
          for (const states of deliveries) {
            const says = states.map((state) => `${subject}:${state}`);
            // Each comes, and comes again before the next.
            await record(journal, 0, says);
            const kept = (await keptIn(journal)).length;
            await record(journal, 0, says);
            assertEquals((await keptIn(journal)).length, kept, "a retry is never kept");
            assertEquals(
              await stateIn(journal),
              says.at(-1),
              "the newest that is kept is the last",
            );
          }
        },
      ),
      { numRuns: Math.min(numRuns, 20) },
    );
  });
}

/** An event that is known by what it says. */
function content(says: string): EventToRecord {
  return event({ subject: says.split(":", 1)[0] ?? "", key: says });
}

/** An event with an id of its sender. */
function identified(key: string, says: string): EventToRecord {
  return event({ subject: "", key, content: says });
}

async function record(journal: Journal, receivedAt: number, says: readonly string[]) {
  await journal.record(delivery({ receivedAt }), { events: says.map(content) });
}

async function keptIn(
  journal: Journal,
): Promise<readonly (readonly [says: string, duplicates: number])[]> {
  // By id, not by time: some of them come out of order.
  return (await Array.fromAsync(journal.events.each()))
    .sort((a, b) => a.id < b.id ? -1 : 1)
    .map(({ key, duplicates }) => [key, duplicates]);
}

async function stateIn(journal: Journal): Promise<string | undefined> {
  return (await keptIn(journal)).at(-1)?.[0];
}
