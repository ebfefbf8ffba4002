import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { createPseudonyms } from "../../../lib/trials/rule_tests/pseudonyms.ts";
import { parseExactJson } from "../../../lib/util/json_text.ts";

/** What becomes of one text of a person. */
function replaced(text: string, literals: readonly string[] = [], salt = "salt"): string {
  const made = createPseudonyms(literals, salt).replaceIn({ User: { X: text } }, () => "nothing");
  return JSON.parse(JSON.stringify(made)).User.X;
}

Deno.test("createPseudonyms() keeps the shape of any text, and says the same of the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      fc.pre(!text.includes("@"));
      const made = replaced(text);
      assertEquals(made, replaced(text));
      const shapeOf = (one: string) =>
        [...one].map((sign) => /\p{N}/u.test(sign) ? "0" : /\p{L}/u.test(sign) ? "a" : sign)
          .join("");
      assertEquals(shapeOf(made), shapeOf(text));
    }),
  );
});

Deno.test("createPseudonyms() leaves no word of a person, and keeps what rules compare with", () => {
  const email = replaced("annegret.oberlander@hanover-print.example");
  assertMatch(email, /^[a-z]{8}\.[a-z]{10}@[a-z-]+\.example$/);
  assertEquals(/annegret|oberlander|hanover/.test(email), false);
  assertMatch(replaced("Annegret@VIP.example", ["@vip.example"]), /^[A-Z][a-z]{7}@VIP\.example$/);
  assertMatch(replaced("Marketing West", ["marketing"]), /^Marketing [A-Z][a-z]{3}$/);
  assertNotEquals(replaced("Annegret", [], "a"), replaced("Annegret", [], "b"));
  assertMatch(replaced("שרה כהן"), /^[\u0590-\u05ff]{3} [\u0590-\u05ff]{3}$/);
});

Deno.test("createPseudonyms() tells a person from a product, a store and a price", () => {
  const text = '{"Order":{"@OrderId":"4068","Store":{"Name":"North"},"Prices":{"Total":8.10},' +
    '"User":{"@UserId":77,"FirstName":"Ann","Country":"US"},"Product":{"Name":"Flyer"},' +
    '"PropertyValues":{"PropertyValue":[{"Property":{"DisplayName":"Name"},"Value":"Ann"},' +
    '{"Property":{"DisplayName":"Pages"},"Value":"16"}]},"Log":"sent to ann@a.example"}}';
  const { replaceIn, placesOf } = createPseudonyms([], "salt");
  const document = parseExactJson(text);
  const made = JSON.stringify(replaceIn(document, () => "nothing"));
  for (const kept of ['"North"', '"Total":8.10', '"US"', '"Flyer"', '"Pages"', '"16"', '"Name"']) {
    assert(made.includes(kept), kept);
  }
  for (const gone of ["4068", '"Ann"', "ann@", "77"]) assert(!made.includes(gone), gone);
  assertEquals(JSON.stringify(replaceIn(document, () => "all")), text);
  assertEquals(placesOf(document).map(({ group }) => group), [
    "Order.@OrderId",
    "Order.User.@UserId",
    "Order.User.FirstName",
    "Order.PropertyValues.PropertyValue.Value",
    "Order.Log",
  ]);
});

Deno.test("a field that names a person is replaced wherever it stands, and counts of them are not", () => {
  const people = {
    RecipientName: "Ann Miller",
    "@customerRef": "Ann",
    GiftMessage: "With love, Ann",
    DeliveryInstructions: "Ring at Miller",
  };
  const rest = {
    NumberOfRecipients: "12",
    PricePerRecipient: "1.00000",
    ShippingPrice: "0.50000",
    UserCurrency: "USD",
    Name: "Business cards",
  };
  const { replaceIn } = createPseudonyms([]);
  const document = { Order: { OrderProducts: { OrderProduct: [{ ...people, ...rest }] } } };
  const text = JSON.stringify(replaceIn(document, () => "nothing"));
  for (const word of ["Ann", "Miller", "love"]) assertEquals(text.includes(word), false, word);
  for (const [name, value] of Object.entries(rest)) {
    assertStringIncludes(text, `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  }
});
