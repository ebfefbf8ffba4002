import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { chooseLanguage, chooseMediaType } from "../../../lib/http/negotiation.ts";
import { pickMessage } from "../../../lib/http/problem/problem_answer.ts";

const ALL = ["de", "en", "es", "fr", "he"];

function speaking(language: string): Headers {
  return new Headers({ "Accept-Language": language });
}

const CHOICES: readonly (readonly [string, string])[] = [
  ["fr", "fr"],
  ["FR", "fr"],
  ["fr-FR", "fr"],
  ["de-AT", "de"],
  ["de-at-1996", "de"],
  ["zh-Hant-TW, es-MX;q=0.7", "es"],
  ["fr;q=0.2, de;q=0.9", "de"],
  ["en-US,fr;q=0.8", "en"],
  ["fr;q=0, de;q=0.1", "de"],
  ["  he ;q=1 ", "he"],
  ["iw", "he"],
  ["IW-il", "he"],
  ["fr;q=0.3, iw;q=0.8", "he"],
  ["kiwi", "en"],
  ["*", "en"],
  ["xx, *;q=0.5", "en"],
  ["en;q=0, *", "de"],
  ["*;q=0", "en"],
  ["xx", "en"],
  ["", "en"],
  [";;;,,,", "en"],
  ["fr;q=abc", "en"],
  ["-", "en"],
];

for (const [wish, chosen] of CHOICES) {
  Deno.test(`chooseLanguage() chooses ${chosen} for Accept-Language ${JSON.stringify(wish)}`, () => {
    assertEquals(chooseLanguage(speaking(wish), ALL), chosen);
  });
}

Deno.test("chooseLanguage() falls back to English, any English, then the first", () => {
  assertEquals(chooseLanguage(new Headers(), ALL), "en");
  assertEquals(chooseLanguage(new Headers(), ["de", "EN-gb"]), "EN-gb");
  assertEquals(chooseLanguage(new Headers(), ["de", "fr"]), "de");
  assertEquals(chooseLanguage(speaking("xx"), ["de", "fr"]), "de");
  assertEquals(chooseLanguage(speaking("*"), ["de", "fr"]), "de");
});

Deno.test("chooseLanguage() finds available codes with a region, in any case, old or new", () => {
  assertEquals(chooseLanguage(speaking("de"), ["en", "de-AT"]), "de-AT");
  assertEquals(chooseLanguage(speaking("de-CH"), ["en", "DE-at"]), "DE-at");
  assertEquals(chooseLanguage(speaking("de-CH"), ["en", "de", "de-CH"]), "de-CH");
  assertEquals(chooseLanguage(speaking("he-IL"), ["en", "iw"]), "iw");
});

Deno.test("chooseLanguage() throws when there is nothing to choose from", () => {
  assertThrows(
    () => chooseLanguage(new Headers(), []),
    RangeError,
    "Cannot choose a language: none is available",
  );
});

Deno.test("chooseLanguage() always chooses an available one", () => {
  const printable = fc.string({ unit: fc.constantFrom(...'adefhirw-;,=q.*01 \t"') });
  fc.assert(fc.property(printable, (wish) => {
    assert(ALL.includes(chooseLanguage(speaking(wish), ALL)));
  }));
});

Deno.test("pickMessage() returns a single text for everyone", () => {
  assertEquals(pickMessage("No", speaking("de")), { text: "No", language: undefined });
});

Deno.test("pickMessage() picks by language, then English, then the first", () => {
  const texts = { fr: "Non", "De-de": "Nein", en: "No" };
  assertEquals(pickMessage(texts, speaking("de")), { text: "Nein", language: "De-de" });
  assertEquals(pickMessage(texts, speaking("fr-CA")), { text: "Non", language: "fr" });
  assertEquals(pickMessage(texts, speaking("es")), { text: "No", language: "en" });
  assertEquals(pickMessage({ fr: "Non", de: "Nein" }, new Headers()), {
    text: "Non",
    language: "fr",
  });
  assertThrows(() => pickMessage({}, new Headers()), RangeError);
});

const LONGEST_WISHES = 1024;

/** Wishes of so many characters in all, followed by others. */
function longWishes(length: number, then: string): string {
  return `${"x,".repeat(length / 2)}${then}`;
}

Deno.test("chooseLanguage() reads no more wishes than anybody has", () => {
  assertEquals(chooseLanguage(speaking(longWishes(LONGEST_WISHES - 2, "fr")), ALL), "fr");
  assertEquals(chooseLanguage(speaking(longWishes(LONGEST_WISHES, "fr")), ALL), "en");
  // One that is cut would be another one, here without its weight of nothing.
  assertEquals(chooseLanguage(speaking(longWishes(LONGEST_WISHES - 2, "fr;q=0")), ALL), "en");
  assertEquals(chooseLanguage(speaking("fr".repeat(LONGEST_WISHES)), ALL), "en");
});

Deno.test("chooseMediaType() reads no more wishes than anybody has", () => {
  const types = ["text/html", "text/csv"];
  function chosen(accept: string) {
    return chooseMediaType(new Headers({ accept }), types);
  }
  assertEquals(chosen(longWishes(LONGEST_WISHES - 8, "text/csv")), "text/csv");
  assertEquals(chosen(longWishes(LONGEST_WISHES, "text/csv")), undefined);
  assertEquals(chosen("*/*"), "text/html");
  assertEquals(chooseMediaType(new Headers(), types), "text/html");
});
