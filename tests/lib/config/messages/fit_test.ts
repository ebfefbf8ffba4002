import { assertEquals } from "@std/assert";
import { mistakesOf } from "../load_text.ts";

const endpoint = { path: "/a", kind: "fake.kind", signatureKeys: ["long enough"] };
const wrongRule = { name: "n", when: "wrong", then: { group: 1 } };

async function found(settings: object): Promise<readonly string[]> {
  const mistakes = await mistakesOf({ endpoints: [{ ...endpoint, ...settings }] });
  return mistakes.map((one) => one.replace("endpoints[0].", "").replace(/: .*/, ""));
}

Deno.test("repair() lets a wrong rule show beside every other kind of mistake", async () => {
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [{ defaultGroup: "x" }, ["defaultGroup"]],
    [{ signatureKeys: [] }, ["signatureKeys"]],
    [{ signatureKeys: 3 }, ["signatureKeys"]],
    [{ mode: "x" }, ["mode"]],
    [{ colour: "x" }, ["colour"]],
    [{ auth: { type: "ftp" } }, ["auth.type"]],
    [{ auth: { type: "basic", user: "u" } }, ["auth.username", "auth.password", "auth.user"]],
    [{ otherwise: { groupp: 1 } }, ["otherwise.groupp"]],
    [{ otherwise: { ask: "x" } }, ["otherwise.ask"]],
    [{ otherwise: { reject: 3 } }, ["otherwise.reject"]],
    [{ otherwise: {} }, ["otherwise"]],
    [{ otherwise: 7, mode: 7 }, ["otherwise", "mode"]],
  ];
  const all = await Promise.all(
    cases.map(([settings]) => found({ rules: [wrongRule], ...settings })),
  );
  const seen = all.map((paths) => paths.toSorted());
  assertEquals(seen, cases.map(([, paths]) => [...paths, "rules[0].when"].toSorted()));
});

Deno.test("repair() keeps the places of rules when one of them is wrong", async () => {
  const rules = [{ ...wrongRule, then: { ask: "x" } }, 7, wrongRule, { ...wrongRule, name: "" }];
  assertEquals(await found({ rules }), [
    "rules[0].when",
    "rules[0].then.ask",
    "rules[1]",
    "rules[2].when",
    "rules[3].name",
    "rules[3].when",
  ]);
});

Deno.test("repair() adds nothing of its own", async () => {
  assertEquals(await found({ rules: [{ name: "n", when: 1, then: { group: 1 } }] }), [
    "rules[0].when",
  ]);
  assertEquals(await found({ signatureKeys: undefined, defaultGroup: -1 }), [
    "signatureKeys",
    "defaultGroup",
  ]);
});
