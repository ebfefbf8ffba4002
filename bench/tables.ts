/**
 * Measures decision tables: how long a decision takes by one row and by a hundred thousand, in turn,
 * how long such a table takes to be read, and how long others wait for their turn meanwhile. Run it on a quiet machine: `deno task bench:tables`.
 */
import * as z from "zod";
import { ITEM_VOCABULARY } from "../handlers/ustore/sight.ts";
import { createEvaluationCache } from "../lib/rules/cel/evaluation.ts";
import { createRuleLibrary } from "../lib/rules/names/library.ts";
import { warnOfRules } from "../lib/rules/reach/judge_rules.ts";
import { type CompiledRules, compileRules, decide } from "../lib/rules/rules.ts";
import { outcomeColumns } from "../lib/rules/tables/outcome.ts";
import { readSheet } from "../lib/rules/tables/sheet.ts";
import { atOnce, inPieces, nextTurn, type Steps } from "../lib/util/waiting.ts";

const ROWS = 100_000;
const LOADS = 5;
const STATES = ["NY", "NJ", "PA", "CA", "TX", "OH", "WA"];
const OUTCOMES = outcomeColumns(z.strictObject({ manufacturer: z.string() }));

type Outcome = { manufacturer: string };

/** A plant table: an article and a state, which are values, and a range of quantities. */
function plantTable(rows: number): string {
  const lines = Array.from({ length: rows }, (_, at) => {
    const from = 100 * (at % 5);
    return `A${Math.floor(at / 35)},${STATES[Math.floor(at / 5) % 7]},${from}..${from + 99},P${
      at % 40
    }`;
  });
  return ["article,state,quantity,manufacturer", ...lines].join("\n");
}

function* open(csv: string): Steps<CompiledRules<Outcome>> {
  const sheet = yield* readSheet(csv);
  const inputs = {
    article: "item.product.catalogNumber",
    state: "item.shipTo.stateCode",
    quantity: "item.quantity",
  };
  const vocabulary = createRuleLibrary({
    defines: {},
    vocabularies: [ITEM_VOCABULARY],
    tables: [{ name: "plants", file: "plants.csv", hit: "first", inputs, sheet }],
  }).vocabulary(ITEM_VOCABULARY);
  const rules = [{ name: "plants", table: "plants" }];
  const compiled = yield* compileRules<Outcome>(vocabulary, rules, (_at, message) => {
    throw new Error(message);
  }, OUTCOMES);
  const quiet = { warn: () => {}, note: () => {} };
  yield* warnOfRules({ vocabulary, written: rules, compiled, hasOtherwise: true }, quiet);
  return compiled;
}

/** Items of which each is decided by another row. */
function subjects(rows: number) {
  return Array.from({ length: 1000 }, (_, index) => {
    const at = (index * 7919) % rows;
    return {
      order: {},
      item: {
        product: { catalogNumber: `A${Math.floor(at / 35)}` },
        shipTo: { stateCode: STATES[Math.floor(at / 5) % 7] },
        quantity: 100 * (at % 5) + 50,
      },
    };
  });
}

/** The time of one decision, in microseconds; each order is a document of its own. */
function measure(rules: CompiledRules<Outcome>, orders: readonly object[]): number {
  const startedAt = performance.now();
  for (const order of orders) {
    const { outcome } = decide(rules, undefined, order, createEvaluationCache());
    if (outcome === null) throw new Error("nothing decided");
  }
  return 1000 * (performance.now() - startedAt) / orders.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** How long work takes, and how long it keeps others from their turn at the most. */
async function timesOf(work: Promise<unknown>): Promise<readonly [tookMs: number, heldMs: number]> {
  const startedAt = performance.now();
  let isOver = false;
  let heldMs = 0;
  const watching = (async () => {
    for (let before = performance.now(); !isOver;) {
      await nextTurn();
      heldMs = Math.max(heldMs, performance.now() - before);
      before = performance.now();
    }
  })();
  await work;
  const tookMs = performance.now() - startedAt;
  isOver = true;
  await watching;
  return [tookMs, heldMs];
}

const csv = plantTable(ROWS);
const loads: (readonly [tookMs: number, heldMs: number])[] = [];
for (let round = 0; round < LOADS; round++) {
  loads.push(await timesOf(inPieces(open(csv))));
}
const large = atOnce(open(csv));
const one = atOnce(open(plantTable(1)));
const [ofOne, ofLarge] = [subjects(1), subjects(ROWS)];
const times: { readonly one: number; readonly large: number }[] = [];
for (let round = 0; round < 200; round++) {
  times.push({ one: measure(one, ofOne), large: measure(large, ofLarge) });
}
// The first rounds warm up.
const warm = times.slice(50);
const ratio = median(warm.map(({ one, large }) => large / one));
const inWords = (us: readonly number[]) =>
  `${median(us).toFixed(1)} µs, in the quickest round ${Math.min(...us).toFixed(1)} µs`;
const [tookMs, heldMs] = [0, 1].map((figure) => median(loads.map((load) => load[figure] ?? NaN)));
console.log(`${ROWS} rows are read, checked and indexed in ${tookMs?.toFixed(0)} ms`);
console.log(`Meanwhile others wait for ${heldMs?.toFixed(0)} ms at the most`);
console.log(`A decision by one row takes ${inWords(warm.map(({ one }) => one))}`);
console.log(`A decision by ${ROWS} rows takes ${inWords(warm.map(({ large }) => large))}`);
console.log(`That is ${ratio.toFixed(1)} times as long`);
