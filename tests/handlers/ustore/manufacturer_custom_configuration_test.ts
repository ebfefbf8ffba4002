import { assertEquals } from "@std/assert";
import { edit, MANUFACTURER, orderOf } from "./documents.ts";
import { resultOf } from "./open.ts";

const KIND = "ustore.manufacturer";

function asked(text: unknown) {
  const document = edit(orderOf([{ "@id": "a" }, { "@id": "b" }]), {
    "Order/CustomConfiguration": text,
  });
  return resultOf(KIND, { otherwise: { customConfiguration: true } }, document);
}

function unassigned(items: string) {
  return { code: "unassigned_items", params: { items } };
}

Deno.test("ustore.manufacturer does as the custom configuration says", async () => {
  assertEquals(await asked("2:1;1:007"), '{"a":"7","b":"1"}');
  assertEquals(await asked(" 1 : 7 ; 2 : 1 ; "), '{"a":"7","b":"1"}');
  assertEquals(await asked("1:7;2:1;3:3;99:4"), '{"a":"7","b":"1"}');
  assertEquals(await asked("1:7;2:1;1:7"), '{"a":"7","b":"1"}');
  assertEquals(await asked("1:7"), unassigned("b"));
  assertEquals(await asked("3:7"), unassigned("a, b"));
});

Deno.test("ustore.manufacturer refuses a custom configuration that it cannot read", async () => {
  const texts = ["1", "1:", ":2", "a:2", "1:b", "0:2;1:1;2:1", "1:2;;2:1", "1:2,2:1", "1:2;1:3"];
  for (const value of [...texts, "-1:2", "1:2147483648", "1:2:3", "1.0:2", "true;10065"]) {
    const problem = { code: "unreadable_custom_configuration", params: { value } };
    assertEquals(await asked(value), problem, value);
  }
  const empty = { code: "unreadable_custom_configuration", params: { value: "-" } };
  assertEquals(await asked(null), empty);
  assertEquals(await asked(""), empty);
  assertEquals(await asked(undefined), empty);
});

Deno.test("ustore.manufacturer reads the custom configuration only for items that need it", async () => {
  const settings = {
    rules: [{ name: "all", when: "item.position > 0", then: { manufacturer: 1 } }],
    otherwise: { customConfiguration: true },
  };
  const document = edit(MANUFACTURER, { "Order/CustomConfiguration": ["1:2"] });
  assertEquals(await resultOf(KIND, settings, document), '{"3087":"1","3088":"1"}');
});
