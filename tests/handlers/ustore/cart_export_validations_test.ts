import { assertEquals } from "@std/assert";
import { edit, LIST } from "./documents.ts";
import { ask, open, resultOf } from "./open.ts";

const KIND = "ustore.cart-export";
const NAME = "Müller’s cards";
const URL = "https://x.example";
const ITEM = "list/items/0";

const answered = (changes: Readonly<Record<string, unknown>>, settings: object = {}) =>
  resultOf(KIND, settings, edit(LIST, changes));

function answerOf(externalID: string, externalUrl: string, redirectUrl = ""): string {
  return JSON.stringify({ externalID, externalUrl, redirectUrl });
}

Deno.test("ustore.cart-export accepts or refuses lists with errors", async () => {
  const faulty = {
    "list/externalID": "e",
    "list/items/0/nickname": "For the fair",
    "list/items/1/nickname": null,
    "list/items/1/product/name": "Flyer",
    "list/items/0/validations": [{ type: 1, level: 1 }, { type: 99, level: 2, message: "Gone" }],
    "list/items/1/validations/1/level": "2",
  };
  const settings = { externalUrl: URL };
  const accepted = answerOf("e", URL);
  assertEquals(await answered(faulty, settings), accepted);
  assertEquals(await answered(faulty, { ...settings, listsWithErrors: "accept" }), accepted);
  const refuse = await open(KIND, { ...settings, listsWithErrors: "refuse" });
  assertEquals(await ask(refuse, edit(LIST, faulty)), {
    result: {
      code: "list_has_errors",
      params: {
        items: "For the fair, Flyer",
      },
    },
    decisions: [],
  });
  const nameless = { "list/items/0/nickname": ["x"], "list/items/0/product": 5 };
  const second = { "list/items/1/product/name": " ", "list/items/1/ID": "" };
  const byId = await ask(refuse, edit(LIST, { ...faulty, ...nameless, ...second }));
  assertEquals(byId.result, {
    code: "list_has_errors",
    params: { items: "0b7f2f0e-5c1d-4f4e-9d8b-7c6a5b4e3d21, #2" },
  });
  const warned = edit(LIST, { "list/externalID": "e" });
  assertEquals((await ask(refuse, warned)).result, accepted);
});

Deno.test("ustore.cart-export reads one validation or many", async () => {
  const settings = { externalUrl: URL, listsWithErrors: "refuse" };
  const error = { type: 14, level: 2, message: "Gone" };
  const refused = {
    code: "list_has_errors",
    params: { items: NAME },
  };
  for (const validations of [[error], error, { validation: error }, [{ level: "2" }]]) {
    assertEquals(await answered({ [`${ITEM}/validations`]: validations }, settings), refused);
  }
  for (const validations of [[], {}, null, "", undefined, { level: 1 }, { level: "1" }, {}]) {
    const changes = { [`${ITEM}/validations`]: validations, "list/externalID": "e" };
    assertEquals(await answered(changes, settings), answerOf("e", URL));
  }
});
