import { assertEquals } from "@std/assert";
import { compileForwarding } from "../../../../lib/config/endpoints/forwarding.ts";
import type { ReceivedEvent } from "../../../../lib/events/event.ts";

const EVENT: ReceivedEvent = {
  source: "ultracart",
  type: "order_create",
  candidates: [],
  subject: "order/A-1",
  key: "k",
  occurredAt: null,
  warnings: [],
  payload: new TextEncoder().encode('{"order_id":"A-1"}'),
};

const CREATED = "event.type == 'order_create'";
const SHIPPED = "event.type == 'order_ship'";
const FAILING = "number(event.fields['total']) > 1";

Deno.test("compileForwarding() lets through what has no filter, passes it, or makes it fail", () => {
  const mistakes: unknown[] = [];
  const { forwardTo, weighForwards } = compileForwarding(
    [
      "all",
      { to: "created", when: CREATED },
      { to: "shipped", when: SHIPPED },
      { to: "large", when: FAILING },
    ],
    "/ultracart",
    (...mistake) => void mistakes.push(mistake),
  );
  assertEquals(mistakes, []);
  assertEquals(forwardTo(EVENT), ["all", "created", "large"]);
  assertEquals(weighForwards(EVENT), [
    { destination: "all", goes: true, when: null },
    { destination: "created", goes: true, when: CREATED },
    { destination: "shipped", goes: false, when: SHIPPED },
    { destination: "large", goes: true, when: FAILING, failure: 'there is no "total"' },
  ]);
});

Deno.test("compileForwarding() reports where a filter is wrong", () => {
  const mistakes: unknown[] = [];
  compileForwarding(["all", { to: "erp", when: "event.tpye" }], "/", (at, message, hint) => {
    mistakes.push([at, message, hint]);
  });
  assertEquals(mistakes, [
    [
      ["forward", 1, "when"],
      'Column 7: Unknown field "tpye" of Event',
      "Did you mean 'type'?",
    ],
  ]);
});

Deno.test("compileForwarding() warns of a filter that nothing can meet, and that cannot fail", () => {
  const cases: readonly (readonly [when: string, warnings: number])[] = [
    ["event.type == 'a' && event.type == 'b'", 1],
    ["false // for now", 1],
    ["event.type == 'a'", 0],
    // Where the field is missing it fails, and lets the event through.
    ["event.fields['a'] == 'x' && event.fields['a'] == 'y'", 0],
  ];
  for (const [when, count] of cases) {
    const warnings: unknown[] = [];
    compileForwarding([{ to: "erp", when }], "/", () => {}, {
      warn: (at) => void warnings.push(at),
    });
    assertEquals(warnings, Array(count).fill(["forward", 0, "when"]), when);
  }
});
