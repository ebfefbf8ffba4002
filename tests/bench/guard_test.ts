import { assertEquals, assertMatch } from "@std/assert";
import { fallenTable, findFallen, ratiosIn } from "../../bench/report/guard.ts";

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);

function loads(storehook: number, fastify: number, micros: number): string {
  return `## Under full load

### Order approval

|           | connections | requests a second | p99, ms | processor µs a request |
| --------- | ----------: | ----------------: | ------: | ---------------------: |
| Storehook |          32 | ${storehook}      |    15.3 | ${micros}              |
| Fastify   |          32 | ${fastify}        |    2.66 | 50                     |
`;
}

Deno.test("findFallen() compares ratios, so that another machine changes nothing", () => {
  assertEquals(findFallen(loads(12_000, 24_000, 100), loads(3000, 6000, 100)), []);
  assertEquals(findFallen(loads(12_000, 24_000, 100), loads(3000, 6400, 105)), []);
});

Deno.test("findFallen() tells what fell by more than a tenth, the worst first", () => {
  const fallen = findFallen(loads(12_000, 24_000, 100), loads(10_000, 24_000, 150));
  assertEquals(fallen, [
    {
      name: "Under full load, Order approval: processor µs a request, over that of Fastify on " +
        "32 connections",
      before: 2,
      now: 3,
    },
    {
      name: "Under full load, Order approval: requests a second, over that of Fastify on 32 " +
        "connections",
      before: 0.5,
      now: 10 / 24,
    },
  ]);
  assertMatch(fallenTable(fallen), /^\| fell by more than a tenth \| was \| is \|\n/);
});

Deno.test("findFallen() leaves out what became better and what only one page has", () => {
  assertEquals(findFallen(loads(12_000, 24_000, 100), loads(24_000, 24_000, 10)), []);
  assertEquals(findFallen("", loads(12_000, 24_000, 100)), []);
  assertEquals(findFallen(loads(12_000, 24_000, 100), ""), []);
});

Deno.test("ratiosIn() finds ratios of every kind on the page of figures", async () => {
  const ratios = ratiosIn(await Deno.readTextFile(PAGE));
  assertEquals(ratios.size > 20, true);
  assertEquals(new Set([...ratios.values()].map(({ better }) => better)).size, 2);
});
