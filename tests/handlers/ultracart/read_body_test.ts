import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { countEvents, readUltraCartBody } from "../../../handlers/ultracart/read_body.ts";
import { sliceUltraCartEvents } from "../../../handlers/ultracart/read_events.ts";
import { atOnce } from "../../../lib/util/waiting.ts";
import { Problem, type ProblemCode } from "../../../lib/http/problem/problem.ts";
import { spelling } from "../../lib/util/spelling.ts";
import { gzip, pack } from "./pack.ts";

const OBJECT = '{ "order_id": "DEMO-1", "total": 20.00 }';
const EVENT = `{"order_create":${OBJECT}}`;
const LIST = `[${EVENT}]`;
const BODY = `{"events":${LIST}}`;
const encoder = new TextEncoder();

function read(
  body: string | Uint8Array<ArrayBuffer>,
  { encoding, limit = 100_000 }: { encoding?: string; limit?: number } = {},
): Promise<string> {
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const headers = new Headers(encoding === undefined ? {} : { "Content-Encoding": encoding });
  return readUltraCartBody(bytes, headers, { maxInflatedBytes: limit, maxEvents: 10_000 });
}

async function codeOf(run: () => Promise<unknown>): Promise<ProblemCode> {
  return (await assertRejects(run, Problem)).code;
}

for (const json of [LIST, BODY, ` [ {"order_create" : ${OBJECT} } ] `, "[]", "5", '"H4s"']) {
  Deno.test(`readUltraCartBody() leaves ${json}`, async () => {
    assertEquals(await read(json), json);
    assertEquals(await read(json, { encoding: "identity" }), json);
  });
}

for (const json of [LIST, BODY]) {
  const packed = pack(json);
  const forms: readonly (readonly [what: string, run: () => Promise<string>])[] = [
    ["Content-Encoding: gzip", () => read(gzip(json), { encoding: "gzip" })],
    ["Content-Encoding: X-GZIP", () => read(gzip(json), { encoding: "X-GZIP" })],
    ["bare Base64", () => read(packed)],
    ["bare Base64 in lines", () => read(`\n${packed.replaceAll(/(.{76})/g, "$1\r\n")}\n`)],
    ["quoted Base64", () => read(` "${packed}"\n`)],
    ["escaped Base64", () => read(`"${packed.replaceAll("/", "\\/").replaceAll("=", "\\u003d")}"`)],
    ["Base64 within Content-Encoding", () => read(gzip(packed), { encoding: "gzip" })],
  ];
  for (const [what, run] of forms) {
    Deno.test(`readUltraCartBody() inflates ${json.slice(0, 10)}… in ${what}`, async () => {
      assertEquals(await run(), json);
    });
  }
}

Deno.test("readUltraCartBody() inflates a packed list", async () => {
  assertEquals(await read(`{"events": "${pack(LIST)}"}`), BODY);
});

Deno.test("readUltraCartBody() inflates packed events among others", async () => {
  const packed = `[{"order_create": "${pack(OBJECT)}", "x": 1.0}, ${EVENT}, {}, 5]`;
  const plain = `[{"order_create":${OBJECT},"x":1.0},${EVENT},{},5]`;
  assertEquals(await read(packed), plain);
  assertEquals(await read(`{"a": 1.0, "events": ${packed}}`), `{"a":1.0,"events":${plain}}`);
});

Deno.test("readUltraCartBody() leaves texts deeper inside", async () => {
  const json = `[{"order_create": {"note": "${pack(OBJECT)}"}}]`;
  assertEquals(await read(json), json);
});

Deno.test("readUltraCartBody() refuses another encoding", async () => {
  const problem = await assertRejects(() => read(LIST, { encoding: "br" }), Problem);
  assertEquals(problem.code, "unsupported_media_type");
  assertEquals(problem.params, { found: "Content-Encoding: br" });
  assertEquals(problem.headers, { "Accept-Encoding": "gzip, identity" });
});

Deno.test("readUltraCartBody() counts the inflated bytes of all parts", async () => {
  const element = `{"order_create": "${pack(OBJECT)}"}`;
  const size = encoder.encode(OBJECT).length;
  assertEquals(await read(`[${element},${element}]`, { limit: 2 * size }), `[${EVENT},${EVENT}]`);
  const code = await codeOf(() => read(`[${element},${element}]`, { limit: 2 * size - 1 }));
  assertEquals(code, "body_too_large");
});

const deep = "[".repeat(300) + "]".repeat(300);
const REFUSED: readonly (readonly [what: string, body: string, code: ProblemCode])[] = [
  ["no JSON", "{", "not_json"],
  ["nothing", "", "not_json"],
  ["Base64 that is cut off", pack(LIST).slice(0, 40), "not_json"],
  ["Base64 with other characters", `H4sI${"%".repeat(40)}`, "not_json"],
  ["Base64 in an open quote", `"${pack(LIST)}`, "not_json"],
  ["packed text that is no JSON", pack("hello"), "not_json"],
  ["a packed list that is no JSON", `{"events":"${pack('[{"a":1}],"b":[')}"}`, "not_json"],
  ["a packed event that is no JSON", `[{"a":"${pack('1},{"b":2')}"}]`, "not_json"],
  ["a packed event that is cut off", `[{"a":"${pack(OBJECT).slice(0, 40)}"}]`, "not_json"],
  ["deep nesting", deep, "too_deep"],
  ["packed deep nesting", pack(deep), "too_deep"],
  ["a packed event of deep nesting", `[{"a":"${pack(deep)}"}]`, "too_deep"],
];

for (const [what, body, code] of REFUSED) {
  Deno.test(`readUltraCartBody() refuses ${what}`, async () => {
    assertEquals(await codeOf(() => read(body)), code);
  });
}

Deno.test("readUltraCartBody() refuses bytes that are not UTF-8", async () => {
  assertEquals(await codeOf(() => read(new Uint8Array([0x22, 0xff, 0x22]))), "not_utf8");
});

Deno.test("readUltraCartBody() refuses gzip that is announced but missing", async () => {
  assertEquals(await codeOf(() => read(LIST, { encoding: "gzip" })), "not_json");
});

Deno.test("readUltraCartBody() leaves every document without compressed parts", async () => {
  await fc.assert(fc.asyncProperty(fc.jsonValue().chain(spelling), async (json) => {
    assertEquals(await read(json), json);
  }));
});

Deno.test("readUltraCartBody() throws nothing but problems", async () => {
  const anyBody = fc.oneof(
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
    fc.string().map((text) => encoder.encode(`H4sI${text}`)),
    fc.base64String().map((text) => encoder.encode(`{"events":"H4sIAAAAAAAA${text}"}`)),
    fc.base64String().map((text) => encoder.encode(`[{"a":"H4sIAAAAAAAA${text}"}]`)),
  );
  await fc.assert(fc.asyncProperty(anyBody, async (body) => {
    await read(body).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
    });
  }));
});

const count = (json: string, limit = 1000) => countEvents(encoder.encode(json), limit);

Deno.test("countEvents() counts what is read, in both shapes of body", () => {
  const object = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 3 }));
  const element = fc.dictionary(fc.string({ unit: "grapheme" }), object, { minKeys: 1 });
  fc.assert(
    fc.property(
      fc.array(element, { maxLength: 8 }),
      fc.boolean(),
      fc.nat(2),
      object,
      (elements, wrapped, indent, { events: _, ...others }) => {
        const body = wrapped ? { ...others, events: elements } : elements;
        const json = JSON.stringify(body, null, indent);
        const found = atOnce(sliceUltraCartEvents(json)).length;
        // Lists of other members of the wrapper may count as well: never fewer.
        if (wrapped && Object.keys(others).length > 0) assert(count(json) >= found);
        else assertEquals(count(json), found, json);
      },
    ),
  );
});

Deno.test("countEvents() counts elements that hold nothing, and stops at the limit", () => {
  assertEquals(count("[{},{},{}]"), 3);
  assertEquals(count('{"events":[{},{},{}]}'), 3);
  assertEquals(count(`[${"{},".repeat(5000)}{}]`, 10), 11);
  assertEquals(count(`[{${'"a":{},'.repeat(5000)}"b":1}]`, 10), 11);
  for (const [events, counted] of [[9, 9], [10, 10], [11, 11], [12, 11]] as const) {
    const json = `[${Array.from({ length: events }, () => '{"a":{"b":[1,{"c":2}]}}').join()}]`;
    assertEquals(count(json, 10), counted);
  }
});

Deno.test("countEvents() takes no sign in a text for one of JSON", () => {
  assertEquals(count(String.raw`[{"a\"":{"b":"],}{[\\"}},{"c":"\\\""}]`), 2);
  for (const broken of ["", "[", '["', '[{"a', "]]]", "{}}}", '"', '"\\']) count(broken);
});
