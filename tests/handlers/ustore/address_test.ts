import { assertEquals } from "@std/assert";
import { misshapenBy } from "./open.ts";
import { readAll } from "./read_all.ts";
import { AddressView } from "../../../handlers/ustore/address.ts";
import type { Element } from "../../../handlers/ustore/elements.ts";
import { ORDER_VOCABULARY } from "../../../handlers/ustore/sight.ts";

function read(element: Element): unknown {
  return readAll(ORDER_VOCABULARY, "Address", new AddressView(element, "A"));
}

const EXPECTED = {
  name: "Wines Lane",
  company: "Wines",
  address1: "4616 Wines Lane",
  address2: "",
  city: "",
  state: "Pennsylvania",
  stateCode: "PA",
  zip: "19028",
  country: "US",
  phone: "832",
};

const COMMON = {
  Name: "Wines Lane",
  Company: "Wines",
  Address1: "4616 Wines Lane",
  Address2: null,
  Phone: "832",
};

Deno.test("AddressView gives one shape for both that uStore sends", () => {
  const billing = {
    ...COMMON,
    City: null,
    State: "PA",
    ZipCode: "19028",
    Country: "US",
    Fax: null,
  };
  const shipping = {
    ...COMMON,
    StateName: "Pennsylvania",
    Zip: 19028,
    CountryName: "United States",
  };
  assertEquals(read(billing), EXPECTED);
  assertEquals(read(shipping), EXPECTED);
  assertEquals(read({ ...billing, State: "pennsylvania ", Country: "USA" }), EXPECTED);
  assertEquals(read({ ...billing, ...shipping, State: "", ZipCode: null }), EXPECTED);
});

Deno.test("AddressView reads states and provinces by name or code", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["D.C.", "US", "DC", "District of Columbia"],
    ["Québec", "Canada", "QC", "Quebec"],
    ["qc", "CA", "QC", "Quebec"],
    ["British Columbia", "", "BC", "British Columbia"],
    ["Ontario", "United States", "", "Ontario"],
    ["NSW", "Australia", "NSW", "NSW"],
    ["Bayern", "Germany", "", "Bayern"],
  ];
  for (const [text, country, stateCode, state] of cases) {
    const short = new AddressView({ State: text, Country: country }, "A");
    const long = new AddressView({ StateName: text, CountryName: country }, "A");
    assertEquals([short.stateCode, short.state], [stateCode, state], text);
    assertEquals([long.stateCode, long.state], [stateCode, state], text);
  }
});

Deno.test("AddressView gives empty text for what is missing", () => {
  const nothing = Object.fromEntries(Object.keys(EXPECTED).map((name) => [name, ""]));
  assertEquals(read({}), nothing);
  assertEquals(read({ State: null, StateName: "", Zip: " ", Country: { "@id": "1" } }), nothing);
});

Deno.test("AddressView judges a field only when it is read", async () => {
  const address = new AddressView(
    { Zip: ["1"], State: {}, Country: { a: 1 }, City: "X" },
    "A.B",
  );
  assertEquals(address.city, "X");
  assertEquals(await misshapenBy(() => address.zip), 'A.B.Zip: ["1"], text');
  assertEquals(await misshapenBy(() => address.country), 'A.B.Country: {"a":1}, text');
  // A state's name means something in its country alone.
  assertEquals(await misshapenBy(() => address.stateCode), 'A.B.Country: {"a":1}, text');
});
