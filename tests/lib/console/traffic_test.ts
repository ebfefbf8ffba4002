import { assertEquals } from "@std/assert";
import { startTraffic } from "../../../lib/console/traffic.ts";
import { eventually } from "../../e2e/waits.ts";
import { countAnswer } from "./count_answer.ts";
import { delivery, refusal } from "../journal/samples.ts";
import { memoryJournal } from "../journal/memory/memory.ts";

const MINUTE = 60_000;
const NOW = Date.parse("2026-07-14T09:30:30Z");

function sums(series: { readonly endpoints: readonly object[] }) {
  return series.endpoints.map((one) =>
    Object.fromEntries(
      Object.entries(one).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.reduce((sum, count) => sum + count, 0) : value,
      ]),
    )
  );
}

Deno.test("startTraffic() counts what is answered, in steps for each span", async () => {
  const journal = memoryJournal();
  const traffic = startTraffic({ journal, reader: journal.console, now: () => NOW });
  countAnswer(traffic, "/a", 200, NOW - 1000);
  countAnswer(traffic, "/a", 204, NOW - 2 * MINUTE);
  countAnswer(traffic, "/a", 400, NOW - 2 * MINUTE);
  countAnswer(traffic, "/b", 401, NOW - 2 * MINUTE, { isVerified: false });
  countAnswer(traffic, "/b", 503, NOW - 90 * MINUTE);
  assertEquals(traffic.keySeenAt("/a", "3f2a91bc"), NOW - 2 * MINUTE);
  assertEquals(traffic.keySeenAt("/a", "another"), undefined);
  const hour = await traffic.series("hour");
  assertEquals([hour.times.length, hour.times.at(-1)], [60, "2026-07-14T09:30:00.000Z"]);
  assertEquals(sums(hour), [
    { endpoint: "/a", answered: 2, refused: 1, failed: 0 },
    { endpoint: "/b", answered: 0, refused: 1, failed: 0 },
  ]);
  assertEquals(hour.endpoints[0]?.answered.slice(-3), [1, 0, 1]);
  assertEquals(sums(await traffic.series("day"))[1], {
    ...{ endpoint: "/b", answered: 0, refused: 1, failed: 1 },
  });
  assertEquals((await traffic.series("month")).times.length, 120);
  await traffic.stop();
});

Deno.test("startTraffic() goes on where the program before it stopped, and fills the gap", async () => {
  const journal = memoryJournal();
  const first = startTraffic({ journal, reader: journal.console, now: () => NOW - 5 * MINUTE });
  const decided = { rule: "large orders", outcome: null, tried: 1, failures: [] };
  countAnswer(first, "/a", 200, NOW - 10 * MINUTE, { decisions: [decided] });
  await first.stop();
  await journal.record(delivery({ endpoint: "/a", receivedAt: NOW - 3 * MINUTE }));
  await journal.record(refusal({ endpoint: "/a", receivedAt: NOW - 2 * MINUTE }));
  const second = startTraffic({ journal, reader: journal.console, now: () => NOW });
  countAnswer(second, "/a", 200, NOW);
  await second.stop();
  const third = startTraffic({ journal, reader: journal.console, now: () => NOW + MINUTE });
  assertEquals(sums(await third.series("hour")), [
    { endpoint: "/a", answered: 3, refused: 1, failed: 0 },
  ]);
  assertEquals(third.lastAt("/a"), NOW - NOW % MINUTE);
  const { rules } = await third.rules("/a", NOW);
  assertEquals(rules.filter(({ hits }) => hits > 0).map(({ rule, hits }) => [rule, hits]), [[
    "large orders",
    2,
  ]]);
  await third.stop();
});

Deno.test("startTraffic() knows to the millisecond when the last delivery before it came", async () => {
  const journal = memoryJournal();
  const first = startTraffic({ journal, reader: journal.console, now: () => NOW - MINUTE });
  const last = { "/rare": NOW - 40 * MINUTE + 123, "/busy": NOW - 3 * MINUTE + 456 };
  for (const [endpoint, at] of Object.entries(last)) {
    for (const receivedAt of [at - 10 * MINUTE, at - 7, at]) {
      await journal.record(delivery({ endpoint, receivedAt }));
      countAnswer(first, endpoint, 200, receivedAt);
    }
  }
  await first.stop();
  const second = startTraffic({ journal, reader: journal.console, now: () => NOW });
  await eventually(
    "the times of the last deliveries",
    () => Object.entries(last).every(([endpoint, at]) => second.lastAt(endpoint) === at),
  );
  await second.stop();
});
