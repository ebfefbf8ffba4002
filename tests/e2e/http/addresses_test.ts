import { assertEquals } from "@std/assert";
import { APPROVAL_ANSWER, assertAlive, assertProblem, deliver, PATHS } from "../delivery.ts";
import { shareProgram, STACK_TRACE } from "../program.ts";
import { connect } from "../raw_http.ts";

const test = shareProgram();

for (
  const method of ["GET", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "BREW", "post"]
) {
  test(`${method} on an endpoint gets a 405 with Allow, signed`, async (program) => {
    for (const target of Object.values(PATHS)) {
      const response = await deliver(program, { method, target, headers: { Connection: "close" } });
      assertEquals([response.status, response.headers["allow"]], [405, "POST"]);
      assertEquals(response.headers["x-signature"]?.length, 88);
      if (method !== "HEAD") assertProblem(response, 405, "method_not_allowed");
    }
  });
}

test("the 405 needs neither a body nor a signature", async (program) => {
  using connection = await connect(program);
  await connection.send(`GET ${PATHS.manufacturer} HTTP/1.1\r\nHost: x\r\n\r\n`);
  assertProblem(await connection.response(), 405, "method_not_allowed");
  await connection.send(`HEAD ${PATHS.manufacturer} HTTP/1.1\r\nHost: x\r\n\r\n`);
  assertEquals((await connection.response("HEAD")).status, 405);
  await connection.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
  assertEquals((await connection.response()).text, '{"status":"ok"}');
});

test("a path that is no endpoint gets a 404", async (program) => {
  const targets = [
    "/",
    "/ustore",
    "/ustore/order-approval/",
    "/ustore/order-approval/x",
    "/ustore/Order-Approval",
    "//ustore/order-approval",
    "/ustore//order-approval",
    "/ustore/order-approva",
    "/ustore/order-approval%20",
    "/ustore/order%2Dapproval",
    "/ustore%2Forder-approval",
    "/ustore/order-approval;a=b",
    "/%",
    "/%ff%fe",
    "/favicon.ico",
    "/config.json",
    "/../config.json",
    "/%2e%2e/config.json",
    `/${"a".repeat(10_000)}`,
    "/__proto__",
  ];
  for (const target of targets) {
    const { status, headers, text } = await deliver(program, { target });
    assertEquals(status, 404, target);
    assertEquals(JSON.parse(text), {
      message: "There is nothing at this address. Please check the URL.",
      code: "not_found",
      requestId: headers["x-request-id"],
    });
    assertEquals(headers["content-type"], "application/json");
    assertEquals(headers["x-signature"], undefined);
  }
});

test("a query string and dots in the path do not matter", async (program) => {
  const targets = [
    "/ustore/order-approval?",
    "/ustore/order-approval?store=7&a=/livez",
    "/ustore/order-approval?%",
    "/ustore/./order-approval",
    "/other/../ustore/order-approval",
  ];
  for (const target of targets) {
    const { status, text } = await deliver(program, { target });
    assertEquals([status, text], [200, APPROVAL_ANSWER], target);
  }
});

const FORWARDS = {
  waiting: 0,
  failed: 0,
  waitingBytes: 0,
  oldestWaitingSeconds: null,
  disabled: {},
  paused: {},
  destinations: {},
};
const READY = { status: "ok", details: { forwards: FORWARDS } };

for (
  const [target, answer] of Object.entries({
    "/livez": { status: "ok" },
    "/readyz": READY,
    "/healthz": READY,
  })
) {
  test(`${target} says that all is well`, async (program) => {
    const bare = { target, key: null, body: "", headers: { "Content-Type": null } };
    const { status, text, headers } = await deliver(program, { ...bare, method: "GET" });
    const length = String(JSON.stringify(answer).length);
    assertEquals([status, text], [200, JSON.stringify(answer)]);
    assertEquals(headers["content-type"], "application/json");
    assertEquals(headers["cache-control"], "no-store");
    assertEquals(headers["content-length"], length);

    const head = await deliver(program, { ...bare, method: "HEAD" });
    assertEquals([head.status, head.headers["content-length"]], [200, length]);
    const withQuery = await deliver(program, { ...bare, method: "GET", target: `${target}?full` });
    assertEquals(withQuery.status, 200);
    const posted = await deliver(program, { ...bare, method: "POST" });
    assertEquals([posted.status, posted.headers["allow"]], [405, "GET, HEAD"]);
    assertEquals(JSON.parse(posted.text).code, "method_not_allowed");
  });
}

test("X-Request-Id is kept when it is good, and replaced when it is not", async (program) => {
  const send = async (id: string | null) => {
    const response = await deliver(program, { body: "{", headers: { "X-Request-Id": id } });
    const requestId = response.headers["x-request-id"] ?? "";
    assertEquals(JSON.parse(response.text).requestId, requestId);
    return requestId;
  };
  for (const good of ["a", "order-4068", "A_b-9", "-", "0".repeat(64)]) {
    assertEquals(await send(good), good);
  }
  const made = new Set<string>();
  const bad = [
    null,
    "",
    "a b",
    "a.b",
    "a/b",
    "é",
    "a,b",
    "{}",
    "0".repeat(65),
    "a\r\nX-Request-Id: b",
  ];
  for (const id of bad) {
    const requestId = await send(id);
    assertEquals(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(requestId), true, `${id}`);
    made.add(requestId);
  }
  assertEquals(made.size, bad.length);
});

test("the log names each request by its id", async (program) => {
  await deliver(program, { headers: { "X-Request-Id": "look-for-me" } });
  await program.logged(/"requestId":"look-for-me"[^\n]*\n/);
  const line = program.stderr().split("\n").find((text) => text.includes("look-for-me")) ?? "";
  const { endpoint, status, rules, level } = JSON.parse(line);
  assertEquals({ endpoint, status, rules, level }, {
    endpoint: PATHS.order_approval,
    status: 200,
    rules: "otherwise",
    level: "INFO",
  });
});

test("after all of this the server is well", async (program) => {
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});
