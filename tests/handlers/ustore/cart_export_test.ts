import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { edit, LIST } from "./documents.ts";
import { ask, mistakesOf, open, resultOf, shapeErrorOf } from "./open.ts";

const KIND = "ustore.cart-export";
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

const answered = (changes: Readonly<Record<string, unknown>>, settings: object = {}) =>
  resultOf(KIND, settings, edit(LIST, changes));

function answerOf(externalID: string, externalUrl: string, redirectUrl = ""): string {
  return JSON.stringify({ externalID, externalUrl, redirectUrl });
}

Deno.test("ustore.cart-export echoes the external id that the list has", async () => {
  const settings = { externalUrl: "{publicUrl}/carts/{externalID}" };
  const url = "https://hooks.example/carts/";
  for (const given of ["abc", "a/b c", "0", "{token}"]) {
    const answer = await answered({ "list/externalID": given }, settings);
    assertEquals(answer, answerOf(given, `${url}${encodeURIComponent(given)}`));
  }
  const number = await answered({ "list/externalID": 42 }, settings);
  assertEquals(number, answerOf("42", `${url}42`));
});

Deno.test("ustore.cart-export names a list the same each time it is opened", async () => {
  const first = await answered({ "list/id": "new" });
  const pattern = `\\{"externalID":"${UUID}","externalUrl":` +
    `"https://hooks\\.example/exports/[\\w-]{22}","redirectUrl":""\\}`;
  assertMatch(String(first), new RegExp(`^${pattern}$`));
  assertEquals(await answered({ "list/id": "new" }), first);
  assertEquals(await answered({ "list/id": "new", "list/externalID": null }), first);
  assertEquals(await answered({ "list/id": "new", "list/externalID": undefined }), first);
  assertEquals(
    await answered({ "list/id": "new", "list/items": [], "list/lastExportDate": "2024-01-01" }),
    first,
  );
  assertNotEquals(await answered({ "list/id": "another" }), first);
  assertNotEquals(await answered({ "list/id": "new", "store/id": "another" }), first);
});

Deno.test("ustore.cart-export takes ids that are numbers", async () => {
  const settings = { externalUrl: "https://x.example/{store.id}/{list.id}?user={user.id}" };
  const numbers = { "list/id": 12, "store/id": 7, "user/id": 0, "list/externalID": "e" };
  const answer = answerOf("e", "https://x.example/7/12?user=0");
  assertEquals(await answered(numbers, settings), answer);
  const texts = { "list/id": "12", "store/id": "7", "user/id": "0", "list/externalID": "e" };
  assertEquals(await answered(texts, settings), answer);
});

Deno.test("ustore.cart-export encodes every value of a URL", async () => {
  const changes = {
    "list/externalID": "ext",
    "list/id": "../a?b#c",
    "user/id": "é %41+",
    "user/email": "a&b=c@d.example",
    "store/id": "..",
    "store/name": "Müller's (1)*!\n☃ \u{1F600}\uD800",
  };
  const settings = {
    externalUrl: "https://x.example/{store.id}/{list.id}/{user.id}",
    redirectUrl: "https://y.example/?mail={user.email}&store={store.name}&id={externalID}",
  };
  assertEquals(
    await answered(changes, settings),
    answerOf(
      "ext",
      "https://x.example/%252E%252E/..%2Fa%3Fb%23c/%C3%A9%20%2541%2B",
      "https://y.example/?mail=a%26b%3Dc%40d.example&store=M%C3%BCller%27s%20%281%29%2A%21%0A" +
        "%E2%98%83%20%F0%9F%98%80%EF%BF%BD&id=ext",
    ),
  );
});

Deno.test("ustore.cart-export lets a rule give other URLs, and tells which did", async () => {
  const endpoint = await open(KIND, {
    externalUrl: "https://x.example/{list.id}",
    redirectUrl: "https://x.example/go",
    rules: [
      {
        name: "big",
        when: "list.items.map(i, i.quantity).sum() > 1000",
        then: { redirectUrl: "https://y.example/{store.name}" },
      },
      {
        name: "mine",
        when: "user.email.endsWith('@buyer.example')",
        then: { externalUrl: "https://z.example", redirectUrl: "" },
      },
    ],
  });
  const document = edit(LIST, { "list/id": "l", "list/externalID": "e", "store/name": "S T" });
  assertEquals(await ask(endpoint, document), {
    result: answerOf("e", "https://x.example/l", "https://y.example/S%20T"),
    decisions: [{
      rule: "big",
      outcome: { redirectUrl: "https://y.example/{store.name}" },
      tried: 1,
      failures: [],
    }],
  });
  assertEquals(
    (await ask(endpoint, edit(document, { "list/items": [] }))).result,
    answerOf("e", "https://z.example"),
  );
  assertEquals(await ask(endpoint, edit(document, { "list/items": [], "user": null })), {
    result: answerOf("e", "https://x.example/l", "https://x.example/go"),
    decisions: [{
      rule: "otherwise",
      outcome: { externalUrl: "https://x.example/{list.id}", redirectUrl: "https://x.example/go" },
      tried: 2,
      failures: [],
    }],
  });
});

Deno.test("ustore.cart-export refuses as a rule says", async () => {
  const rules = [{ name: "never", when: "true", then: { reject: { en: "No", fr: "Non" } } }];
  assertEquals(await resultOf(KIND, { rules }, LIST), {
    code: "refused",
    params: {},
    messages: { en: "No", fr: "Non" },
  });
  const text = [{ name: "never", when: "true", then: { reject: "No" } }];
  // Nobody needs the store to refuse.
  assertEquals(await answered({ store: "x" }, { rules: text }), {
    code: "refused",
    params: {},
    messages: "No",
  });
});

Deno.test("ustore.cart-export wants a list with an id", async () => {
  assertEquals(await shapeErrorOf(KIND, {}, {}), "list: nothing, present");
  assertEquals(await shapeErrorOf(KIND, {}, null), "list: nothing, present");
  assertEquals(await shapeErrorOf(KIND, {}, { list: null }), "list: null, present");
  assertEquals(await shapeErrorOf(KIND, {}, { list: [] }), "list: [], object");
  assertEquals(await shapeErrorOf(KIND, {}, { list: {} }), "list.id: nothing, id");
  assertEquals(await shapeErrorOf(KIND, {}, { list: { id: " " } }), 'list.id: " ", id');
  assertEquals(await shapeErrorOf(KIND, {}, { list: { id: [1] } }), "list.id: [1], text");
  assertEquals(await shapeErrorOf(KIND, {}, []), "the body: [], object");
});

Deno.test("ustore.cart-export judges no field that it does not read", async () => {
  const wrong = { user: ["x"], "store/name": {}, "list/modificationDate": [] };
  const document = edit(LIST, { ...wrong, "list/externalID": "e" });
  assertEquals(
    await resultOf(KIND, { externalUrl: "https://x.example" }, document),
    answerOf("e", "https://x.example"),
  );
  const settings = { externalUrl: "https://x.example/{user.email}" };
  const found = await shapeErrorOf(KIND, settings, document);
  assertEquals(found, 'user: ["x"], object');
});

Deno.test("ustore.cart-export refuses a list whose items cannot be read, and takes an empty one", async () => {
  const settings = { externalUrl: "https://x.example" };
  for (const [items, found] of [[5, "5, list"], [null, "null, items"], [{}, "{}, items"]]) {
    const document = edit(LIST, { "list/items": items });
    assertEquals(await shapeErrorOf(KIND, settings, document), `list.items: ${found}`);
  }
  const renamed = edit(LIST, { "list/items": undefined, "list/Items": [{ ID: "1" }] });
  assertEquals(await shapeErrorOf(KIND, settings, renamed), "list.items: nothing, items");
  const empty = edit(LIST, { "list/items": [], "list/externalID": "e" });
  assertEquals(await resultOf(KIND, settings, empty), answerOf("e", "https://x.example"));
});

Deno.test("ustore.cart-export wants templates that make a web address", async () => {
  const wanted = "wanted a URL that starts with http:// or https://";
  const rules = [
    { name: "a", when: "true", then: { externalUrl: "", redirectUrl: "" } },
    { name: "b", when: "true", then: { redirectUrl: "//x.example/{token}" } },
    { name: "c", when: "true", then: { redirectUrl: "https://" } },
    { name: "d", when: "true", then: { redirectUrl: "HTTPS://x.example/{token}" } },
  ];
  assertEquals(
    await mistakesOf(KIND, { externalUrl: "javascript:{token}", redirectUrl: "{list.id}", rules }),
    [
      `endpoints[0].externalUrl: found "javascript:{token}", ${wanted}`,
      `endpoints[0].redirectUrl: found "{list.id}", ${wanted}`,
      `endpoints[0].rules[0].then.externalUrl: found "", ${wanted}`,
      `endpoints[0].rules[1].then.redirectUrl: found "//x.example/{token}", ${wanted}`,
      `endpoints[0].rules[2].then.redirectUrl: found "https://", ${wanted}`,
    ],
  );
});

Deno.test("ustore.cart-export reports the mistakes of its settings, all at once", async () => {
  const rules = [
    { name: "a", when: "true", then: { redirectUrl: "{list.ID}{" } },
    { name: "b", when: "user.mail == ''", then: {} },
  ];
  assertEquals(await mistakesOf(KIND, { externalUrl: "/{tokn}", rules }), [
    "endpoints[0].externalUrl: Unknown name {tokn} at column 2 (Did you mean {token}?)",
    'endpoints[0].rules[0].then.redirectUrl: The "{" has no closing "}" at column 10',
    'endpoints[0].rules[1].when: Rule "b", column 6: Unknown field "mail" of User (Did you mean \'email\'?)',
    'endpoints[0].rules[1].then: found an empty object, wanted one of "externalUrl", "redirectUrl", "reject" in it',
  ]);
});
