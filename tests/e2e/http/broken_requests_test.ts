import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import {
  assertAlive,
  assertProblem,
  deliver,
  type Delivery,
  headOf,
  hmac,
  requestOf,
  sample,
} from "../delivery.ts";
import { type Program, shareProgram, STACK_TRACE } from "../program.ts";
import { connect, toBytes } from "../raw_http.ts";

const test = shareProgram();
const BODY = sample("order_approval");

/** The statuses of what comes until the server closes. */
async function statuses(program: Program, ...parts: readonly (string | Uint8Array)[]) {
  using connection = await connect(program);
  await connection.send(...parts);
  await connection.closeWrite();
  return [...(await connection.rest()).matchAll(/^HTTP\/1\.[01] (\d{3})/gm)]
    .map(([, status]) => Number(status));
}

test("what is no HTTP gets a 400 or nothing", async (program) => {
  const garbage = [
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "POST\r\n\r\n",
    "POST /ustore/order-approval HTTP/9.9\r\n\r\n",
    "POST /ustore/order approval HTTP/1.1\r\nHost: x\r\n\r\n",
    "{}\r\n\r\n",
    "\0\0\0\0\r\n\r\n",
  ];
  for (const text of garbage) {
    assertEquals(await statuses(program, text), [400], JSON.stringify(text));
  }
  assertEquals(await statuses(program, "POST /ustore/order-approval HTTP/1.1\r\nHost: x"), []);
  assertEquals(await statuses(program, ""), []);
});

test("headers that break the rules of HTTP get a 400", async (program) => {
  const heads = {
    "a control character": headOf({ headers: { "X-Signature": "a\x01b" } }),
    "a zero byte": headOf({ headers: { "X-Signature": "a\0b" } }),
    "a space before the colon": headOf().replace("X-Signature:", "X-Signature :"),
    "a folded line": headOf({ headers: { "X-Note": "a\r\n b" } }),
    "two lengths": headOf({ headers: { "X-Note": "a\r\nContent-Length: 3" } }),
    "a negative length": headOf({ headers: { "Content-Length": "-1" } }),
    "a length beyond all numbers": headOf({ headers: { "Content-Length": "9".repeat(30) } }),
    "a length that is no number": headOf({ headers: { "Content-Length": "4_497" } }),
    "another coding": headOf({
      headers: { "Content-Length": null, "Transfer-Encoding": "chunked, gzip" },
    }),
  };
  for (const [name, head] of Object.entries(heads)) {
    assertEquals(await statuses(program, head, BODY), [400], name);
  }
});

test("70 kB of headers are refused or answered, as the version of Deno has it", async (program) => {
  const one = { "X-Junk": "a".repeat(70_000) };
  const many = Object.fromEntries(
    Array.from({ length: 90 }, (_, index) => [`X-Junk-${index}`, "a".repeat(780)]),
  );
  for (const headers of [one, many]) {
    const found = await statuses(program, requestOf({ headers }));
    assertEquals(found.filter((status) => ![200, 400, 431].includes(status)), []);
  }
  await assertAlive(program);
});

test("2 MB of headers and 1000 of them are refused", async (program) => {
  const long = { "X-Junk": "a".repeat(2_000_000) };
  const many = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [`X-Junk-${index}`, "a"]),
  );
  for (const headers of [long, many]) {
    const found = await statuses(program, requestOf({ headers }));
    assertEquals(found.filter((status) => status !== 400 && status !== 431), []);
  }
  await assertAlive(program);
});

test("a body that ends too early is never answered as if it were whole", async (program) => {
  using connection = await connect(program);
  const longer = { "Content-Length": String(BODY.length + 1) };
  await connection.send(requestOf({ headers: longer }));
  await connection.closeWrite();
  assertProblem(await connection.response(), 408, "body_timeout");
  assertEquals(await connection.rest(), "");
});

test("a chunked body that ends too early or breaks is never answered as if it were whole", async (program) => {
  const head = headOf({ headers: { "Content-Length": null, "Transfer-Encoding": "chunked" } });
  const size = `${BODY.length.toString(16)}\r\n`;
  for (const end of ["", "\r\n", "\r\nzz\r\n", "\r\n0\r\nno trailer"]) {
    const found = await statuses(program, head, size, BODY, end);
    assertEquals(found.filter((status) => status !== 408), [], JSON.stringify(end));
  }
});

test("a body cut off by its Content-Length is verified as what it is", async (program) => {
  using connection = await connect(program);
  const shorter = { "Content-Length": String(BODY.length - 1), Connection: "close" };
  await connection.send(requestOf({ headers: shorter }));
  assertProblem(await connection.response(), 401, "signature_mismatch");
  const cut = BODY.subarray(0, -1);
  const headers = { "Content-Length": String(cut.length), "X-Signature": hmac(cut) };
  assertEquals((await deliver(program, { body: cut, headers })).status, 200);
});

test("clients that go away in the middle do no harm", async (program) => {
  const request = requestOf();
  for (const length of [1, 20, 100, 300, request.length - 1, request.length]) {
    using connection = await connect(program);
    await connection.send(request.subarray(0, length));
  }
  await assertAlive(program);
});

test("another media type, charset or coding gets a 415", async (program) => {
  const types = [
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    'application/json; charset="ISO-8859-1"',
    "application/jsonp",
    "json",
    "é",
    "application/json, text/plain",
  ];
  const headers: readonly NonNullable<Delivery["headers"]>[] = [
    ...types.map((type) => ({ "Content-Type": type })),
    { "Content-Encoding": "gzip" },
    { "Content-Encoding": "identity, br" },
  ];
  for (const each of headers) {
    assertProblem(await deliver(program, { headers: each }), 415, "unsupported_media_type");
  }
});

test("bytes that are not UTF-8 get a 400 that says so", async (program) => {
  const wrong = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80]];
  for (const bytes of wrong) {
    const body = concat([toBytes('{"a":"'), new Uint8Array(bytes), toBytes('"}')]);
    assertProblem(await deliver(program, { body }), 400, "not_utf8");
  }
  const utf16 = new Uint8Array([0xff, 0xfe, ...[..."{}"].flatMap((c) => [c.charCodeAt(0), 0])]);
  assertProblem(await deliver(program, { body: utf16 }), 400, "not_utf8");
});

test("what is not JSON gets a 400 that says so", async (program) => {
  const texts = ["", " ", "{", "{}}", "{'a':1}", '{"a":1,}', "<Order/>", "NaN", "\0", '"\n"', "1e"];
  for (const body of [...texts, "\ufeff", "\ufeff\ufeff{}", "// note\n{}", "undefined"]) {
    assertProblem(await deliver(program, { body }), 400, "not_json");
  }
});

test("JSON that is no order gets a 400 that names what is missing", async (program) => {
  for (
    const body of ["{}", "[]", "null", "1", '"Order"', "true", '{"order":{}}', '{"Order":null}']
  ) {
    assertProblem(await deliver(program, { body }), 400, "wrong_shape");
  }
});

test("names that mean something to JavaScript are data like any other", async (program) => {
  const text = new TextDecoder().decode(BODY);
  const evil = '"__proto__":{"toString":null},"constructor":{"prototype":{"then":1}},';
  assertEquals((await deliver(program, { body: text.replace("{", `{${evil}`) })).status, 200);
  const inside = text.replace('"Order": {', `"Order": {${evil}`);
  assertEquals((await deliver(program, { body: inside })).status, 200);
  assertProblem(await deliver(program, { body: '{"__proto__":{"Order":{}}}' }), 400, "wrong_shape");
});

test("after all of this the server is well", async (program) => {
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});
