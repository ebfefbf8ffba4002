import { assertEquals } from "@std/assert";
import { edit, LIST } from "./documents.ts";
import { ask, open, resultOf } from "./open.ts";

const KIND = "ustore.cart-export";
const ITEM = "list/items/0";

const answered = (changes: Readonly<Record<string, unknown>>, settings: object = {}) =>
  resultOf(KIND, settings, edit(LIST, changes));

function answerOf(externalID: string, externalUrl: string, redirectUrl = ""): string {
  return JSON.stringify({ externalID, externalUrl, redirectUrl });
}

Deno.test("ustore.cart-export accepts or refuses lists with errors", async () => {
  const faulty = {
    "list/externalID": "e",
    "list/items/0/validations": [{ type: 1, level: 1 }, { type: 99, level: 2, message: "Gone" }],
    "list/items/1/validations/1/level": "2",
  };
  const settings = { externalUrl: "" };
  const accepted = answerOf("e", "");
  assertEquals(await answered(faulty, settings), accepted);
  assertEquals(await answered(faulty, { ...settings, listsWithErrors: "accept" }), accepted);
  const refuse = await open(KIND, { ...settings, listsWithErrors: "refuse" });
  assertEquals(await ask(refuse, edit(LIST, faulty)), {
    result: {
      code: "list_has_errors",
      params: {
        items: "0b7f2f0e-5c1d-4f4e-9d8b-7c6a5b4e3d21, 1c8f3a1f-6d2e-4a5f-8e9c-8d7b6c5f4e32",
      },
    },
    decisions: [],
  });
  const warned = edit(LIST, { "list/externalID": "e" });
  assertEquals((await ask(refuse, warned)).result, accepted);
});

Deno.test("ustore.cart-export reads one validation or many", async () => {
  const settings = { externalUrl: "", listsWithErrors: "refuse" };
  const error = { type: 14, level: 2, message: "Gone" };
  const refused = {
    code: "list_has_errors",
    params: { items: "0b7f2f0e-5c1d-4f4e-9d8b-7c6a5b4e3d21" },
  };
  for (const validations of [[error], error, { validation: error }, [{ level: "2" }]]) {
    assertEquals(await answered({ [`${ITEM}/validations`]: validations }, settings), refused);
  }
  for (const validations of [[], {}, null, "", undefined, { level: 1 }, { level: "1" }, {}]) {
    const changes = { [`${ITEM}/validations`]: validations, "list/externalID": "e" };
    assertEquals(await answered(changes, settings), answerOf("e", ""));
  }
});
