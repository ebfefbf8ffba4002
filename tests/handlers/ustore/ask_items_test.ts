import { assertEquals } from "@std/assert";
import { signed } from "../../e2e/third_party.ts";
import { askThrough } from "./asking.ts";
import { edit, MANUFACTURER, orderOf } from "./documents.ts";
import { mistakesOf } from "./open.ts";

const KIND = "ustore.manufacturer";
const SETTINGS = { manufacturers: { hanover: 2, dallas: "1" }, otherwise: { ask: "pricing" } };
const CALL = { service: "pricing", attempts: 1, status: 200 };
const FIRST = { name: "first", when: "item.position == 1", then: { manufacturer: "hanover" } };

function askedFor(answer: string, settings: object = {}, service: object = {}) {
  return askThrough(KIND, { ...SETTINGS, ...settings }, MANUFACTURER, answer, service);
}

Deno.test("ustore.manufacturer asks once for all items, and answers as the service does", async () => {
  assertEquals(await askedFor('{"3088":"1","3087":"2"}'), {
    result: '{"3087":"2","3088":"1"}',
    asked: [{ ...CALL, said: "2" }, { ...CALL, said: "1" }],
    questions: 1,
  });
});

Deno.test("ustore.manufacturer takes the service's word for the items alone that are left to it", async () => {
  // What it says of the first item counts as little as what it says of one that is none.
  for (const answer of ['{"3087":"1","3088":"1","9":"2"}', '{"3088":"1"}', '{"3088":"01"}']) {
    assertEquals(await askedFor(answer, { rules: [FIRST] }), {
      result: '{"3087":"2","3088":"1"}',
      asked: [undefined, { ...CALL, said: "1" }],
      questions: 1,
    });
  }
  const rules = [{ ...FIRST, when: "true" }];
  assertEquals((await askedFor("{}", { rules })).questions, 0);
});

Deno.test("ustore.manufacturer takes no answer that leaves out an item or names a stranger", async () => {
  const failures = [
    ['{"3087":"2"}', 'left out the item "3088"'],
    ["{}", 'left out the item "3087"'],
    ['{"3087":"2","3088":"3"}', "named the manufacturer 3, which the config does not know"],
    // An id of the answer is never taken for a name of the config.
    ['{"3087":"2","3088":"44"}', "named the manufacturer 44, which the config does not know"],
    ['{"3087":"2","3088":1}', 'answered in another form than uStore\'s, at "3088"'],
    ['{"3087":"hanover","3088":"1"}', 'answered in another form than uStore\'s, at "3087"'],
    ['["2","1"]', "answered in another form than uStore's"],
  ] as const;
  const manufacturers = { ...SETTINGS.manufacturers, "44": 5 };
  for (const [answer, failure] of failures) {
    const facts = { ...CALL, failure, onFailure: null };
    assertEquals(await askedFor(answer, { manufacturers }), {
      result: { code: "service_failed", params: {} },
      asked: [facts, facts],
      questions: 1,
    });
  }
});

Deno.test("ustore.manufacturer does as onFailure says for the items that are left to the service", async () => {
  const resultOf = async (onFailure: object) =>
    (await askedFor("{}", { rules: [FIRST] }, { onFailure })).result;
  assertEquals(await resultOf({ manufacturer: "dallas" }), '{"3087":"2","3088":"1"}');
  assertEquals(await resultOf({ manufacturer: 9 }), '{"3087":"2","3088":"9"}');
  assertEquals(await resultOf({ keep: true }), '{"3087":"2"}');
  assertEquals(await resultOf({ customConfiguration: true }), '{"3087":"2","3088":"1"}');
  const fallback = { customConfiguration: { otherwise: { manufacturer: "dallas" } } };
  const bare = edit(MANUFACTURER, { "Order/CustomConfiguration": null });
  const settings = { ...SETTINGS, rules: [FIRST] };
  const { result } = await askThrough(KIND, settings, bare, "{}", { onFailure: fallback });
  assertEquals(result, '{"3087":"2","3088":"1"}');
});

Deno.test("ustore.manufacturer asks for items of which the custom configuration says nothing", async () => {
  const settings = {
    ...SETTINGS,
    otherwise: { customConfiguration: { otherwise: { ask: "pricing" } } },
  };
  const document = edit(MANUFACTURER, { "Order/CustomConfiguration": "1:2" });
  const { result, asked } = await askThrough(KIND, settings, document, '{"3088":"1"}');
  assertEquals(result, '{"3087":"2","3088":"1"}');
  assertEquals(asked, [undefined, { ...CALL, said: "1" }]);
});

Deno.test("ustore.manufacturer refuses as a rule does, whatever the service says of other items", async () => {
  const answering = ({ body }: { readonly body: string }) => {
    assertEquals(JSON.parse(body), order);
    return signed('{"a":"1","b":"2"}');
  };
  const order = orderOf([{ "@id": "a" }, { "@id": "b" }]);
  const rules = [
    { name: "one", when: "item.id == 'a'", then: { ask: "pricing" } },
    { name: "two", when: "item.id == 'b'", then: { reject: "Not b" } },
  ];
  const { result, asked } = await askThrough(KIND, { ...SETTINGS, rules }, order, answering);
  assertEquals(result, { code: "refused", params: {}, messages: "Not b" });
  assertEquals(asked, [{ ...CALL, said: "1" }, undefined]);
});

Deno.test("ustore.manufacturer refuses with the message of the service", async () => {
  const answering = () => signed('{"message":"We do not print this."}', 400);
  const { result } = await askThrough(KIND, SETTINGS, MANUFACTURER, answering);
  assertEquals(result, { code: "refused", params: {}, messages: "We do not print this." });
});

Deno.test("ustore.manufacturer reports an onFailure that it does not know", async () => {
  const fails = (onFailure: object, settings: object = SETTINGS) =>
    mistakesOf(KIND, settings, { pricing: { url: "http://127.0.0.1:9/", onFailure } });
  assertEquals(await fails({ manufacturer: "hannover" }), [
    'services.pricing.onFailure.manufacturer: found "hannover", wanted an id or a name of ' +
    '"manufacturers" (Did you mean "hanover"?)',
  ]);
  assertEquals((await fails({ group: 7 }))[0]?.split(":")[0], "services.pricing.onFailure.group");
  assertEquals(await fails({ keep: true }, { otherwise: { ask: "pricing" } }), [
    "endpoints[0].manufacturers: found nothing, wanted the manufacturers that a service may name " +
    '(For example: "manufacturers": { "hanover": 2 })',
  ]);
});
