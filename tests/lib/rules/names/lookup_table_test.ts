import { assert, assertEquals } from "@std/assert";
import { compileExpression } from "../../../../lib/rules/expression.ts";
import { decide } from "../../../../lib/rules/rules.ts";
import { CONTEXT, SHOP } from "../shop.ts";
import { openWorld } from "../tables/table_world.ts";

Deno.test("openLookups() opens in steps what is looked up, and tells of it once rules do so", () => {
  const rows = Array.from({ length: 1000 }, (_, at) => `C${at % 999},${at}`);
  const table = { csv: ["id,limit", ...rows].join("\n"), hit: "unique" } as const;
  const { library } = openWorld({ tables: { customers: table, others: table } });
  const source = `order.total > lookup( "customers", order.user.externalId, 'limit', 500)`;
  const steps = [...library.openLookups(["lookup", source, source])];
  const once = [...library.openLookups([source])];
  // Each of two columns, the numbers in one and the keys: and nothing a second time.
  assert(steps.length > 1000 / 64 * 3, `${steps.length} steps`);
  assertEquals(once.length, 1);
  assertEquals(library.findings().mistakes, []);
  assert(
    "test" in compileExpression(library.vocabulary(SHOP), source.replace("user.externalId", "id")),
  );
  assertEquals(library.findings().mistakes.map(({ message }) => message), [
    'line 1001, found "C0" in the column "id", which line 2 has too',
  ]);
});

Deno.test("missing text finds no row without a key, which is told", () => {
  const csv = "id,group,limit\n1,a,5\n,VIP,\n2,,9\n ,VIP,\n";
  const { rules, told, warned } = openWorld({
    tables: { customers: { csv, hit: "unique" } },
    rules: [
      { name: "a", when: "lookup('customers', order.id, 'group') == 'VIP'", then: { group: 1 } },
      {
        name: "b",
        when: "lookup('customers', order.id, 'group', 'none') == ''",
        then: { group: 2 },
      },
    ],
  });
  assertEquals(told, []);
  assertEquals(warned, [
    'tables.customers: line 3, found nothing in the column "id", nor on line 5: no key finds ' +
    "the row. What counts where no row is found is the fourth argument of lookup()",
  ]);
  const order = { ...CONTEXT.order, id: "" };
  assertEquals(decide(rules, undefined, { ...CONTEXT, order }).rule, null);
});
