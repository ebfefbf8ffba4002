import { assertEquals } from "@std/assert";
import * as z from "zod";
import { judgeSettings } from "../../../../lib/config/messages/judge.ts";
import { mistakesOf } from "../load_text.ts";

const endpoint = { path: "/a", kind: "fake.kind", signatureKeys: ["k"] };

async function ofEndpoint(settings: object): Promise<readonly string[]> {
  const mistakes = await mistakesOf({ endpoints: [{ ...endpoint, ...settings }] });
  return mistakes.map((one) => one.replace("endpoints[0].", ""));
}

async function ofOutcome(outcome: unknown): Promise<readonly string[]> {
  return await ofEndpoint({ otherwise: outcome });
}

Deno.test("judgeSettings() offers the keys of all outcomes for a misspelt one", async () => {
  assertEquals(await ofOutcome({ groupp: 1 }), [
    'otherwise.groupp: found unknown key "groupp", wanted one of "group", "approve", "reject" ' +
    '(Did you mean "group"?)',
  ]);
});

Deno.test("judgeSettings() judges an outcome by the branch that shares its keys", async () => {
  assertEquals(await ofOutcome({ group: "x" }), [
    'otherwise.group: found "x", wanted a whole number from 0',
  ]);
  assertEquals(await ofOutcome({ group: "12" }), [
    'otherwise.group: found "12", wanted a whole number from 0 (Write it without the quotes)',
  ]);
  assertEquals(await ofOutcome({ approve: false }), [
    "otherwise.approve: found false, wanted true",
  ]);
  assertEquals(await ofOutcome({ group: 1, note: "" }), [
    'otherwise.note: found unknown key "note" (It belongs beside "path" and "kind" of the endpoint)',
  ]);
});

Deno.test("judgeSettings() says when two outcomes stand in one place", async () => {
  assertEquals(await ofOutcome({ group: 1, reject: "no" }), [
    'otherwise.reject: found "reject" beside "group", wanted only one of the two',
  ]);
});

Deno.test("judgeSettings() names the choices where none was made", async () => {
  assertEquals(await ofOutcome({}), [
    'otherwise: found an empty object, wanted one of "group", "approve", "reject" in it',
  ]);
  assertEquals(await ofOutcome("approve"), [
    'otherwise: found "approve", wanted an object with one of "group", "approve", "reject"',
  ]);
  assertEquals(await ofOutcome({ reject: 3 }), [
    "otherwise.reject: found 3, wanted text that isn't empty or an object",
  ]);
  assertEquals(await ofOutcome({ reject: { en: 1 } }), [
    "otherwise.reject.en: found 1, wanted text",
  ]);
});

Deno.test("judgeSettings() tells the branches of a discriminated union apart", async () => {
  assertEquals(await ofEndpoint({ auth: { type: "basc", username: "u" } }), [
    'auth.type: found "basc", wanted one of "basic", "none" (Did you mean "basic"?)',
  ]);
  assertEquals(await ofEndpoint({ auth: {} }), [
    'auth.type: found nothing, wanted one of "basic", "none"',
  ]);
  assertEquals(await ofEndpoint({ auth: { type: "none", password: "x" } }), [
    'auth.password: found unknown key "password"',
  ]);
});

Deno.test("judgeSettings() says what is missing, too small, too short or none of a list", async () => {
  assertEquals(await mistakesOf({ endpoints: [{ path: "/a", kind: "fake.kind" }] }), [
    "endpoints[0].signatureKeys: found nothing, wanted a list",
  ]);
  assertEquals(await ofEndpoint({ signatureKeys: [] }), [
    "signatureKeys: found an empty list, wanted a list of at least 1",
  ]);
  assertEquals(await ofEndpoint({ defaultGroup: -1 }), [
    "defaultGroup: found -1, wanted a whole number from 0",
  ]);
  assertEquals(await ofEndpoint({ defaultGroup: null }), [
    "defaultGroup: found null, wanted a whole number from 0",
  ]);
  assertEquals(await ofEndpoint({ mode: "strickt" }), [
    'mode: found "strickt", wanted one of "strict", "lenient" (Did you mean "strict"?)',
  ]);
});

Deno.test("judgeSettings() wants public URLs with http or https, and only to their path", async () => {
  for (const section of ["server", "console"]) {
    const url = (publicUrl: string) => mistakesOf({ [section]: { publicUrl } });
    const other = "wanted a URL that starts with http:// or https://";
    const more = "wanted a URL without user:password@, a query and a fragment, such as " +
      "https://hooks.example/base";
    const wrong = {
      "ftp://a": `found "ftp://a", ${other}`,
      "ftp://me:hunter2@a": `found "ftp://…@a", ${other}`,
      "http://a/?b": `found "http://a/?b", ${more}`,
      "http://a?": `found "http://a?", ${more}`,
      "https://a/b#c": `found "https://a/b#c", ${more}`,
      "https://me:hunter2@a/b": `found "https://…@a/b", ${more}`,
      "https://me@a": `found "https://…@a", ${more}`,
    };
    for (const [text, message] of Object.entries(wrong)) {
      assertEquals(await url(text), [`${section}.publicUrl: ${message}`]);
    }
    for (const text of ["https://a", "http://[::1]:80/", "HTTPS://A:8443/b/@c/"]) {
      const mistakes = await url(text);
      assertEquals(mistakes.filter((mistake) => mistake.includes("publicUrl")), [], text);
    }
  }
});

Deno.test("judgeSettings() shows what a record's keys want", () => {
  const languages = z.record(z.string().regex(/^[a-z]{2}$/, "wanted a language code"), z.string());
  assertEquals(judgeSettings(languages, { english: "x" }, { path: [], origins: new Map() }), {
    mistakes: [{ path: ["english"], message: 'found key "english", wanted a language code' }],
  });
  const names = z.record(z.string().min(1), z.int());
  assertEquals(judgeSettings(names, { "": 1 }, { path: [], origins: new Map() }), {
    mistakes: [{ path: [""], message: 'found key "", wanted a key that isn\'t empty' }],
  });
});
