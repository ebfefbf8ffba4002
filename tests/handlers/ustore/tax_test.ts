import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { taxHandler } from "../../../handlers/ustore/tax.ts";
import expected from "../../fixtures/ustore-tax.answer.json" with { type: "json" };
import { askThrough } from "./asking.ts";
import { edit, orderOf } from "./documents.ts";
import { ask, mistakesOf, open, resultOf, shapeErrorOf } from "./open.ts";

const KIND = "ustore.tax";
const TAX = taxHandler.sample.request;
const ITEM = "Order/OrderProducts/OrderProduct/0";
const TWENTY = { rates: [{ percent: 20 }] };

/** The total tax of an order, or the code of the problem. */
async function taxOf(settings: object, document: unknown = TAX): Promise<unknown> {
  const result = await resultOf(KIND, settings, document);
  return typeof result === "string" ? JSON.parse(result).TotalTax : result.code;
}

function item(id: string, price: unknown, more: object = {}) {
  return { "@id": id, Prices: { TotalPrice: price }, ...more };
}

Deno.test("ustore.tax taxes what remains of each item after its discount", async () => {
  assertEquals(await resultOf(KIND, TWENTY, TAX), JSON.stringify(expected));
  assertEquals(await taxOf({ ...TWENTY, discounts: "ignore" }), 0.7);
  const inside = edit(edit(TAX, { DiscountInfo: null }), {
    "Order/DiscountInfo": { Items: { OrderProductId: "127", Discount: "5" } },
  });
  assertEquals(await taxOf(TWENTY, inside), 0.5);
});

Deno.test("ustore.tax takes the first row that fits the product and the place", async () => {
  const row = (fields: object) => taxOf({ rates: [{ ...fields, percent: 10 }, { percent: 0 }] });
  const fitting = [
    {},
    { taxGroup: "Regular Tax" },
    { country: "US" },
    { country: "United States", state: "Texas" },
    { country: "usa", state: "TX", taxGroup: "Regular Tax" },
  ];
  for (const fields of fitting) assertEquals(await row(fields), 0.3, JSON.stringify(fields));
  const others = [
    { taxGroup: "Books" },
    { taxCode: "Regular Tax" },
    { country: "DE" },
    { country: "US", state: "PA" },
  ];
  for (const fields of others) assertEquals(await row(fields), 0, JSON.stringify(fields));
  const coded = edit(TAX, { [`${ITEM}/Product/TaxGroup/TaxCode`]: "A1" });
  const rates = [{ taxCode: "A1", percent: 10 }, { percent: 0 }];
  assertEquals(await taxOf({ rates }, coded), 0.1);
});

Deno.test("ustore.tax takes places outside America by their names, in any letter case", async () => {
  const document = edit(TAX, {
    "Order/Deliveries/Delivery/0/ShippingAddress": { StateName: "Bayern", CountryName: "Germany" },
  });
  const rates = [{ country: "DE", state: "bayern", percent: 19 }];
  assertEquals(await taxOf({ rates }, document), 0.57);
});

Deno.test("ustore.tax taxes at the billing address what is shipped nowhere", async () => {
  const document = edit(TAX, {
    "Order/Deliveries/Delivery/0/ShippingAddress": null,
    "Order/BillingAddress/State": "PA",
  });
  const rates = [{ country: "US", state: "PA", percent: 6 }];
  assertEquals(await taxOf({ rates }, document), 0.18);
});

Deno.test("ustore.tax refuses an order of which an item has no rate, and names it", async () => {
  const rates = [{ country: "DE", percent: 19 }];
  assertEquals(await resultOf(KIND, { rates }, TAX), {
    code: "no_tax_rate",
    params: { items: "127, 128" },
  });
  assertEquals(await taxOf({}), "no_tax_rate");
  assertEquals(await taxOf({}, orderOf([])), 0);
});

Deno.test("ustore.tax taxes shipping where it has a tax group", async () => {
  const document = edit(TAX, { "Order/Deliveries/Delivery/0/DeliveryPrice": "10.00" });
  const rates = [{ taxGroup: "Freight", country: "US", percent: 5 }, { percent: 20 }];
  assertEquals(await taxOf({ rates }, document), 0.6);
  assertEquals(await taxOf({ rates, taxShippingAs: "Freight" }, document), 1.1);
  const only = rates.slice(0, 1);
  assertEquals(await taxOf({ rates: only, taxShippingAs: "Freight" }, document), "no_tax_rate");
});

Deno.test("ustore.tax rounds half up, the total or each item, to the currency's places", async () => {
  const order = (currency: string) =>
    orderOf([item("a", "0.05"), item("b", "0.05")], { "@primaryCurrency": currency });
  const rates = [{ percent: 10 }];
  const cases = [
    ["USD", {}, 0.01],
    ["USD", { per: "item" }, 0.02],
    ["USD", { decimals: 4, per: "item" }, 0.01],
    ["KWD", {}, 0.01],
    ["KWD", { decimals: 1 }, 0],
    ["", {}, 0.01],
    ["$", {}, 0.01],
  ] as const;
  for (const [currency, rounding, tax] of cases) {
    assertEquals(await taxOf({ rates, rounding }, order(currency)), tax, currency);
  }
  const yen = orderOf([item("a", "15")], { "@primaryCurrency": "JPY" });
  assertEquals(await taxOf({ rates }, yen), 2);
});

Deno.test("ustore.tax tells of each item which row gave its rate", async () => {
  const { decisions } = await ask(await open(KIND, TWENTY), TAX);
  const rest = { tried: 0, failures: [] };
  assertEquals(decisions, [
    { rule: "otherwise", outcome: { rates: true }, ...rest },
    {
      ...{ subject: "127", rule: "rates[0]", ...rest },
      outcome: { percent: 20, amount: 1, tax: 0.2 },
    },
    {
      ...{ subject: "128", rule: "rates[0]", ...rest },
      outcome: { percent: 20, amount: 2, tax: 0.4 },
    },
  ]);
});

Deno.test("ustore.tax writes the total under the name and in the form of the settings", async () => {
  const name = { ...TWENTY, answer: { total: "tax", as: "text" } };
  assertEquals(await resultOf(KIND, name, TAX), '{"tax":"0.60"}');
  const odd = { ...TWENTY, answer: { total: "__proto__" } };
  assertEquals(await resultOf(KIND, odd, TAX), '{"__proto__":0.6}');
});

Deno.test("ustore.tax decides by rules before it looks into the table", async () => {
  const rules = [
    { name: "exempt", when: "order.user.email.endsWith('@ustore.example')", then: { tax: 0 } },
  ];
  assertEquals(await taxOf({ ...TWENTY, rules }), 0);
  const refusal = [{ name: "no", when: "true", then: { reject: "Not here" } }];
  const broken = edit(TAX, { "Order/@primaryCurrency": ["?"], "Order/OrderProducts": 5 });
  assertEquals(await taxOf({ ...TWENTY, rules: refusal }, broken), "refused");
});

Deno.test("ustore.tax passes on all that a service says beside the total", async () => {
  const call = { service: "pricing", attempts: 1, status: 200 };
  const through = (answer: string, settings: object = {}, service: object = {}) =>
    askThrough(KIND, { ...settings, otherwise: { ask: "pricing" } }, TAX, answer, service);
  const said = { TotalTax: 0.61, lines: [{ id: 1 }] };
  assertEquals(await through(JSON.stringify(said, null, 2)), {
    result: JSON.stringify(said),
    asked: [{ ...call, said }],
    questions: 1,
  });
  const form = { answer: { total: "tax", as: "text" } };
  assertEquals((await through('{"tax":"0.61"}', form)).result, '{"tax":"0.61"}');
  for (const answer of ['{"TotalTax":"0.61"}', '{"TotalTax":-1}', "{}", '{"toString":1}', "5"]) {
    const onFailure = { rates: true };
    const { result, asked } = await through(answer, TWENTY, { onFailure });
    assertEquals(result, JSON.stringify(expected), answer);
    assertEquals([asked[0]?.onFailure, asked.length], [onFailure, 3]);
  }
  const toString = { answer: { total: "toString" } };
  assertEquals(
    (await through("{}", toString)).asked[0]?.failure,
    [
      'answered without a number from 0 as "toString"',
    ][0],
  );
});

Deno.test("ustore.tax names the field that is no amount", async () => {
  const document = edit(TAX, { [`${ITEM}/Prices/TotalPrice`]: "a lot" });
  assertEquals(
    await shapeErrorOf(KIND, TWENTY, document),
    'Order.OrderProducts.OrderProduct[0].Prices.TotalPrice: "a lot", number',
  );
  const discount = edit(TAX, { "DiscountInfo/Items/0/Discount": "much" });
  assertEquals(
    await shapeErrorOf(KIND, TWENTY, discount),
    'DiscountInfo.Items[0].Discount: "much", number',
  );
});

Deno.test("ustore.tax reports the mistakes of its table", async () => {
  assertEquals(await mistakesOf(KIND, { rates: [{ state: "PA", percent: 6 }] }), [
    'endpoints[0].rates[0].state: found the state "PA" without a country ' +
    '(For example: "country": "US")',
  ]);
  assertEquals(await mistakesOf(KIND, { rates: [{ country: "US" }] }), [
    "endpoints[0].rates[0].percent: found nothing, wanted a number from 0 to 1000",
  ]);
});

/** Hundredths of cents, exactly. */
function exactTax(prices: readonly number[], basisPoints: number): bigint {
  return prices.reduce((sum, cents) => sum + BigInt(cents) * BigInt(basisPoints), 0n);
}

Deno.test("ustore.tax computes as whole numbers would, for any prices and any rate", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 0, max: 4000 }),
      async (prices, basisPoints) => {
        const items = prices.map((cents, index) => item(`${index}`, (cents / 100).toFixed(2)));
        const rates = [{ percent: basisPoints / 100 }];
        // In units of 0.000001, of which half a cent is 5000.
        const cents = (exactTax(prices, basisPoints) + 5000n) / 10_000n;
        assertEquals(await taxOf({ rates }, orderOf(items)), Number(cents) / 100);
      },
    ),
    { numRuns: 60 },
  );
});
