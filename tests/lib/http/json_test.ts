import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkMediaType, decodeJson, MAX_JSON_DEPTH } from "../../../lib/http/json.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";

const encoder = new TextEncoder();

function decode(text: string): unknown {
  return decodeJson(encoder.encode(text));
}

function problemOf(run: () => unknown): Problem {
  return assertThrows(run, Problem);
}

const JSON_TYPES = [
  "",
  "application/json",
  "Application/JSON",
  "text/json",
  "application/problem+json",
  "application/vnd.ustore.order-v1+JSON",
  "application/a+b+json",
  " application/json ;charset=UTF-8",
  "application/json; charset=utf8",
  'application/json; Charset="Utf-8"',
  "application/json;version=1; charset=us-ascii ; x=y",
  'application/json; note="a; charset=latin1"',
  "application/json;",
  "application/json; charset",
];

for (const type of JSON_TYPES) {
  Deno.test(`checkMediaType() accepts Content-Type ${JSON.stringify(type)}`, () => {
    checkMediaType(new Headers({ "Content-Type": type }));
  });
}

const OTHER_TYPES = [
  "text/plain",
  "text/xml; charset=utf-8",
  "application/x-www-form-urlencoded",
  "application/jsonp",
  "application/xjson",
  "application/+json",
  "xapplication/json",
  "image/svg+json",
  "json",
  "application/json, text/plain",
  "application/json; charset=utf-16",
  'application/json; charset="iso-8859-1"',
  "application/json; charset=utf-8; charset=latin1",
  "application/json; charset=",
];

for (const type of OTHER_TYPES) {
  Deno.test(`checkMediaType() refuses Content-Type ${JSON.stringify(type)}`, () => {
    const problem = problemOf(() => checkMediaType(new Headers({ "Content-Type": type })));
    assertEquals(problem.code, "unsupported_media_type");
    assertEquals(problem.params, { found: type });
  });
}

Deno.test("checkMediaType() accepts no headers at all and the identity encoding", () => {
  checkMediaType(new Headers());
  checkMediaType(new Headers({ "Content-Encoding": "" }));
  checkMediaType(new Headers({ "Content-Encoding": "Identity" }));
});

Deno.test("checkMediaType() refuses a compressed body", () => {
  const problem = problemOf(() => checkMediaType(new Headers({ "Content-Encoding": "gzip" })));
  assertEquals(problem.code, "unsupported_media_type");
  assertEquals(problem.params, { found: "Content-Encoding: gzip" });
  assertEquals(problem.headers, { "Accept-Encoding": "identity" });
});

Deno.test("decodeJson() agrees with JSON.parse on any document", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    assertEquals(decode(text), JSON.parse(text));
  }));
});

Deno.test("decodeJson() agrees with JSON.parse on whether a text is JSON", () => {
  const text = fc.string({ unit: fc.constantFrom(...'{}[]",:\\01e-. tru\n') });
  fc.assert(fc.property(text, (candidate) => {
    let expected: unknown;
    try {
      expected = JSON.parse(candidate);
    } catch {
      assertEquals(problemOf(() => decode(candidate)).code, "not_json");
      return;
    }
    assertEquals(decode(candidate), expected);
  }));
});

Deno.test("decodeJson() accepts a byte order mark, one and at the start", () => {
  assertEquals(decode('\ufeff{"a":1}'), { a: 1 });
  assertEquals(problemOf(() => decode("\ufeff\ufeff{}")).code, "not_json");
  assertEquals(problemOf(() => decode("{\ufeff}")).code, "not_json");
});

for (const text of ["", " ", "\ufeff", "{", "nul", "{'a':1}", "[1,]", "01", "NaN", "{}{}", "\0"]) {
  Deno.test(`decodeJson() refuses ${JSON.stringify(text)}`, () => {
    const problem = problemOf(() => decode(text));
    assertEquals([problem.code, problem.cause], ["not_json", undefined]);
  });
}

Deno.test("decodeJson() refuses bytes that are not UTF-8, and goes on after it", () => {
  const wrong = [[0x22, 0xff, 0x22], [0x22, 0xc3], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xc0, 0x80]];
  for (const bytes of wrong) {
    assertEquals(problemOf(() => decodeJson(Uint8Array.from(bytes))).code, "not_utf8");
    assertEquals(decode('"ü"'), "ü");
  }
  const utf16 = Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]);
  assertEquals(problemOf(() => decodeJson(utf16)).code, "not_utf8");
});

Deno.test("decodeJson() takes for UTF-8 what a strict decoder takes for it", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const isUtf8 = (bytes: Uint8Array) => {
    try {
      strict.decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  // Mostly lead and continuation bytes, so that whole and broken characters both come up.
  const bytes = fc.uint8Array({ min: 0x7f, max: 0xff, maxLength: 12 });
  const either = fc.oneof(bytes, fc.string({ unit: "binary" }).map((text) => encoder.encode(text)));
  fc.assert(fc.property(either, (bytes) => {
    // What begins with {[ is no JSON, whatever follows.
    const problem = problemOf(() => decodeJson(Uint8Array.from([0x7b, 0x5b, ...bytes])));
    assertEquals(problem.code, isUtf8(bytes) ? "not_json" : "not_utf8");
  }));
});

function nested(depth: number, open: string, close: string): string {
  return open.repeat(depth) + "1" + close.repeat(depth);
}

for (const [name, open, close] of [["arrays", "[", "]"], ["objects", '{"a":', "}"]] as const) {
  Deno.test(`decodeJson() accepts ${name} nested to the bound and none deeper`, () => {
    const text = nested(MAX_JSON_DEPTH, open, close);
    assertEquals(JSON.stringify(decode(text)), text);
    assertEquals(
      problemOf(() => decode(nested(MAX_JSON_DEPTH + 1, open, close))).code,
      "too_deep",
    );
  });

  Deno.test(`decodeJson() refuses 100,000 nested ${name}, closed or not`, () => {
    assertEquals(problemOf(() => decode(nested(100_000, open, close))).code, "too_deep");
    assertEquals(problemOf(() => decode(open.repeat(100_000))).code, "too_deep");
  });
}

Deno.test("decodeJson() counts depth, not brackets: siblings, strings and escapes", () => {
  const siblings = `[${Array.from({ length: 1000 }, () => '{"a":[]}').join()}]`;
  assertEquals(decode(siblings), JSON.parse(siblings));
  for (const string of ["[".repeat(1000), '\\"'.repeat(9) + "{".repeat(1000), "\\\\".repeat(301)]) {
    const text = `["${string}",${nested(MAX_JSON_DEPTH - 1, "[", "]")}]`;
    assertEquals(decode(text), JSON.parse(text));
    const deeper = `["${string}",${nested(MAX_JSON_DEPTH, "[", "]")}]`;
    assertEquals(problemOf(() => decode(deeper)).code, "too_deep");
  }
});

Deno.test("decodeJson() judges large documents as small ones", () => {
  const many = Array(40_000).fill('"x"').join(",");
  assertEquals(decode(` { "all" : [${many}] } `), { all: Array(40_000).fill("x") });
  for (const text of [`[${many},]`, `[${many},,"x"]`, `[${many}}`, `[${many}]]`, `[${many}] 1`]) {
    assertEquals(problemOf(() => decode(text)).code, "not_json");
  }
});

Deno.test("decodeJson() decodes 6 MiB", () => {
  const items = Array.from({ length: 100_000 }, (_, index) => ({ id: `item ${index}`, unit: "ü" }));
  const text = JSON.stringify({ items, note: "x".repeat(4 * 1024 * 1024) });
  assert(text.length > 6 * 1024 * 1024);
  assertEquals(JSON.stringify(decode(text)), text);
});

Deno.test("decodeJson() leaves prototypes alone", () => {
  const document = decode('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}');
  assertEquals(Object.getPrototypeOf(document), Object.prototype);
  assertEquals(Object.hasOwn(Object.prototype, "isAdmin"), false);
  assertEquals(Object.keys(Object(document)), ["__proto__", "constructor"]);
});

Deno.test("decodeJson() reads numbers as JSON.parse does", () => {
  assertEquals(decode("[1e400, -0, 12345678901234567890]"), [Infinity, -0, 12345678901234567890]);
});
