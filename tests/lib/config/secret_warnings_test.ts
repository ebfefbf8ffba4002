import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { findSecretWarnings } from "../../../lib/config/secret_warnings.ts";

const GOOD = "a-long-enough-key";

function warningsOf(value: unknown, origins: ReadonlyMap<string, string> = new Map()): string[] {
  return findSecretWarnings({ value, origins }).map(({ path, message }) =>
    `${path.join(".")}: ${message}`
  );
}

/** One secret in every place where a config has one. */
function everywhere(secret: string): Readonly<Record<string, unknown>> {
  return {
    "endpoints.0.signatureKeys.0": { endpoints: [{ signatureKeys: [secret] }] },
    "endpoints.0.auth.secrets.0": { endpoints: [{ auth: { type: "emporix", secrets: [secret] } }] },
    "endpoints.0.auth.password": { endpoints: [{ auth: { username: "ann", password: secret } }] },
    "endpoints.0.pathToken": { endpoints: [{ pathToken: secret }] },
    "services.tax.signatureKey": { services: { tax: { signatureKey: secret } } },
    "services.tax.headers.X-Api-Key": { services: { tax: { headers: { "X-Api-Key": secret } } } },
    "destinations.erp.secret": { destinations: { erp: { secret } } },
    "destinations.erp.headers.Authorization": {
      destinations: { erp: { headers: { Authorization: `Bearer ${secret}` } } },
    },
  };
}

const FOUND: readonly (readonly [secret: string, words: string])[] = [
  [`${GOOD}\u200b`, "found a zero-width space (U+200B) at the end of the secret"],
  [`\ufeff${GOOD}`, "found a byte order mark (U+FEFF)"],
  [`${GOOD}\u00a0`, "found a no-break space (U+00A0) at the end"],
  [`${GOOD}\n`, "found a line end (U+000A) at the end"],
  [`${GOOD}\r\n`, "found a carriage return (U+000D)"],
  [`a-long\tenough-key`, "found a tab (U+0009) as character"],
  [`a-long\u00adenough-key`, "found a character that nobody sees (U+00AD) as character"],
  [`a-long\u2028enough-key`, "(U+2028)"],
  [`a-long\u3000enough-key`, "(U+3000)"],
  [`a-long\u202eenough-key`, "(U+202E)"],
  [`${GOOD} `, "found white space at the start or the end of the secret"],
  ["%USTORE_KEY%", "found the name of a variable"],
  ["$USTORE_KEY", "found the name of a variable"],
  ["$env:USTORE_KEY", "found the name of a variable"],
  ["{{ USTORE_KEY }}", "found the name of a variable"],
  ["${{ secrets.USTORE_KEY }}", "found the name of a variable"],
  ["$(USTORE_KEY)", "found the name of a variable"],
  ["<your key>", "found a placeholder in angle brackets"],
];

for (const [secret, words] of FOUND) {
  Deno.test(`findSecretWarnings() tells of ${JSON.stringify(secret)} in every secret`, () => {
    for (const [place, value] of Object.entries(everywhere(secret))) {
      const [warning = "", ...others] = warningsOf(value);
      assertEquals(others, [], place);
      assertStringIncludes(warning, `${place}: `);
      assertStringIncludes(warning, words);
      assertEquals(warning.includes(GOOD), false);
    }
  });
}

Deno.test("findSecretWarnings() tells of secrets that can be guessed, of headers not", () => {
  for (const [place, value] of Object.entries(everywhere("x"))) {
    const isHeader = place.includes("headers");
    const wanted = `${place}: found a secret of 1 character, which anybody can guess`;
    assertEquals(warningsOf(value), isHeader ? [] : [wanted]);
  }
});

Deno.test("findSecretWarnings() tells a user name with what nobody sees", () => {
  assertEquals(warningsOf({ endpoints: [{ auth: { username: "ann\u200b", password: GOOD } }] }), [
    "endpoints.0.auth.username: found a zero-width space (U+200B) at the end of the secret, where " +
    "it counts",
  ]);
  assertEquals(warningsOf({ endpoints: [{ auth: { username: "a", password: GOOD } }] }), []);
});

Deno.test("findSecretWarnings() says where a secret came from", () => {
  const origins = new Map([["endpoints[0].signatureKeys[0]", "${file:key.txt}"]]);
  assertEquals(warningsOf({ endpoints: [{ signatureKeys: [`${GOOD}\n`] }] }, origins), [
    "endpoints.0.signatureKeys.0: found a line end (U+000A) at the end of the secret from " +
    "${file:key.txt}, where it counts",
  ]);
});

Deno.test("findSecretWarnings() finds nothing in what is long and seen, nor in other settings", () => {
  const printable = fc.string({
    unit: fc.constantFrom(..."abcXYZ0189-_.!#&*+/=?^|~ éß€שλж😀"),
    minLength: 6,
    maxLength: 40,
  }).filter((text) => text.trim() === text && [...text].length >= 6);
  fc.assert(fc.property(printable, (secret) => {
    for (const value of Object.values(everywhere(secret))) assertEquals(warningsOf(value), []);
  }));
  assertEquals(warningsOf({ log: { file: "x" }, server: { hostname: "%HOST%" } }), []);
});
