/** No request of any form gets a 5xx or leaves a stack, on any route of either listener. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { KEY, PATHS } from "../delivery.ts";
import { type Program, shareProgram, STACK_TRACE } from "../program.ts";
import { connect } from "../raw_http.ts";

/** On loopback the runtime listens by itself, else the gate does. */
const direct = shareProgram();
const gated = shareProgram({
  config: {
    server: { hostname: "0.0.0.0", publicUrl: "http://localhost" },
    admin: { hostname: "0.0.0.0" },
    endpoints: [
      {
        path: PATHS.order_approval,
        kind: "ustore.order-approval",
        signatureKeys: [KEY],
        otherwise: { customConfig: true },
      },
      { path: "/events", kind: "ultracart.events", auth: { type: "none" } },
    ],
  },
  // The key of a test is the one that is refused beyond loopback.
  env: { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: "a-key-of-my-own" },
});

const TOKEN = "AAAAAAAAAAAAAAAAAAAAAA";
const ROUTES = [
  "/livez",
  "/readyz",
  "/healthz",
  "/metrics",
  `/exports/${TOKEN}`,
  `/exports/${TOKEN}.json?version=1`,
  `/exports/${TOKEN}?version=x`,
  "/exports/",
  ...Object.values(PATHS),
  "/events",
  "/events/below",
  "/",
];
const HOSTS = [
  "a b",
  "[::1",
  "]",
  "a/b",
  "a@b",
  "a:b:c",
  ":",
  "",
  "\xff",
  "a\tb",
  "localhost",
  "<>",
];
const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "OPTIONS",
  "CONNECT",
  "TRACE",
  "PUT",
  "get",
  "X-Y",
  "QUERY",
];

interface Sent {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: readonly string[];
}

/** Sends the bytes whose codes the characters are, and gives what comes until the server closes. */
async function send(port: number, { method, target, version, headers }: Sent): Promise<string> {
  using connection = await connect({ port });
  const text = [`${method} ${target} ${version}`, "Connection: close", ...headers, "", ""]
    .join("\r\n");
  await connection.send(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  return await connection.rest();
}

async function assertRefused(program: Program, sent: Sent): Promise<void> {
  for (const port of [program.port, Number(new URL(program.adminUrl).port)]) {
    const answer = await send(port, sent);
    const status = /^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1] ?? "none";
    assert(/^(?:none|[234]\d\d)$/.test(status), `${JSON.stringify(sent)}: ${answer}`);
    assert(!/\bat .+:\d+:\d+|\.ts\b|Deno\b/.test(answer), `${JSON.stringify(sent)}: ${answer}`);
  }
}

const oddText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 20,
});
const sentence = fc.record({
  method: fc.oneof(fc.constantFrom(...METHODS), oddText),
  target: fc.oneof(
    fc.constantFrom(...ROUTES),
    fc.tuple(fc.constantFrom(...ROUTES), oddText).map((parts) => parts.join("")),
    fc.constantFrom(...ROUTES).map((route) => `http://a b${route}`),
    fc.constantFrom("*", "//", "http://[::1/livez", "a:80", "/%", "/%00", "/..;/", "/exports/%zz"),
    oddText.map((text) => `/${text}`),
  ),
  version: fc.constantFrom("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9"),
  headers: fc.array(
    fc.oneof(
      fc.constantFrom(...HOSTS).map((host) => `Host: ${host}`),
      oddText.map((host) => `Host: ${host}`),
      fc.tuple(
        fc.constantFrom("Accept", "Accept-Language", "X-Request-Id", "Content-Type", "X-Signature"),
        oddText,
      ).map(([name, value]) => `${name}: ${value}`),
      fc.constantFrom("Content-Length: x", "Content-Length: 0", "Transfer-Encoding: gzip"),
      fc.constantFrom("Upgrade: websocket", "Expect: 200-maybe", "X-Forwarded-For: a, b"),
      oddText,
    ),
    { maxLength: 5 },
  ),
});

for (const [where, test] of Object.entries({ "on loopback": direct, "beyond loopback": gated })) {
  test(`${where}, every route refuses every odd host, whatever the method`, async (program) => {
    for (const target of ROUTES) {
      await Promise.all(
        HOSTS.flatMap((host) =>
          ["GET", "HEAD", "POST"].map((method) =>
            assertRefused(program, {
              method,
              target,
              version: "HTTP/1.1",
              headers: [`Host: ${host}`, ...method === "POST" ? ["Content-Length: 0"] : []],
            })
          )
        ),
      );
    }
    const [malformed] = (await send(program.port, {
      method: "GET",
      target: `/exports/${TOKEN}`,
      version: "HTTP/1.1",
      headers: ["Host: a b"],
    })).split("\r\n");
    assertEquals(malformed, "HTTP/1.1 400 Bad Request");
  });

  test(`${where}, no request of any form gets a 5xx or a stack`, async (program) => {
    await fc.assert(
      fc.asyncProperty(sentence, (sent) => assertRefused(program, sent)),
      { numRuns: 300 },
    );
    const { status } = await fetch(`http://127.0.0.1:${program.port}/livez`);
    assertEquals(status, 200);
    assert(!STACK_TRACE.test(program.stderr()));
    assert(!/"level":"(?:ERROR|FATAL)"/.test(program.stderr()));
  });

  test(`${where}, readiness and the admin listener answer under their own names only`, async (program) => {
    const adminPort = Number(new URL(program.adminUrl).port);
    const ask = async (port: number, target: string, host: string) => {
      const sent = { method: "GET", target, version: "HTTP/1.1", headers: [`Host: ${host}`] };
      const answer = await send(port, sent);
      return { status: Number(answer.slice(9, 12)), answer };
    };
    for (const host of ["localhost", `127.0.0.1:${program.port}`, "[::1]:1", "LOCALHOST."]) {
      assertEquals((await ask(program.port, "/readyz", host)).status, 200, host);
      assertEquals((await ask(adminPort, "/metrics", host)).status, 200, host);
    }
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080"]) {
      for (const target of ["/readyz", "/healthz"]) {
        const { status, answer } = await ask(program.port, target, host);
        assertEquals(status, 421, host);
        assert(answer.includes("server.allowedHosts"));
      }
      for (const target of ["/readyz", "/metrics", "/livez", "/"]) {
        const { status, answer } = await ask(adminPort, target, host);
        assertEquals(status, 421, host);
        assert(answer.includes("admin.allowedHosts"));
      }
      assertEquals((await ask(program.port, "/livez", host)).status, 200);
      assertEquals((await ask(program.port, `/exports/${TOKEN}`, host)).status, 404);
    }
  });
}
