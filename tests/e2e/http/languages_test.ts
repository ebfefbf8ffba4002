import { assertEquals } from "@std/assert";
import { MESSAGES } from "../../../lib/http/problem/problem_answer.ts";
import { type Language } from "../../../lib/http/problem/problem.ts";
import { assertSigned, deliver, KEY } from "../delivery.ts";
import { type Program, shareProgram } from "../program.ts";

const TEXTS = {
  en: "Orders over 1 USD need a manager.",
  de: "Bestellungen über 1 USD brauchen eine Führungskraft.",
  "fr-CA": "Les commandes de plus de 1 $ exigent un gestionnaire.",
  he: "הזמנות מעל 1 דולר דורשות מנהל.",
};
const ONLY_TEXT = "Ask Ms. Müller „first“ ✓";

const endpoint = { kind: "ustore.order-approval", signatureKeys: [KEY] };
const rule = { name: "over one dollar", when: "order.total > 1" };

const test = shareProgram({
  config: {
    endpoints: [
      { path: "/undecided", ...endpoint },
      { path: "/texts", ...endpoint, rules: [{ ...rule, then: { reject: TEXTS } }] },
      { path: "/text", ...endpoint, rules: [{ ...rule, then: { reject: ONLY_TEXT } }] },
      {
        path: "/no-english",
        ...endpoint,
        rules: [{ ...rule, then: { reject: { fr: "Non", de: "Nein" } } }],
      },
    ],
  },
});

const WISHES: Readonly<Record<string, Language>> = {
  de: "de",
  "de-AT": "de",
  "DE-de": "de",
  "fr-FR": "fr",
  "fr-FR, en;q=0.9": "fr",
  es: "es",
  "es-419": "es",
  he: "he",
  "he-IL": "he",
  iw: "he",
  "iw-IL": "he",
  "en-US": "en",
  "ja, de;q=0.5, en;q=0.4": "de",
  "en;q=0.1, es;q=0.9": "es",
  ja: "en",
  "zh-Hans-CN": "en",
  "*": "en",
  "": "en",
  ";;;q=": "en",
  "de;q=0": "en",
  "é": "en",
  "../../etc/passwd": "en",
};

async function refusal(program: Program, target: string, wish: string | null) {
  const response = await deliver(program, { target, headers: { "Accept-Language": wish } });
  assertEquals(response.status, 400);
  assertSigned(response);
  const { message } = JSON.parse(response.text);
  return { message, language: response.headers["content-language"] };
}

for (const [wish, language] of Object.entries(WISHES)) {
  test(`Accept-Language "${wish}" gets the message in ${language}`, async (program) => {
    const message = MESSAGES[language].problems.undecided;
    assertEquals(await refusal(program, "/undecided", wish), { message, language });
  });
}

test("no Accept-Language gets English", async (program) => {
  const message = MESSAGES.en.problems.undecided;
  assertEquals(await refusal(program, "/undecided", null), { message, language: "en" });
});

test("a very long Accept-Language is no harm", async (program) => {
  const wish = Array.from({ length: 5000 }, (_, index) => `x${index}`).join(",");
  assertEquals((await refusal(program, "/undecided", wish)).language, "en");
});

test("other errors come in the language too", async (program) => {
  const headers = { "Accept-Language": "he-IL" };
  const target = "/undecided";
  const unsigned = await deliver(program, { target, headers, key: null });
  assertEquals(JSON.parse(unsigned.text).message, MESSAGES.he.problems.signature_mismatch);
  const missing = await deliver(program, { target: "/nowhere", headers });
  assertEquals(JSON.parse(missing.text).message, MESSAGES.he.problems.not_found);
});

test("an admin's own texts are chosen by language", async (program) => {
  const cases: readonly (readonly [string | null, keyof typeof TEXTS])[] = [
    [null, "en"],
    ["de-CH", "de"],
    ["fr-CA", "fr-CA"],
    ["iw", "he"],
    ["es", "en"],
    ["ja, he;q=0.3", "he"],
  ];
  for (const [wish, language] of cases) {
    const found = await refusal(program, "/texts", wish);
    assertEquals(found, { message: TEXTS[language], language });
  }
});

test("an admin's only text goes to everyone, in no language that was said", async (program) => {
  for (const wish of [null, "de", "ja"]) {
    const found = await refusal(program, "/text", wish);
    assertEquals(found, { message: ONLY_TEXT, language: undefined });
  }
});

test("texts without an English one fall back to the first", async (program) => {
  assertEquals(await refusal(program, "/no-english", "de"), { message: "Nein", language: "de" });
  assertEquals(await refusal(program, "/no-english", "es"), { message: "Non", language: "fr" });
});
