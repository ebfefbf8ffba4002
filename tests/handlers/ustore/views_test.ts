import { assertEquals } from "@std/assert";
import * as z from "zod";
import {
  decimalField,
  decimalOrZeroField,
  defineView,
  elementField,
  oncePerView,
  repeatedField,
  textField,
} from "../../../handlers/ustore/views.ts";
import { OrderView } from "../../../handlers/ustore/order.ts";
import { fieldTypesOf, viewsWithin } from "../../../handlers/ustore/shapes.ts";
import { misshapenBy } from "./open.ts";

const Tax = defineView("Tax", { name: textField("@Name"), amount: decimalField("Amount.Net") });
const Bill = defineView("Bill", {
  id: textField(["@id", "Id"]),
  fee: decimalOrZeroField("Fee"),
  main: elementField(["Main", "Other.Main"], Tax),
  taxes: repeatedField(["Taxes", "More.Taxes"], "Tax", Tax),
});

Deno.test("defineView() makes value, type and description of a line", () => {
  const bill = new Bill({
    Id: 7,
    Main: " ",
    Other: { Main: { "@Name": "VAT" } },
    Taxes: { Tax: { "@Name": "a", Amount: { Net: "1.50" } } },
    More: { Taxes: [{ "@Name": "b" }] },
  }, "Bill");
  assertEquals([bill.id, bill.fee, bill.main.name], ["7", 0, "VAT"]);
  assertEquals(bill.taxes.map(({ name, source: { position } }) => [name, position]), [
    ["a", 1],
    ["b", 2],
  ]);
  assertEquals(bill.taxes[0]?.amount, 1.5);
  assertEquals(fieldTypesOf(Bill), {
    Bill: { id: "string", fee: "number", main: "Tax", taxes: "list<Tax>" },
    Tax: { name: "string", amount: "number" },
  });
  const known = Object.keys(Bill.document().shape);
  assertEquals(known, ["@id", "Id", "Fee", "Main", "Other", "Taxes", "More"]);
});

Deno.test("defineView() reads a field when it is asked for, and names its whole place", async () => {
  const bill = new Bill({ Fee: "free", Other: [], More: { Taxes: [{ Amount: 5 }] } }, "Bill");
  assertEquals(await misshapenBy(() => bill.fee), 'Bill.Fee: "free", number');
  assertEquals(await misshapenBy(() => bill.main), "Bill.Other: [], object");
  const [tax] = bill.taxes;
  assertEquals(tax?.path, "Bill.More.Taxes[0]");
  assertEquals(await misshapenBy(() => tax?.amount), "Bill.More.Taxes[0].Amount: 5, object");
});

Deno.test("oncePerView() reads once of each view", () => {
  let reads = 0;
  const read = oncePerView(({ element }) => ({ name: element.Name, reads: ++reads }));
  const [one, other] = [new Tax({ Name: "a" }, "A"), new Tax({ Name: "b" }, "B")];
  assertEquals([read(one), read(other), read(one)], [
    { name: "a", reads: 1 },
    { name: "b", reads: 2 },
    { name: "a", reads: 1 },
  ]);
});

Deno.test("the description of an order has every place that a field is read from", () => {
  for (const { fields, document, typeName } of viewsWithin(OrderView)) {
    const written = JSON.stringify(z.toJSONSchema(document(), { unrepresentable: "any" }));
    for (const place of Object.values(fields).flatMap(({ places }) => places)) {
      for (const name of place.split(".")) {
        assertEquals(written.includes(JSON.stringify(name)), true, `${typeName}: ${place}`);
      }
    }
  }
});
