import { assertEquals, assertMatch } from "@std/assert";
import { assertSigned, deliver, headOf, hmac, PATHS } from "../delivery.ts";
import { type Program, shareProgram } from "../program.ts";
import { connect } from "../raw_http.ts";

const test = shareProgram({
  config: {
    server: { maxBodyBytes: 10_000, bodyTimeoutMs: 300 },
    endpoints: [{
      path: PATHS.order_approval,
      kind: "ustore.order-approval",
      signatureKeys: ["development-key"],
      rules: [{
        name: "jane",
        when: "order.total > 500.0",
        then: { reject: "Jane's text" },
      }],
    }],
  },
});

async function lineOf(program: Program, id: string): Promise<Record<string, unknown>> {
  await program.logged(new RegExp(`answered.+"requestId":"${id}"[^\\n]*\\n`));
  const line = program.stderr().split("\n").find((text) => text.includes(`"${id}"`)) ?? "";
  return JSON.parse(line);
}

test("the log tells why a delivery failed, without what was found", async (program) => {
  await deliver(program, { body: "{", headers: { "X-Request-Id": "bad-json" } });
  const line = await lineOf(program, "bad-json");
  assertEquals([line["code"], line["link"], line["reason"], line["rules"]], [
    "not_json",
    `${program.adminUrl}/docs/errors#not_json`,
    "Cannot answer the request: not_json",
    undefined,
  ]);
  assertMatch(String(line["message"]), /answered 400 in .+ ms: .+not_json/);
  const page = await fetch(String(line["link"]));
  assertEquals(page.headers.get("content-type"), "text/plain; charset=utf-8");
  assertMatch(await page.text(), /^# Errors\n[^]*\n## not_json\n/);
  const headers = { "X-Request-Id": "bad-shape" };
  await deliver(program, { body: '{"Order":"Jane"}', headers });
  const shape = await lineOf(program, "bad-shape");
  assertEquals(shape["code"], "wrong_shape");
  assertEquals(JSON.stringify(shape).includes("Jane"), false);
});

test("the answer to a HEAD is signed as what is written: nothing", async (program) => {
  using connection = await connect(program);
  await connection.send(`HEAD ${PATHS.order_approval} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const response = await connection.response("HEAD");
  assertEquals(response.headers["x-signature"], hmac(""));
  assertSigned(response);
});

test("the answer to a refused unfinished request asks to close its connection", async (program) => {
  for (const length of ["99999", "5000"]) {
    using connection = await connect(program);
    await connection.send(headOf({ headers: { "Content-Length": length } }), "{");
    const { status, headers } = await connection.response();
    assertEquals([status, headers["connection"]], [length === "5000" ? 408 : 413, "close"]);
  }
});
