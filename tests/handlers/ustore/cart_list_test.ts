import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { edit, LIST, sprinkle } from "./documents.ts";
import { misshapenBy } from "./open.ts";
import { readAll } from "./read_all.ts";
import { itemsWithErrors, viewExport } from "../../../handlers/ustore/cart_list.ts";
import { LIST_VOCABULARY } from "../../../handlers/ustore/sight.ts";

function read(document: unknown): unknown {
  const { user, store, list } = viewExport(document);
  return {
    user: readAll(LIST_VOCABULARY, "User", user),
    store: readAll(LIST_VOCABULARY, "Store", store),
    list: readAll(LIST_VOCABULARY, "List", list),
  };
}

const VIEW = {
  user: { id: "5ab2f5b5-6f3c-4a0e-9a2f-6a53f0c3e1d7", email: "shopper@buyer.example" },
  store: { id: "9c1b1f7e-1b0f-4e5e-8f0c-5f3b0e6a7d11", name: "Connect Enterprise Store" },
  list: {
    id: "e3f6c1de-8f44-4d5b-9c6a-2a3d5c1b7f90",
    externalId: "",
    modificationDate: "2023-12-03T10:15:30.123",
    lastExportDate: "",
    items: [
      {
        id: "0b7f2f0e-5c1d-4f4e-9d8b-7c6a5b4e3d21",
        product: { id: "240", name: "Business card", catalogNumber: "BC-001" },
        nickname: "Müller’s cards",
        quantity: 250,
        validations: [],
      },
      {
        id: "1c8f3a1f-6d2e-4a5f-8e9c-8d7b6c5f4e32",
        product: { id: "73", name: "Brochure A4", catalogNumber: "" },
        nickname: "",
        quantity: 1000,
        validations: [
          { type: 1, level: 1, message: "Inventory is low" },
          { type: 15, level: 1, message: "Shipping will be split" },
        ],
      },
    ],
  },
};

Deno.test("viewExport() reads every field of the vendor's list", () => {
  assertEquals(read(LIST), VIEW);
});

Deno.test("viewExport() reads numbers that are texts, and ids that are numbers", () => {
  const document = edit(LIST, {
    "list/items/0/quantity": "250",
    "list/items/0/product/ID": 240,
    "list/items/1/validations/0": { type: "1", level: "1", message: "Inventory is low" },
  });
  assertEquals(read(document), VIEW);
});

Deno.test("viewExport() takes what is empty or missing alike", () => {
  const list = { id: "l", externalId: "", modificationDate: "", lastExportDate: "", items: [] };
  const nothing = { user: { id: "", email: "" }, store: { id: "", name: "" }, list };
  assertEquals(read({ list: { id: "l", items: [] } }), nothing);
  for (const none of [null, "", " "]) {
    const fields = { externalID: none, modificationDate: none, lastExportDate: none, items: [] };
    assertEquals(read({ user: none, store: none, list: { id: "l", ...fields } }), nothing);
  }
  assertEquals(read({ list: { id: "l", items: { item: [] } } }), nothing);
});

Deno.test("viewExport() reads one item like a list of one", () => {
  const item = { ID: "i", quantity: 1, validations: { type: 14, level: 2, message: "Gone" } };
  const read = (items: unknown) => {
    const [first, ...others] = viewExport({ list: { id: "l", items } }).list.items;
    assertEquals(others, []);
    return readAll(LIST_VOCABULARY, "Item", first);
  };
  const view = {
    id: "i",
    product: { id: "", name: "", catalogNumber: "" },
    nickname: "",
    quantity: 1,
    validations: [{ type: 14, level: 2, message: "Gone" }],
  };
  for (const items of [item, [item], { item }, { item: [item] }]) assertEquals(read(items), view);
});

Deno.test("viewExport() takes no notice of fields that it does not know", () => {
  const name = fc.string().map((text) => `unknown${text}`);
  const extras = fc.array(fc.dictionary(name, fc.jsonValue()), { minLength: 1, maxLength: 10 });
  fc.assert(fc.property(extras, (extras) => {
    assertEquals(read(sprinkle(LIST, extras)), VIEW);
  }));
});

Deno.test("viewExport() names the place of a wrong type when it is read", async () => {
  const { list } = viewExport(edit(LIST, {
    "list/externalID": ["x"],
    "list/items/0/quantity": "many",
    "list/items/0/ID": { a: 1 },
    "list/items/1/product": 5,
    "list/items/1/validations/1/level": "high",
  }));
  const [first, second] = list.items;
  assertEquals(first?.nickname, "Müller’s cards");
  assertEquals(await misshapenBy(() => list.externalId), 'list.externalID: ["x"], text');
  assertEquals(await misshapenBy(() => first?.quantity), 'list.items[0].quantity: "many", number');
  assertEquals(await misshapenBy(() => first?.id), 'list.items[0].ID: {"a":1}, text');
  assertEquals(await misshapenBy(() => second?.product), "list.items[1].product: 5, object");
  assertEquals(
    await misshapenBy(() => itemsWithErrors(list)),
    'list.items[1].validations[1].level: "high", number',
  );
});

Deno.test("viewExport() wants an item to say something of itself", async () => {
  const itemsOf = (items: unknown) => viewExport({ list: { id: "l", items } }).list.items;
  for (const empty of [{}, { ID: "", nickname: null }, { unknown: 1 }]) {
    const place = "list.items.item[1].ID: nothing, id";
    assertEquals(await misshapenBy(() => itemsOf({ item: [{ ID: "a" }, empty] })), place);
  }
  assertEquals(itemsOf([{ nickname: "mine" }, { quantity: 2 }]).length, 2);
});

Deno.test("itemsWithErrors() names the items with a validation of the level error", () => {
  const items = [
    { ID: "a", validations: [{ level: 1 }, { level: 2 }] },
    { ID: "b", validations: { level: 1 } },
    { ID: "c", validations: { type: 999, level: "2" } },
    { ID: "d", validations: null },
    { ID: "e", validations: [{ level: 3 }, {}] },
  ];
  assertEquals(itemsWithErrors(viewExport({ list: { id: "l", items } }).list), ["a", "c"]);
});
