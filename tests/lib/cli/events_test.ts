import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { formatExactTimestamp, formatTimestamp } from "../../../lib/util/timestamp.ts";
import { attemptAll, recordEvents } from "./events_world.ts";
import { bytes, type JournalWorld, START, withJournal } from "./journal_world.ts";

const CREATED = { key: "k1", subject: "cart/5c9a", warnings: [] };
const CLOSED = {
  key: "k2",
  type: "cart.closed",
  subject: "cart/6d0b",
  warnings: ["currency: found a list, wanted a text"],
  payload: bytes('{"email":"ann@example.com"}'),
  forwardTo: [],
};
const ORDER = { key: "k3", source: "ultracart", type: "order_create", subject: "order/D-1" };

async function listed(world: JournalWorld, ...args: readonly string[]) {
  const { code, out, err } = await world.run("events", "list", "--json", ...args);
  assertEquals([code, err], [0, ""]);
  return out.split("\n").slice(0, -1).map((line): string => JSON.parse(line).key);
}

Deno.test("events list shows aligned columns, newest first", async () => {
  await withJournal(async (world) => {
    const ids = await world.write(async (journal) => {
      await recordEvents(journal, START, CREATED, CLOSED, CREATED);
      return (await journal.events.list()).events.map(({ id }) => id);
    });
    assertEquals(await world.run("events", "list"), {
      code: 0,
      out:
        `TIME                 ${
          "ID".padEnd(36)
        }  TYPE          SUBJECT    ENDPOINT  BYTES  NOTE\n` +
        `${formatTimestamp(START + 1000)}  ${
          ids[0]
        }  cart.closed   cart/6d0b  /emporix     27  1 warning\n` +
        `${formatTimestamp(START)}  ${
          ids[1]
        }  cart.created  cart/5c9a  /emporix     18  came 2 times\n`,
      err: "",
    });
  });
});

Deno.test("events list filters", async () => {
  await withJournal(async (world) => {
    await world.write((journal) => recordEvents(journal, START, CREATED, CLOSED, ORDER));
    assertEquals(await listed(world), ["k3", "k2", "k1"]);
    assertEquals(await listed(world, "--endpoint", "/emporix"), ["k3", "k2", "k1"]);
    assertEquals(await listed(world, "--endpoint", "/cart"), []);
    assertEquals(await listed(world, "--source", "ultracart"), ["k3"]);
    assertEquals(await listed(world, "--type", "cart.closed"), ["k2"]);
    assertEquals(await listed(world, "--subject", "cart/5c9a"), ["k1"]);
    assertEquals(await listed(world, "--since", "2026-07-14T09:30:01Z"), ["k3", "k2"]);
    assertEquals(await listed(world, "--until", "2026-07-14T09:30:01Z"), ["k1"]);
    assertEquals(await listed(world, "--text", "ANN@example.com"), ["k2"]);
    assertEquals(await listed(world, "--warnings"), ["k2"]);
  });
});

Deno.test("events list says how to get the next page, with the same filters", async () => {
  await withJournal(async (world) => {
    await world.write((journal) => recordEvents(journal, START, CREATED, CLOSED, ORDER));
    const first = await world.run("events", "list", "--endpoint", "/emporix", "--limit", "2");
    const [, more = ""] = /\n\nMore: .* (events list .*)\n$/.exec(first.out) ?? [];
    assertMatch(more, /^events list --config \S+ --endpoint \/emporix --limit 2 --cursor \S+$/);
    const second = await world.run(...more.split(" "));
    assertMatch(second.out, /^TIME .*\n.* cart\/5c9a .*\n$/);
  });
});

Deno.test("events list says so when there is nothing", async () => {
  await withJournal(async (world) => {
    await world.write(() => Promise.resolve());
    assertEquals((await world.run("events", "list")).out, "There is no such event.\n");
  });
});

Deno.test("events show tells what came and what became of it", async () => {
  await withJournal(async (world) => {
    const now = Date.now();
    const [event, forward] = await world.write(async (journal) => {
      await recordEvents(journal, now, { ...CREATED, warnings: ["id: found 7, wanted a text"] });
      await attemptAll(journal, "erp", { status: 500, error: "erp.example answered 500" });
      return [(await journal.events.list()).events[0], (await journal.outbox.list()).forwards[0]];
    });
    const id = event?.id ?? "";
    const { code, out, err } = await world.run("events", "show", id);
    assertEquals([code, err], [0, ""]);
    const startedAt = formatExactTimestamp(forward?.lastAttempt?.startedAt ?? 0);
    assertEquals(
      out,
      `Event ${id}
  type        cart.created
  subject     cart/5c9a
  source      emporix, by /emporix
  received    ${formatExactTimestamp(now)}
  happened    not said
  came again  no
  key         k1
  delivery    ${event?.deliveryId}

Warnings
  id: found 7, wanted a text

Payload (18 bytes)
  {
    "total": 20.00
  }

Forwards
  erp: failed  ${forward?.id}
    ${startedAt}  12 ms  erp.example answered 500
`,
    );
    const json = JSON.parse((await world.run("events", "show", id, "--json")).out);
    assertEquals([json.payload, json.payloadEncoding], ['{ "total": 20.00 }', "utf-8"]);
    assertEquals(json.forwards[0].history[0].error, "erp.example answered 500");
  });
});

Deno.test("events show finds an event by the beginning of its id", async () => {
  await withJournal(async (world) => {
    const ids = await world.write(async (journal) => {
      await recordEvents(journal, Date.now(), CREATED, CLOSED);
      return (await journal.events.list()).events.map(({ id }) => id);
    });
    const [id = ""] = ids;
    const found = await world.run("events", "show", id.slice(0, -1).toUpperCase());
    assertStringIncludes(found.out, `Event ${id}\n`);
    const common = await world.run("events", "show", id.slice(0, 8));
    assertEquals([common.code, common.out], [1, ""]);
    assertMatch(
      common.err,
      /^More than one event begins with "[0-9a-f]{8}":\n\nTIME .*\n.*\n.*\n$/,
    );
    assertEquals(await world.run("events", "show", "nothing"), {
      code: 1,
      out: "",
      err: 'There is no event "nothing"\n',
    });
  });
});

Deno.test("events export writes JSON lines and CSV, oldest first", async () => {
  await withJournal(async (world) => {
    await world.write((journal) =>
      recordEvents(journal, START, CREATED, { ...CLOSED, subject: "=1+1" })
    );
    const lines = (await world.run("events", "export")).out.split("\n").slice(0, -1);
    assertEquals(lines.map((line) => JSON.parse(line).payload), [
      '{ "total": 20.00 }',
      '{"email":"ann@example.com"}',
    ]);
    const file = join(world.folder, "events.csv");
    const ran = await world.run("events", "export", "--format", "csv", "--out", file);
    assertEquals(ran, { code: 0, out: "", err: `Wrote 2 events to ${file}\n` });
    const [head, , second] = (await Deno.readTextFile(file)).split("\r\n");
    assertMatch(head ?? "", /^\uFEFFid,receivedAt,occurredAt,endpoint,source,type,/);
    assertStringIncludes(second ?? "", ",'=1+1,");
    assertEquals((await world.run("events", "export", "--out", file)).code, 1);
    assertEquals((await world.run("events", "export", "--format", "xml")).code, 2);
  });
});
