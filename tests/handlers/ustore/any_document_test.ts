import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { taxHandler } from "../../../handlers/ustore/tax.ts";
import { ShapeError } from "../../../lib/rules/cel/evaluation.ts";
import { numberOfText, parseExactJson } from "../../../lib/util/json_text.ts";
import type { Endpoint } from "../../../lib/http/endpoint.ts";
import { Problem, problemOfShape } from "../../../lib/http/problem/problem.ts";
import { problemAnswer } from "../../../lib/http/problem/problem_answer.ts";
import { APPROVAL, edit, LIST, MANUFACTURER } from "./documents.ts";
import { incoming, open, shapeErrorOf } from "./open.ts";

/** Endpoints that read as much as they can. */
const endpoints = await Promise.all([
  open("ustore.order-approval", {
    rules: [{
      name: "all",
      when: "order.total > 5 || order.billTo.stateCode == 'PA' || order.deliveries.size() > 9 || " +
        "order.items.exists(i, i.properties.size() > 9 || i.shipTo.country == 'DE' || i.total > 5)",
      then: { group: 1 },
    }],
    otherwise: { customConfig: true },
  }),
  open("ustore.manufacturer", {
    rules: [{
      name: "all",
      when: "item.shipTo.stateCode == 'NY' || 'A' in item.properties || 'A' in item.dials || " +
        "item.manufacturer.name == 'x' || item.product.taxCode == 'x' || item.quantity > 5",
      then: { manufacturer: 1 },
    }],
    otherwise: { customConfiguration: true },
  }),
  open("ustore.cart-export", {
    listsWithErrors: "refuse",
    redirectUrl: "https://x.example/{user.id}{user.email}{store.name}{list.id}",
    rules: [{
      name: "all",
      when: "list.items.exists(i, i.product.name == 'x' || i.quantity > 5)",
      then: { reject: "No" },
    }],
  }),
  ...await Promise.all(
    (["total", "item"] as const).map((per) =>
      open("ustore.tax", {
        taxShippingAs: "Freight",
        rates: [{ country: "US", state: "TX", percent: 8.25 }, { percent: 1000 }],
        rounding: per === "item" ? { per, decimals: 6 } : { per },
        answer: { as: per === "item" ? "text" : "number" },
      })
    ),
  ),
]);

/** An answer, a problem or a shape error, and each of them can be written. */
async function answers(endpoint: Endpoint, document: unknown): Promise<void> {
  try {
    const { result } = await endpoint.answer(incoming(endpoint, document));
    if (result instanceof Problem) problemAnswer(result, new Headers(), "test");
    else JSON.parse(String(result));
  } catch (error) {
    assert(error instanceof Problem || error instanceof ShapeError, String(error));
    const problem = error instanceof Problem ? error : problemOfShape(error);
    problemAnswer(problem, new Headers(), "test");
  }
}

async function everyEndpointAnswers(document: unknown): Promise<void> {
  await Promise.all(endpoints.map((endpoint) => answers(endpoint, document)));
}

/** Every place of a document, as a path for `edit()`. */
function placesOf(node: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof node !== "object" || node === null) return [path.join("/")];
  const below = Object.entries(node).flatMap(([name, child]) => placesOf(child, [...path, name]));
  return path.length === 0 ? below : [path.join("/"), ...below];
}

Deno.test("every handler answers any document, or says what is wrong with it", async () => {
  const documents = fc.oneof(
    fc.jsonValue(),
    fc.record({ Order: fc.jsonValue() }),
    fc.record({ list: fc.jsonValue(), user: fc.jsonValue(), store: fc.jsonValue() }),
  );
  await fc.assert(fc.asyncProperty(documents, everyEndpointAnswers), { numRuns: 300 });
});

Deno.test("every handler answers the vendor's documents with anything at any place", async () => {
  const edited = [APPROVAL, MANUFACTURER, LIST, taxHandler.sample.request].map((document) => {
    const change = fc.tuple(fc.constantFrom(...placesOf(document)), fc.jsonValue());
    return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
      changes.reduce((so, [place, value]) => edit(so, { [place]: value }), document)
    );
  });
  await fc.assert(fc.asyncProperty(fc.oneof(...edited), everyEndpointAnswers), { numRuns: 500 });
});

/** What is no amount, no count and no id, or only just one. */
const NUMBERS: readonly string[] = [
  ...["1e21", "1e308", "1e309", "1e-400", "-1e400", "1E+5", "-0", "-0.0", "0e9", "1e999999999"],
  ...["NaN", "Infinity", "-Infinity", "0x10", "0b1", "1_000", "1,5", "1.000,50", "1 000", "+5"],
  ...["9007199254740993", "123456789012345678901234567890", "9".repeat(400), ".5", "5.", "--1"],
  ...["0.1000000000000000055511151231257827", "999999999999999.995", "-999999999999999.995"],
  ...["٣٫٥", "١٢٣", "１２", "1\u00a0000", "1e", "e5", "12a", "1/2", "1%", "$5", "5 USD", "\u22125"],
  ...["1e-7", "1e15", "1e16", "9007199254740991", "0.000000000000000000001", "00012", "true"],
];

/** The places of a document that hold a number, as JSON or as text. */
function numbersOf(document: unknown): readonly string[] {
  return placesOf(document).filter((place) => {
    const value = place.split("/").reduce<unknown>(
      (node, name) => typeof node === "object" && node !== null ? Reflect.get(node, name) : node,
      document,
    );
    return numberOfText(String(value)) !== undefined;
  });
}

Deno.test("every handler answers any spelling of a number where a number stands", async () => {
  const isJson = (text: string) => numberOfText(text) !== undefined;
  const values = NUMBERS.flatMap((text) =>
    isJson(text) ? [text, parseExactJson(text), JSON.parse(text), { "#text": text }] : [text]
  );
  for (const document of [APPROVAL, MANUFACTURER, LIST, taxHandler.sample.request]) {
    const places = numbersOf(document);
    assert(places.length > 0);
    for (const place of places) {
      await Promise.all(
        values.map((value) => everyEndpointAnswers(edit(document, { [place]: value }))),
      );
    }
  }
});

Deno.test("ustore.tax names the price that it cannot compute with", async () => {
  const place = "Order/OrderProducts/OrderProduct/0/Prices/TotalPrice";
  for (const text of ["1e21", "1e308", "1e-400", "NaN", "Infinity", "0x10", "1_000", "1,5", "١٢"]) {
    const values = numberOfText(text) === undefined ? [text] : [text, parseExactJson(text)];
    for (const value of values) {
      const document = edit(taxHandler.sample.request, { [place]: value });
      const found = await shapeErrorOf("ustore.tax", { rates: [{ percent: 20 }] }, document);
      const path = "Order.OrderProducts.OrderProduct[0].Prices.TotalPrice";
      assertEquals(found.replaceAll('"', ""), `${path}: ${text}, number`);
    }
  }
});

Deno.test("every handler answers deep and huge documents", async () => {
  const deepList: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  const deepObject: unknown = JSON.parse('{"Order":'.repeat(100_000) + "1" + "}".repeat(100_000));
  const huge = "x".repeat(5_000_000);
  const many = Array.from({ length: 100_000 }, () => ({ a: [] }));
  const places = [
    [APPROVAL, "Order/Prices/TotalPrice"],
    [APPROVAL, "Order/CustomConfig"],
    [APPROVAL, "Order/BillingAddress/State"],
    [MANUFACTURER, "Order/OrderProducts/OrderProduct/0/@id"],
    [MANUFACTURER, "Order/OrderProducts/OrderProduct/0/PropertyValues"],
    [MANUFACTURER, "Order/DeliveryInformation/Deliveries"],
    [LIST, "list/items"],
    [LIST, "store/name"],
  ] as const;
  for (const value of [deepList, deepObject, huge, many]) {
    const documents = places.map(([document, place]) => edit(document, { [place]: value }));
    await Promise.all([value, ...documents].map(everyEndpointAnswers));
  }
});
