import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { interpolate, type Lookup } from "../../../lib/config/fill_in.ts";

function lookupOf(
  variables: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Lookup {
  return {
    env: (name) => Object.hasOwn(variables, name) ? variables[name] : undefined,
    file(path) {
      const text = files[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound())
        : Promise.resolve(text);
    },
  };
}

const lookup = lookupOf(
  { KEY: "k", EMPTY: "", DOLLARS: "${KEY}", _a1: "low" },
  { "key.txt": "\uFEFFsecret\r\n", "two.txt": "a\n\n" },
);

Deno.test("interpolate() fills in variables, defaults and files", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["plain", "plain"],
    ["${KEY}", "k"],
    ["<${KEY}${_a1}-${KEY}>", "<klow-k>"],
    ["${EMPTY}", ""],
    ["${EMPTY:-d}", "d"],
    ["${UNSET:-d}", "d"],
    ["${UNSET:-}", ""],
    ["${UNSET:-http://a:1/$b}", "http://a:1/$b"],
    ["${KEY:-d}", "k"],
    ["${file:key.txt}", "secret"],
    ["${file:two.txt}", "a\n"],
    ["$${KEY}", "${KEY}"],
    ["$$${KEY}", "$${KEY}"],
    ["$KEY $ {KEY} 5$", "$KEY $ {KEY} 5$"],
    ["${DOLLARS}", "${KEY}"],
  ];
  const filled = await Promise.all(cases.map(([text]) => interpolate(text, lookup)));
  assertEquals(filled.map(({ text }) => text), cases.map(([, expected]) => expected));
  assertEquals(filled.flatMap(({ problems }) => problems), []);
});

Deno.test("interpolate() names the unset variable and the unreadable file, all at once", async () => {
  const { problems } = await interpolate("${A} ${KEY} ${B} ${file:none.txt}", lookup);
  assertEquals(problems, [
    {
      message: 'found no environment variable "A", wanted it to be set',
      hint: "Set A, or give a default: ${A:-default}",
    },
    {
      message: 'found no environment variable "B", wanted it to be set',
      hint: "Set B, or give a default: ${B:-default}",
    },
    {
      message: 'found no file "none.txt", wanted its text',
      hint: "A relative path starts at the folder of the config file",
    },
  ]);
});

Deno.test("interpolate() refuses a malformed ${", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["${KEY", "found ${ without its closing }"],
    ["${}", "found ${…} without the name of a variable"],
    ["${A-B}", "found ${…} without the name of a variable"],
    ["${1A}", "found ${…} without the name of a variable"],
    ["${KEY:+x}", "found ${…} without the name of a variable"],
    ["${file: }", "found ${file:} without the path of a file"],
    ["${A:-${KEY}}", "found ${…} inside another ${…}, wanted plain text"],
  ];
  const filled = await Promise.all(cases.map(([text]) => interpolate(text, lookup)));
  assertEquals(
    filled.map(({ problems }) => problems.map(({ message }) => message)),
    cases.map(([, expected]) => [expected]),
  );
});

Deno.test("interpolate() says what it filled in, without defaults", async () => {
  const { from } = await interpolate("${KEY} $${NO} ${UNSET:-secret} ${file:key.txt}", lookup);
  assertEquals(from, ["${KEY}", "${UNSET}", "${file:key.txt}"]);
});

Deno.test("interpolate() leaves text without ${ as it is, whatever it holds", async () => {
  const text = fc.string({ unit: "binary" }).filter((one) => !one.includes("${"));
  await fc.assert(fc.asyncProperty(text, async (one) => {
    assertEquals(await interpolate(one, lookup), { text: one, from: [], problems: [] });
  }));
});

Deno.test("interpolate() gives back any text that was escaped", async () => {
  const unit = fc.constantFrom("$", "{", "}", "a", "${", "${KEY}", ":-");
  const text = fc.string({ unit });
  await fc.assert(fc.asyncProperty(text, async (one) => {
    assertEquals((await interpolate(one.replaceAll("${", () => "$${"), lookup)).text, one);
  }));
});

Deno.test("interpolate() takes the value of a variable as it is, between any texts", async () => {
  const plain = fc.string().map((one) => one.replaceAll("$", ""));
  await fc.assert(fc.asyncProperty(plain, fc.string(), plain, async (before, value, after) => {
    const filled = await interpolate(`${before}\${X}${after}`, lookupOf({ X: value }));
    assertEquals(filled, { text: before + value + after, from: ["${X}"], problems: [] });
  }));
});

Deno.test("interpolate() never throws and never shows a value in a problem", async () => {
  const unit = fc.constantFrom("$", "{", "}", ":", "-", "KEY", "file:", "${", " ", "UNSET");
  const secret = lookupOf({ KEY: "hunter2" });
  await fc.assert(fc.asyncProperty(fc.string({ unit }), async (text) => {
    const { problems } = await interpolate(text, secret);
    assertEquals(JSON.stringify(problems).includes("hunter2"), false);
  }));
});

Deno.test("interpolate() tells a file that is not there from one that can't be read", async () => {
  const failures = {
    missing: new Deno.errors.NotFound(),
    ansi: new TypeError("Cannot decode the bytes as UTF-8"),
    locked: new Deno.errors.PermissionDenied(),
  } as const;
  const messages = await Promise.all(
    Object.entries(failures).map(async ([path, failure]) => {
      const files = { env: () => undefined, file: () => Promise.reject(failure) };
      const { problems } = await interpolate(`\${file:${path}}`, files);
      return problems.map(({ message }) => message).join();
    }),
  );
  assertEquals(messages, [
    'found no file "missing", wanted its text',
    'found the file "ansi" in another encoding, such as an ANSI code page or UTF-16 without its ' +
    "mark, wanted UTF-8",
    'found the file "locked", which can\'t be read: permission is denied',
  ]);
});
