import { assertEquals } from "@std/assert";
import { misshapenBy } from "./open.ts";
import { readAll } from "./read_all.ts";
import { ProductView } from "../../../handlers/ustore/order.ts";
import { ORDER_VOCABULARY } from "../../../handlers/ustore/sight.ts";

Deno.test("ProductView reads every field", () => {
  const product = {
    "@id": 26,
    "@externalId": "E-26",
    Name: "s1",
    CatalogNumber: "C1",
    Type: "StaticPrint",
    TaxGroup: { Id: "1", Name: "Regular Tax", TaxCode: "T" },
  };
  assertEquals(
    readAll(ORDER_VOCABULARY, "Product", new ProductView(product, "P")),
    {
      id: "26",
      externalId: "E-26",
      name: "s1",
      catalogNumber: "C1",
      type: "StaticPrint",
      taxCode: "T",
      taxGroup: "Regular Tax",
    },
  );
});

Deno.test("ProductView gives empty text for what is missing", () => {
  const nothing = {
    id: "",
    externalId: "",
    name: "",
    catalogNumber: "",
    type: "",
    taxCode: "",
    taxGroup: "",
  };
  for (const product of [{}, { CatalogNumber: null, TaxGroup: "" }, { TaxGroup: {} }]) {
    assertEquals(
      readAll(ORDER_VOCABULARY, "Product", new ProductView(product, "P")),
      nothing,
    );
  }
});

Deno.test("ProductView names the place of what it cannot read", async () => {
  const product = new ProductView({ Name: ["a"], TaxGroup: [], Type: "T" }, "P");
  assertEquals(product.type, "T");
  assertEquals(await misshapenBy(() => product.name), 'P.Name: ["a"], text');
  assertEquals(await misshapenBy(() => product.taxCode), "P.TaxGroup: [], object");
  const code = new ProductView({ TaxGroup: { TaxCode: [] } }, "P");
  assertEquals(await misshapenBy(() => code.taxCode), "P.TaxGroup.TaxCode: [], text");
});
