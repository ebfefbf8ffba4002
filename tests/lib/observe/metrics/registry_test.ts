import { createCounter, createHistogram } from "../../../../lib/observe/metrics/instruments.ts";
import { createRegistry, formatMetrics } from "../../../../lib/observe/metrics/registry.ts";
import { parseMetrics, valueOf } from "./parse_metrics.ts";
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";

Deno.test("registry.text() writes every type as Prometheus reads it", async () => {
  const registry = createRegistry();
  const sold = registry.counter({ name: "sold_total", help: "Sold\nor\\lost.", labels: ["kind"] });
  registry.gauge({ name: "waiting", help: "Who waits." });
  const spread = registry.histogram({ name: "spread", help: "Spread.", buckets: [0.5, 2] });
  registry.counter({ name: "unused_total", help: "Unused.", labels: ["kind"] });
  sold.child({ kind: 'a\\b\n"c"' }).inc();
  [0.5, 1, 3].forEach(spread.child({}).observe);
  assertEquals(
    await registry.text(),
    `# HELP sold_total Sold\\nor\\\\lost.
# TYPE sold_total counter
sold_total{kind="a\\\\b\\n\\"c\\""} 1
# HELP waiting Who waits.
# TYPE waiting gauge
waiting 0
# HELP spread Spread.
# TYPE spread histogram
spread_bucket{le="0.5"} 1
spread_bucket{le="2"} 2
spread_bucket{le="+Inf"} 3
spread_sum 4.5
spread_count 3
# HELP unused_total Unused.
# TYPE unused_total counter
`,
  );
});

Deno.test("formatMetrics() writes any label and help so that a strict reader finds them again", () => {
  fc.assert(fc.property(
    fc.string({ unit: "binary" }),
    fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.nat()), { maxLength: 5 }),
    (help, sales) => {
      const sold = createCounter({ name: "sold_total", help, labels: ["kind", "of"] });
      const expected = new Map<string, number>();
      for (const [kind, count] of sales) {
        sold.child({ kind, of: "x" }).inc(count);
        expected.set(kind.toWellFormed(), (expected.get(kind.toWellFormed()) ?? 0) + count);
      }
      const family = parseMetrics(formatMetrics([sold])).get("sold_total");
      assertEquals(family?.help, help.toWellFormed());
      assertEquals(
        family?.samples.map(({ labels, value }) => [labels["kind"] ?? "", value] as const),
        [...expected],
      );
    },
  ));
});

Deno.test("formatMetrics() writes all half characters alike, as one part", () => {
  const sold = createCounter({ name: "sold_total", help: "", labels: ["kind"] });
  for (const kind of ["\ud800", "\udfff", "\ufffd"]) sold.child({ kind }).inc();
  assertEquals(valueOf(formatMetrics([sold]), "sold_total", { kind: "\ufffd" }), 3);
});

Deno.test("createHistogram() puts each value into one bucket, and keeps count and sum", () => {
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
  fc.assert(fc.property(
    fc.uniqueArray(finite, { minLength: 1, maxLength: 10 }),
    fc.array(finite, { maxLength: 30 }),
    (bounds, values) => {
      const buckets = bounds.toSorted((a, b) => a - b).filter((bound, index, all) =>
        bound > (all[index - 1] ?? -Infinity)
      );
      const spread = createHistogram({ name: "spread", help: "", buckets });
      values.forEach(spread.child({}).observe);
      const text = formatMetrics([spread]);
      for (const { name, labels, value } of parseMetrics(text).get("spread")?.samples ?? []) {
        const bound = Number(labels["le"]?.replace("Inf", "Infinity"));
        if (name !== "spread_bucket") continue;
        assertEquals(value, values.filter((one) => one <= bound).length);
      }
      assertEquals(valueOf(text, "spread_count"), values.length);
      assertEquals(valueOf(text, "spread_sum"), values.reduce((sum, value) => sum + value, 0));
    },
  ));
});

Deno.test("createHistogram() leaves out what is no number", () => {
  const spread = createHistogram({ name: "spread", help: "", buckets: [1] });
  spread.child({}).observe(NaN);
  assertEquals(valueOf(formatMetrics([spread]), "spread_count"), 0);
});

Deno.test("registry refuses names that Prometheus would not read, and names that are taken", () => {
  const registry = createRegistry();
  registry.gauge({ name: "taken", help: "" });
  assertThrows(() => registry.gauge({ name: "taken", help: "" }), RangeError, '"taken"');
  for (const name of ["", "1a", "a-b", "a b", "ä"]) {
    assertThrows(() => registry.gauge({ name, help: "" }), SyntaxError, JSON.stringify(name));
  }
  for (const label of ["", "a-b", "__a"]) {
    assertThrows(() => registry.gauge({ name: "a", help: "", labels: [label] }), SyntaxError);
  }
  assertThrows(() => registry.counter({ name: "sold", help: "" }), SyntaxError, "_total");
  const histogram = { name: "h", help: "", labels: ["le"], buckets: [1] };
  assertThrows(() => registry.histogram(histogram), SyntaxError, '"le"');
  for (const buckets of [[1, 1], [2, 1], [NaN], [Infinity]]) {
    assertThrows(() => registry.histogram({ name: "h", help: "", buckets }), RangeError, "rise");
  }
});

Deno.test("counter.inc() refuses to count down", () => {
  const sold = createCounter({ name: "sold_total", help: "" });
  assertThrows(() => sold.child({}).inc(-1), RangeError, "-1");
  assertThrows(() => sold.child({}).inc(NaN), RangeError, "NaN");
});

Deno.test("gauge.clear() takes away what is not set anew", async () => {
  const registry = createRegistry();
  const depth = registry.gauge({ name: "depth", help: "", labels: ["of"] });
  const now = new Map([["a", 1], ["b", 2]]);
  registry.collect(() => {
    depth.clear();
    for (const [of, value] of now) depth.child({ of }).set(value);
  });
  assertEquals(valueOf(await registry.text(), "depth", { of: "b" }), 2);
  now.delete("b");
  const text = await registry.text();
  assertEquals([valueOf(text, "depth", { of: "a" }), valueOf(text, "depth", { of: "b" })], [
    1,
    undefined,
  ]);
});
