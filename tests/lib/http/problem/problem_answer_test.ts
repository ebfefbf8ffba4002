import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { ShapeError, type Wanted } from "../../../../lib/rules/cel/evaluation.ts";
import { Problem, type ProblemCode, problemOfShape } from "../../../../lib/http/problem/problem.ts";
import { LANGUAGES, MESSAGES, problemAnswer } from "../../../../lib/http/problem/problem_answer.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

function speaking(language: string): Headers {
  return new Headers({ "Accept-Language": language });
}

function bodyOf(problem: Problem, headers = new Headers()): string {
  return decoder.decode(problemAnswer(problem, headers, "r1").body);
}

function messageOf(problem: Problem, headers = new Headers()): unknown {
  return JSON.parse(bodyOf(problem, headers)).message;
}

const EXAMPLES: Readonly<Record<ProblemCode, readonly [number, Problem]>> = {
  not_found: [404, new Problem("not_found")],
  method_not_allowed: [405, new Problem("method_not_allowed", { headers: { Allow: "POST" } })],
  body_timeout: [408, new Problem("body_timeout")],
  too_many_events: [413, new Problem("too_many_events", { params: { limit: "10000" } })],
  body_too_large: [413, new Problem("body_too_large", { params: { limit: "6291456" } })],
  unsupported_media_type: [
    415,
    new Problem("unsupported_media_type", { params: { found: "text/xml" } }),
  ],
  malformed_host: [400, new Problem("malformed_host")],
  host_not_allowed: [
    421,
    new Problem("host_not_allowed", {
      params: { host: "evil.example", setting: "server.allowedHosts" },
    }),
  ],
  not_utf8: [400, new Problem("not_utf8")],
  not_json: [400, new Problem("not_json")],
  too_deep: [400, new Problem("too_deep")],
  signature_mismatch: [401, new Problem("signature_mismatch")],
  wrong_shape: [400, problemOfShape(new ShapeError("Order.Items[3]", '"ten"', "number"))],
  refused: [400, new Problem("refused")],
  undecided: [400, new Problem("undecided")],
  unassigned_items: [400, new Problem("unassigned_items", { params: { items: "11, 12" } })],
  conflicting_items: [400, new Problem("conflicting_items", { params: { item: "11" } })],
  unreadable_custom_configuration: [
    400,
    new Problem("unreadable_custom_configuration", {
      params: { value: "true;x", example: "true;1" },
    }),
  ],
  list_has_errors: [400, new Problem("list_has_errors", { params: { items: "Poster, Flyer" } })],
  no_tax_rate: [400, new Problem("no_tax_rate", { params: { items: "Poster (11)" } })],
  too_many_requests: [429, new Problem("too_many_requests")],
  overloaded: [503, new Problem("overloaded")],
  internal_error: [500, new Problem("internal_error")],
  unavailable: [503, new Problem("unavailable")],
  service_failed: [503, new Problem("service_failed")],
};

for (const [code, [status, problem]] of Object.entries(EXAMPLES)) {
  for (const language of LANGUAGES) {
    Deno.test(`problemAnswer() fills the message of ${code} in ${language}`, () => {
      const answer = problemAnswer(problem, speaking(language), "r1");
      assertEquals(answer.status, status);
      assertEquals(answer.headers, {
        "Content-Type": "application/json",
        "Content-Language": language,
        ...problem.headers,
      });

      const body: Record<string, unknown> = JSON.parse(decoder.decode(answer.body));
      assertEquals(Object.keys(body), ["message", "code", "requestId"]);
      assertEquals(body["code"], code);
      assertEquals(body["requestId"], "r1");
      const message = String(body["message"]);
      assertMatch(message, /^[^{}?]+\.$/u);
      for (const [name, value] of Object.entries(problem.params)) {
        if (name !== "wanted") assertStringIncludes(message, value);
      }
    });
  }
}

Deno.test("MESSAGES says each thing once and in its own words in every language", () => {
  for (const [language, { problems, wanted }] of Object.entries(MESSAGES)) {
    assertEquals(new Set(Object.values(problems)).size, Object.keys(problems).length, language);
    assertEquals(new Set(Object.values(wanted)).size, Object.keys(wanted).length, language);
  }
  for (const code of Object.keys(EXAMPLES)) {
    const texts = Object.values(MESSAGES).map(({ problems }) =>
      Object.entries(problems).find(([key]) => key === code)?.[1]
    );
    assertEquals(new Set(texts).size, LANGUAGES.length, code);
  }
});

Deno.test("problemAnswer() writes these exact bytes", () => {
  assertEquals(
    bodyOf(new Problem("signature_mismatch")),
    '{"message":"The signature of the request is missing or incorrect.","code":"signature_mismatch","requestId":"r1"}',
  );
  assertEquals(
    bodyOf(new Problem("body_too_large", { params: { limit: "10" } }), speaking("de-DE")),
    '{"message":"Die Anfrage ist zu groß. Erlaubt sind höchstens 10 Bytes.","code":"body_too_large","requestId":"r1"}',
  );
});

Deno.test("problemAnswer() translates what a field should have been and that it was empty", () => {
  const problem = problemOfShape(new ShapeError("Order.Id", "nothing", "id"));
  const messages = ["en", "de", "fr", "es", "iw-IL"].map((code) =>
    messageOf(problem, speaking(code))
  );
  assertEquals(messages, [
    "The store sent data that cannot be processed. Expected at Order.Id: an id; found: nothing.",
    "Der Shop hat Daten gesendet, die nicht verarbeitet werden können. Erwartet bei Order.Id: eine ID; gefunden: nichts.",
    "La boutique a envoyé des données qui ne peuvent pas être traitées. Valeur attendue pour Order.Id\u00a0: un identifiant\u00a0; valeur trouvée\u00a0: aucune.",
    "La tienda ha enviado datos que no se pueden procesar. Valor esperado en Order.Id: un identificador; valor encontrado: ninguno.",
    "החנות שלחה נתונים שלא ניתן לעבד. ערך נדרש ב-\u2068Order.Id\u2069: מזהה; ערך שנמצא: \u2068אין ערך\u2069.",
  ]);
});

Deno.test("problemAnswer() has a word for everything that can be wanted", () => {
  const wanted: readonly Wanted[] = ["number", "text", "object", "list", "id", "present"];
  for (const language of LANGUAGES) {
    for (const one of wanted) {
      const message = messageOf(problemOfShape(new ShapeError("A", "1", one)), speaking(language));
      assertStringIncludes(String(message), MESSAGES[language].wanted[one]);
    }
  }
});

Deno.test("problemAnswer() does not take a quoted value for a missing one", () => {
  const problem = problemOfShape(new ShapeError("A", '"nothing"', "id"));
  assertStringIncludes(String(messageOf(problem, speaking("de"))), 'gefunden: "nothing".');
});

Deno.test("problemAnswer() gives the admin's text by language, the standard one without it", () => {
  const messages = { "de-DE": "Zu teuer", en: "Too expensive" };
  const problem = new Problem("refused", { messages });
  assertEquals(
    bodyOf(problem, speaking("de-AT")),
    '{"message":"Zu teuer","code":"refused","requestId":"r1"}',
  );
  assertEquals(problemAnswer(problem, speaking("de"), "r1").headers, {
    "Content-Type": "application/json",
    "Content-Language": "de-DE",
  });
  assertEquals(messageOf(problem, speaking("fr")), "Too expensive");
  assertEquals(
    messageOf(new Problem("refused", { messages: {} })),
    "This order cannot be accepted. Please contact the store.",
  );
});

Deno.test("problemAnswer() names no language for a single text or for a key that is none", () => {
  const headers = { "Content-Type": "application/json" };
  const single = new Problem("refused", { messages: "Trop cher {path}" });
  assertEquals(problemAnswer(single, speaking("de"), "r1").headers, headers);
  assertEquals(messageOf(single), "Trop cher {path}");
  const broken = new Problem("refused", { messages: { "d\r\nX: y": "x" } });
  assertEquals(problemAnswer(broken, new Headers(), "r1").headers, headers);
});

Deno.test("problemAnswer() cuts a long value, between characters", () => {
  const problem = (value: string) => new Problem("conflicting_items", { params: { item: value } });
  const text = (value: string) =>
    `The order contains several lines with the id ${value}, and they cannot be handled in the ` +
    "same way. Please contact the store.";
  assertEquals(messageOf(problem("x".repeat(80))), text("x".repeat(80)));
  assertEquals(messageOf(problem("x".repeat(81))), text(`${"x".repeat(80)}…`));
  assertEquals(messageOf(problem(`${"x".repeat(79)}😀y`)), text(`${"x".repeat(79)}…`));
});

Deno.test("problemAnswer() makes lone surrogates well-formed", () => {
  const value = new Problem("conflicting_items", { params: { item: "\ud800" } });
  assertStringIncludes(String(messageOf(value)), "id \ufffd,");
  assertEquals(messageOf(new Problem("refused", { messages: "\udc00" })), "\ufffd");
});

Deno.test("problemAnswer() does not fill placeholders inside values, nor leave one open", () => {
  const nested = problemOfShape(new ShapeError("{found}", "$& {path}", "id"));
  assertStringIncludes(String(messageOf(nested)), "at {found}: an id; found: $& {path}.");
  assertStringIncludes(String(messageOf(new Problem("body_too_large"))), "At most ? bytes");
});

Deno.test("problemAnswer() writes UTF-8 JSON of a sane length for any value", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (value) => {
    const problem = new Problem("wrong_shape", {
      params: { path: value, found: value, wanted: value },
    });
    const message = String(messageOf(problem, speaking("he")));
    assert(message.length <= 400);
    assert(message.isWellFormed());
  }));
});
