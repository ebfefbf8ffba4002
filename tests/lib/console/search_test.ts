/** What is found in the journal: by each filter, page by page, and as a file. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { handlers } from "../../../handlers/mod.ts";
import { searchDeliveries } from "../../../lib/console/queries/deliveries.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { memoryJournal } from "../journal/memory/memory.ts";
import { delivery, event, refusal } from "../journal/samples.ts";
import { withConsole } from "./console_world.ts";
import { recordOrder } from "./recorded_orders.ts";

Deno.test("deliveries are found by each filter, page by page", () =>
  withConsole(async (world) => {
    const { ask, journal } = world;
    const now = Date.now();
    for (let index = 0; index < 7; index++) {
      await recordOrder(world, { receivedAt: now - index * 3_600_000, requestId: `r-${index}` });
    }
    await journal.record(refusal({ endpoint: "/cart", kind: "events", receivedAt: now - 50 }));
    // A busy machine finds fewer in the time that a page may take, and says where to go on.
    const count = async (query: string) => {
      let [found, cursor] = [0, ""];
      do {
        const { json } = await ask(`/api/v1/deliveries?${query}&cursor=${cursor}`, {
          as: "operator",
        });
        [found, cursor] = [found + json.deliveries.length, json.next ?? ""];
      } while (cursor !== "");
      return found;
    };
    assertEquals(await count(""), 8);
    assertEquals(await count("endpoint=/approval"), 7);
    assertEquals(await count("endpoint=%2Fnone"), 0);
    assertEquals(await count("refused=true"), 1);
    assertEquals(await count("status=4xx"), 1);
    assertEquals(await count("rule=otherwise"), 7);
    assertEquals(await count("order=28604"), 7);
    assertEquals(await count("order=2860"), 0);
    assertEquals(await count("shopper=TEST%40ustore"), 7);
    assertEquals(await count("text=r-3"), 1);
    assertEquals(await count("since=150m&endpoint=/approval"), 3);
    assertEquals(await count("since=&text=&status="), 8);
    const seen: string[] = [];
    let cursor = "";
    do {
      const { json } = await ask(`/api/v1/deliveries?limit=3&cursor=${cursor}`, { as: "viewer" });
      for (const { id } of json.deliveries) seen.push(id);
      cursor = json.next ?? "";
    } while (cursor !== "");
    assertEquals(seen.length, 8);
    assertEquals(new Set(seen).size, 8);
  }));

Deno.test("searchDeliveries() stops when its time is up, and goes on where it stopped", async () => {
  const journal = memoryJournal();
  const now = Date.now();
  const ids = Array.from({ length: 40 }, () => newDeliveryId());
  for (const [index, id] of ids.entries()) {
    // Several came at the same time, and there are gaps.
    const receivedAt = now - Math.floor(index / 3) ** 4 * 1000;
    await journal.record(delivery({ id, receivedAt, status: index % 2 === 0 ? 200 : 400 }));
  }
  const found: string[] = [];
  let cursor: string | null | undefined;
  let stops = 0;
  while (cursor !== null) {
    const part = cursor === undefined ? {} : { cursor };
    const options = { status: [400, 499], limit: 7, budgetMs: 0, mostRows: 3 } as const;
    const page = await searchDeliveries(journal, handlers, { ...options, ...part });
    found.push(...page.rows.map(({ id }) => id));
    if (page.lookedBackTo !== null) stops++;
    cursor = page.next;
  }
  assertEquals(found.toSorted(), ids.filter((_, index) => index % 2 === 1).toSorted());
  assert(stops > 5, String(stops));
});

Deno.test("searchDeliveries() looks through no more than so many at once, however densely they came", async () => {
  const journal = memoryJournal();
  const now = Date.now();
  // All of them within a second, twice as many as one step may look through within a minute.
  for (let index = 0; index < 1000; index++) {
    await journal.record(delivery({ id: newDeliveryId(), receivedAt: now + index }));
  }
  const looked: number[] = [];
  const list: Journal["list"] = async (options = {}) => {
    const { text: _, ...span } = options;
    looked.push((await journal.list({ ...span, limit: 1000 })).deliveries.length);
    return await journal.list(options);
  };
  const page = await searchDeliveries({ ...journal, list }, handlers, {
    ...{ text: "stands nowhere", limit: 50, mostRows: 150 },
  });
  assertEquals([page.rows, page.next], [[], null]);
  assertEquals(looked.filter((rows) => rows > 151), []);
  assert(looked.reduce((sum, rows) => sum + rows) >= 1000, looked.join());
});

for (const noun of ["events", "forwards"] as const) {
  Deno.test(`${noun} are found page by page, whatever they are narrowed by`, () =>
    withConsole(async ({ ask, journal }) => {
      for (let index = 0; index < 7; index++) {
        await journal.record(
          delivery({ id: newDeliveryId(), receivedAt: Date.now() - index * 86_400_000 }),
          { events: [event({ key: `k-${index}`, subject: `cart/${index}` })] },
        );
      }
      const found = async (query: string) => {
        const ids: string[] = [];
        let cursor = "";
        do {
          const { json } = await ask(`/api/v1/${noun}?limit=3&cursor=${cursor}&${query}`, {
            as: "operator",
          });
          ids.push(...json[noun].map(({ id }: { readonly id: string }) => id));
          cursor = json.next ?? "";
        } while (cursor !== "");
        return new Set(ids).size;
      };
      assertEquals(await found(""), 7);
      assertEquals(await found("since=9d"), 7);
      const only = noun === "events" ? "text=k-3" : "state=waiting&destination=erp";
      assertEquals(await found(only), noun === "events" ? 1 : 7);
      assertEquals(await found(noun === "events" ? "type=none" : "destination=none"), 0);
    }));
}

Deno.test("a page of a list has a hundred rows at most, and scripts may read longer parts", () =>
  withConsole(async (world) => {
    const { ask, journal } = world;
    await Promise.all(
      Array.from({ length: 120 }, () => journal.record(delivery({ id: newDeliveryId() }))),
    );
    const { text } = await ask("/deliveries?limit=500", { as: "operator" });
    assertEquals(text.match(/data-key=/g)?.length, 100);
    const { json } = await ask("/api/v1/deliveries?limit=500", { as: "operator" });
    assertEquals(json.deliveries.length, 120);
  }));

Deno.test("what was found is a file, without what came and went, and for a viewer without people", () =>
  withConsole(async (world) => {
    await recordOrder(world, { note: "=1+1" });
    await recordOrder(world);
    const csv = await world.ask("/api/v1/deliveries/export?endpoint=/approval", { as: "operator" });
    const lines = csv.text.trim().split("\r\n");
    assertEquals(lines.length, 3);
    assertMatch(lines[0] ?? "", /^\uFEFF?id,receivedAt,/);
    assert(csv.text.includes("test@ustore.example") && csv.text.includes(",'=1+1"), csv.text);
    assertEquals(
      csv.headers.get("Content-Disposition"),
      'attachment; filename="deliveries.csv"',
    );
    const query = "format=jsonl&status=2xx";
    const { text } = await world.ask(`/api/v1/deliveries/export?${query}`, { as: "viewer" });
    assertEquals(text.trim().split("\n").length, 2);
    assertEquals(/ustore\.example|192\.0\.2|=1\+1/.test(text), false);
    const found = await world.ask("/api/v1/deliveries/export?text=x", { as: "viewer" });
    assertEquals(found.status, 403);
  }));
