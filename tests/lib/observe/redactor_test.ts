import { createRedactor, secretPattern } from "../../../lib/observe/redactor.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";

const { text } = createRedactor([]);

/** What may stand in no log, and what is left of it. */
const TAKEN: Readonly<Record<string, string>> = {
  "to jane.doe+x@mail.example.com now": "to [removed] now",
  "GET /x?mail=jane%40example.com": "GET /x?mail=[removed]",
  "für jürgen@müller.example": "für [removed]",
  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": "[removed]",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln": "[removed]",
  "Authorization: Basic amFuZTpwYXNz": "Authorization: Basic [removed]",
  "bearer 0123456789abcdef": "bearer [removed]",
  "https://me:pass@host.example/a": "https://[removed]host.example/a",
  "/exports/AbCdEfGhIjKlMnOpQrStUv.csv": "/exports/[removed].csv",
  "https://host/a?api_key=12&b=1": "https://host/a?api_key=[removed]&b=1",
  "card 4111 1111 1111 1111.": "card [removed].",
  "card 378282246310005": "card [removed]",
  "call +49 (0)30 1234567": "call [removed]",
  "call (555) 010-1234": "call [removed]",
  "call 555-010-1234": "call [removed]",
};

for (const [before, after] of Object.entries(TAKEN)) {
  Deno.test(`createRedactor() makes ${JSON.stringify(after)} of what holds it`, () => {
    assertEquals(text(before), after);
  });
}

Deno.test("createRedactor() leaves what a line usually holds", () => {
  const line = JSON.stringify({
    "@timestamp": "2026-08-01T10:00:00.123Z",
    level: "INFO",
    message: "/ustore/order-approval answered 200 by large orders in 1.2345678901234 ms",
    requestId: "01234567-1234-4123-8123-012345678901",
    forward: "1785578400123",
    address: "192.168.100.1000:8080",
    version: "1.2.3-4",
    note: "Basic authentication is wanted, see https://host.example/a?b=c#d@e",
    wrongCard: "4111111111111112",
  }) + "\n";
  assertEquals(createRedactor(["hunter2"]).json(line), line);
  assertEquals(text(line), line);
});

Deno.test("createRedactor() takes no secret for one that is shorter than a word", () => {
  assertEquals(createRedactor(["", "a", "abc"]).text("abc a"), "abc a");
});

Deno.test("createRedactor() takes out the longest of secrets that begin alike", () => {
  assertEquals(
    createRedactor(["hunter", "hunter22"]).text("hunter22 hunter"),
    "[removed] [removed]",
  );
});

Deno.test("createRedactor() takes out a whole secret where something else is found in it", () => {
  const { text } = createRedactor(["jane@example.com/tail"]);
  assertEquals(text("x=jane@example.com/tail"), "x=[removed]");
});

Deno.test("createRedactor() json() keeps the names and the form of a line, whatever the secrets", () => {
  const line = '{"level":"INFO","status":12345,"list":[{"level":"level"}],"none":null}\n';
  const expected = {
    level: "[removed]",
    status: "[removed]",
    list: [{ level: "[removed]" }],
    none: null,
  };
  const redacted = createRedactor(["level", "INFO", "2345"]).json(line);
  assertEquals([JSON.parse(redacted), redacted.endsWith("}\n")], [expected, true]);
});

Deno.test("createRedactor() json() leaves no secret in any value", () => {
  const secret = fc.string({ minLength: 4, maxLength: 12, unit: "binary" })
    // What stands in the place of a secret could hold one.
    .filter((one) => one.isWellFormed() && !"[removed]".includes(one));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (one, before, after) => {
      const { json } = createRedactor([one]);
      const value = before + one + after;
      const nested = JSON.stringify({ error: { message: value } });
      const line: { a: string; b: string } = JSON.parse(
        json(`${JSON.stringify({ a: value, b: nested })}\n`),
      );
      const again = before + "[removed]" + after;
      fc.pre(!again.includes(one));
      assert(!line.a.includes(one));
      assert(!line.b.includes(JSON.stringify(one).slice(1, -1)));
    }),
    { numRuns: 30 },
  );
});

/** Secrets of all characters, and of those that notations write in other ways. */
const secret = fc.oneof(
  fc.string({ minLength: 1, unit: "binary" }),
  fc.string({ minLength: 1, unit: fc.constantFrom(...'a"\\/\n\t +%&é€😀\u0001\u2028') }),
);

const NOTATIONS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in JSON": (text) => JSON.stringify(text),
  "in JSON in JSON": (text) => JSON.stringify({ a: JSON.stringify([text]) }),
  "in a URL": (text) => encodeURIComponent(text.toWellFormed()),
  "in a form": (text) => new URLSearchParams({ a: text }).toString(),
};

for (const [name, write] of Object.entries(NOTATIONS)) {
  Deno.test(`secretPattern() finds every secret ${name}`, () => {
    fc.assert(fc.property(secret, (text) => {
      fc.pre(text.isWellFormed());
      assert(new RegExp(secretPattern(text)).test(`before ${write(text)} after`));
    }));
  });
}

Deno.test("secretPattern() finds no other text", () => {
  fc.assert(fc.property(secret, secret, (text, other) => {
    fc.pre(!other.includes("\\") && !other.includes("%") && !other.includes("+"));
    fc.pre(!text.includes("\\") && !other.includes(text));
    assert(!new RegExp(secretPattern(text)).test(other));
  }));
});
