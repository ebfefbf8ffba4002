/** Whatever a sender that is known sends: no 5xx, no hang, and a refusal says what is wrong. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Handler } from "../../../handlers/handler.ts";
import { handlers } from "../../../handlers/mod.ts";
import { type Program, shareProgram, STACK_TRACE } from "../program.ts";

const ORDER_RULE = "order.total > 5 || order.items.exists(i, i.total > 5 || i.quantity > 9) || " +
  "order.user.department == 'x' || order.billTo.country == 'DE'";

/** Endpoints that read as much as they can. */
const SETTINGS: Readonly<Record<string, object>> = {
  "ustore.order-approval": {
    rules: [{ name: "all", when: ORDER_RULE, then: { group: 1 } }],
    otherwise: { customConfig: { otherwise: { approve: true } } },
  },
  "ustore.manufacturer": {
    rules: [{ name: "all", when: "item.shipTo.stateCode == 'NY'", then: { manufacturer: 1 } }],
    otherwise: { customConfiguration: { otherwise: { keep: true } } },
  },
  "ustore.cart-export": {
    listsWithErrors: "refuse",
    rules: [{ name: "all", when: "list.items.exists(i, i.quantity > 5)", then: { reject: "No" } }],
  },
  "ustore.tax": { taxShippingAs: "Freight", rates: [{ percent: 8.25 }] },
};

const keys = new Map(handlers.map(({ kind, sample }) => [kind, sample.sender.newKey()]));

const test = shareProgram({
  config: {
    endpoints: handlers.map(({ kind, sample }) => ({
      path: `/${kind}`,
      kind,
      ...sample.sender.settings(keys.get(kind) ?? ""),
      ...SETTINGS[kind],
    })),
  },
});

/** Texts that JSON lets stand for a value, which `JSON.stringify` never writes. */
const odd = fc.constantFrom(
  ...["1e308", "1e400", "-1E-400", "-0", "8.10", "9007199254740993", "1".repeat(400)],
  ...['{"rawJSON":"1.0"}', '{"__proto__":{"a":1.0}}', '{"a":1,"a":2.50}', '"\\ud800"', '"\\u0000"'],
  ...['{"#text":1e21}', '{"@id":-0}', "[[[[[[]]]]]]", '{"":""}', '" "', "[null]", "[{}]", "{}"],
);
const value = fc.oneof(odd, fc.jsonValue().map((one) => JSON.stringify(one)));

/** A document, with another text in the place of some of its values. */
function changed(document: unknown, changes: readonly (readonly [number, string])[]): string {
  const marked = JSON.stringify(document);
  // Every value that ends a member or an element may be replaced.
  const places = [...marked.matchAll(/(?<=[:[,])(?:"(?:[^"\\]|\\.)*"(?!:)|-?\d[\d.]*|null|\[\])/g)];
  let text = marked;
  const chosen = changes.map(([at, by]) => [places[at % places.length], by] as const);
  for (const [place, by] of chosen.toSorted(([a], [b]) => (b?.index ?? 0) - (a?.index ?? 0))) {
    if (place === undefined) continue;
    text = text.slice(0, place.index) + by + text.slice(place.index + place[0].length);
  }
  return text;
}

async function post({ url }: Program, { kind, sample }: Handler, json: string): Promise<void> {
  const body = new TextEncoder().encode(json);
  const key = keys.get(kind) ?? "";
  const sending = { url: `${url}/${kind}`, body, key, language: "en", isSample: false };
  const { headers, url: to } = await sample.sender.prepare(sending);
  const signal = AbortSignal.timeout(20_000);
  const response = await fetch(to, { method: "POST", headers: headers, body, signal });
  const text = await response.text();
  const said = `${kind} ${response.status} ${text} for ${json.slice(0, 2000)}`;
  assert([200, 204, 400].includes(response.status), said);
  if (response.status !== 400) return;
  const { code, message } = JSON.parse(text);
  assert(typeof message === "string" && message !== "", said);
  if (code === "wrong_shape") {
    assert(/(?:Order|list|DiscountInfo|body|events|user|store)/.test(message), said);
  }
}

for (const handler of handlers) {
  const { kind, sample } = handler;
  test(`${kind} answers or refuses any JSON at any place`, async (program) => {
    const change = fc.tuple(fc.nat(), value);
    const body = fc.oneof(
      value,
      value.map((one) => `{"Order":${one}}`),
      value.map((one) => `{"Order":{"OrderProducts":${one}}}`),
      value.map((one) => `{"list":{"id":1,"items":${one}}}`),
      value.map((one) => `[{"order_create":${one}}]`),
      value.map((one) => `{"events":[{"order_create":${one}},${one}]}`),
      fc.array(change, { minLength: 1, maxLength: 3 }).map((all) => changed(sample.request, all)),
    );
    await fc.assert(fc.asyncProperty(body, (text) => post(program, handler, text)), {
      numRuns: 200,
    });
    assertEquals(STACK_TRACE.exec(program.stderr()), null);
  });
}
