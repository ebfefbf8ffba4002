/** Tables that are made up decide as their rows read one by one, and what is told of rows holds. */
import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { decide } from "../../../../lib/rules/rules.ts";
import { fitsCell } from "../../../../lib/rules/tables/cell.ts";
import { parseCell } from "../../../../lib/rules/tables/parse_cell.ts";
import { CONTEXT } from "../shop.ts";
import { openWorld, RULE } from "./table_world.ts";

const cell = fc.constantFrom(
  "",
  "",
  "*",
  "a",
  "b",
  "a | b",
  "!a",
  "a*",
  "ab*",
  "~ ^a",
  "!(a | b*)",
);
const amount = fc.constantFrom("", "1", "1..5", ">= 5", "< 5", "1 | 7", "!(2..3)", "5..", "0");
const text = fc.constantFrom("", "a", "b", "ab", "abc", "c");
const number = fc.constantFrom(-1, 0, 1, 2.5, 3, 5, 7, 100);

Deno.test("a table decides as its rows read one by one do", () => {
  const row = fc.tuple(cell, cell, amount);
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.array(fc.tuple(text, text, number), { minLength: 10, maxLength: 10 }),
      (rows, orders) => {
        const lines = rows.map((cells, index) => [...cells, index].map((one) => `"${one}"`).join());
        const { rules, told } = openWorld({
          tables: {
            plants: {
              csv: ["id,name,quantity,group", ...lines].join("\n"),
              inputs: { id: "item.id", name: "item.name", quantity: "item.quantity" },
            },
          },
          rules: [RULE],
        });
        assertEquals(told, []);
        for (const [id, name, quantity] of orders) {
          const values = [id, name, quantity] as const;
          const expected = rows.findIndex((cells) =>
            cells.every((one, at) => {
              const condition = parseCell(one, at === 2 ? "number" : "text", {
                hasDecimalComma: false,
              });
              assert(!("message" in condition));
              return fitsCell(condition, values[at] ?? "");
            })
          );
          const { outcome } = decide(rules, undefined, {
            ...CONTEXT,
            item: { ...CONTEXT.item, id, name, quantity },
          });
          assertEquals(outcome, expected === -1 ? null : { group: expected });
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** What the next test makes up: what it decides about, and how cells are compared with it. */
interface MadeUp {
  readonly id: string;
  readonly rush: boolean;
  readonly quantity: number;
  readonly created: string;
}

const IDS = ["", "a", "b", "ab", "abc", "c", "x", "01", "02", "05", "1"];
const QUANTITIES = [-1, 0, 0.5, 1, 2, 2.5, 3, 4, 5, 6, 7, 100];
const CREATED = [
  "2026-02-28T10:00:00",
  "2026-03-01",
  "2026-11-27T23:59:59",
  "2025-12-31",
  "soon",
  "",
];

/** All that matters to the cells. */
const ORDERS: readonly MadeUp[] = IDS.flatMap((id) =>
  [true, false].flatMap((rush) =>
    QUANTITIES.flatMap((quantity) => CREATED.map((created) => ({ id, rush, quantity, created })))
  )
);

const FLAGS: Readonly<Record<string, (order: MadeUp) => boolean>> = {
  "order.rush": ({ rush }) => rush,
  "item.quantity > 2": ({ quantity }) => quantity > 2,
  "isA": ({ id }) => id === "a",
};

const DEFINE = { isA: "item.id == 'a'", isLot: "item.quantity > 4 && !isA" };

function fitsAll(cells: readonly string[], flag: string, order: MadeUp): boolean {
  const values = [order.id, FLAGS[flag]?.(order) ?? false, order.quantity, order.created];
  return cells.every((cell, at) => {
    const type = (["text", "bool", "number", "text"] as const)[at] ?? "text";
    const condition = parseCell(cell, type, { hasDecimalComma: false });
    assert(!("message" in condition), cell);
    return fitsCell(condition, values[at] ?? "");
  });
}

function contextOf({ id, rush, quantity, created }: MadeUp) {
  return {
    order: { ...CONTEXT.order, rush, created },
    item: { ...CONTEXT.item, id, quantity },
  };
}

Deno.test("no order proves wrong what is told of rows", () => {
  const claims = { dead: 0, both: 0, complete: 0 };
  const id = fc.oneof(cell, fc.constantFrom("01..03", "!(00..04)", '""', "0*"));
  const day = fc.constantFrom("", "", "2026-01-01..2026-06-30", ">= 2026-03-01", "2026*", "!soon");
  const row = fc.tuple(id, fc.constantFrom("", "true", "false"), amount, day);
  const guard = fc.constantFrom("true", "isA", "isLot && order.rush", "false", "!isLot");
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.constantFrom("first" as const, "unique" as const),
      fc.constantFrom(...Object.keys(FLAGS)),
      guard,
      guard,
      fc.array(fc.constantFrom(...ORDERS), { minLength: 40, maxLength: 40 }),
      (rows, hit, flag, before, after, orders) => {
        const lines = rows.map((cells, index) =>
          [...cells, String(index)].map((one) => `"${one.replaceAll('"', '""')}"`).join()
        );
        const { rules, told, warned } = openWorld({
          define: DEFINE,
          tables: {
            plants: {
              csv: ["id,flag,quantity,created,group", ...lines].join("\n"),
              inputs: { id: "item.id", flag, quantity: "item.quantity", created: "order.created" },
              hit,
            },
          },
          rules: [
            { name: "before", when: before, then: { group: 100 } },
            RULE,
            { name: "after", when: after, then: { group: 101 } },
          ],
          hasOtherwise: false,
        });
        const dead = new Set(warned.flatMap((message) => {
          const line = /line (\d+), this row is|line (\d+), this row never|Line (\d+) of/.exec(
            message,
          );
          if (line !== null) return [Number(line[1] ?? line[2] ?? line[3]) - 2];
          const named = /^Rule "(before|after)" (?:is never|never)/.exec(message)?.[1];
          return named === undefined ? [] : [named === "before" ? 100 : 101];
        }));
        const leavesNone = !warned.some((message) => message.includes('no "otherwise"'));
        claims.dead += dead.size;
        claims.both += told.length;
        claims.complete += leavesNone ? 1 : 0;
        // Two rows that are told to fit both do so for some order.
        for (const message of told) {
          const [, later, earlier] = /line (\d+), .* line (\d+)/.exec(message) ?? [];
          const pair = [earlier, later].map((line) => rows[Number(line) - 2] ?? []);
          assert(pair.every((cells) => cells.length > 0), message);
          assert(
            ORDERS.some((order) => pair.every((cells) => fitsAll(cells, flag, order))),
            `${message} of ${lines.join("\n")}`,
          );
        }
        for (const order of orders) {
          const { outcome } = decide(rules, undefined, contextOf(order));
          assert(outcome !== null || !leavesNone, "something was left");
          if (outcome !== null && "group" in outcome) {
            assert(!dead.has(outcome.group), `${outcome.group} decided: ${warned.join("\n")}`);
          }
        }
      },
    ),
    { numRuns: 800 },
  );
  for (const [kind, count] of Object.entries(claims)) {
    assert(count > 50, `only ${count} claims of the kind ${kind} were tested`);
  }
});
