import { assertEquals } from "@std/assert";
import { redactHeaders, REMOVED } from "../../../lib/journal/delivery.ts";

const SECRET = [
  "Authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "X-Signature",
  "webhook-signature",
  "svix-signature",
  "emporix-event-signature",
  "x-hub-signature-256",
  "x-api-key",
  "apikey",
  "api_key",
  "ocp-apim-subscription-key",
  "x-auth-token",
  "x-amz-security-token",
  "x-shared-secret",
];
const PUBLIC = [
  "content-type",
  "content-length",
  "host",
  "user-agent",
  "accept-language",
  "webhook-id",
  "webhook-timestamp",
  "svix-id",
  "idempotency-key",
  "x-request-id",
  "traceparent",
];

for (const name of SECRET) {
  Deno.test(`redactHeaders() removes ${name}`, () => {
    assertEquals(redactHeaders([[name, "value"]]), [[name, REMOVED]]);
  });
}

Deno.test("redactHeaders() keeps the others, in their order", () => {
  const lines = PUBLIC.map((name) => [name, `value of ${name}`] as const);
  assertEquals(redactHeaders(lines), lines.map(([name, value]) => [name, value]));
});

Deno.test("redactHeaders() keeps the one signature that was disproved, and no other", () => {
  const lines = [["x-signature", "a"], ["webhook-signature", "b"], ["authorization", "c"]] as const;
  assertEquals(redactHeaders(lines, { disprovedHeader: "X-Signature" }), [
    ["x-signature", "a"],
    ["webhook-signature", REMOVED],
    ["authorization", REMOVED],
  ]);
});

const URLS: readonly (readonly [value: string, kept: string])[] = [
  ["/uc/t0ken", "/uc/[removed]"],
  ["/uc/t0ken?a=b", "/uc/[removed]"],
  ["https://host:8443/uc/t0ken", "https://host:8443/uc/[removed]"],
  ["https://user:t0ken@host/uc", "https://host/uc"],
  ["https://host/public/hooks/t0ken", "https://host/[removed]"],
  ["https://host/uc?token=t0ken", "https://host/uc?[removed]"],
  ["https%3A%2F%2Fhost%2Fuc%2Ft0ken", "[removed]"],
  ["POST /uc/t0ken HTTP/1.1", "POST /uc/[removed] HTTP/1.1"],
  ['for=192.0.2.1;proto=https;path="/uc/t0ken"', 'for=192.0.2.1;proto=https;path="/uc/[removed]"'],
  ["/uc/t0ken, /uc/t0ken", "/uc/[removed], /uc/[removed]"],
  ["/UC/t0ken", "/[removed]"],
];

for (const [value, kept] of URLS) {
  Deno.test(`redactHeaders() takes what may be a token out of ${value}`, () => {
    for (const name of ["x-original-url", "x-forwarded-uri", "referer", "x-anything"]) {
      assertEquals(redactHeaders([[name, value]], { path: "/uc" }), [[name, kept]]);
    }
  });
}

Deno.test("redactHeaders() leaves what is no URL, or says nothing", () => {
  const values = [
    "*/*",
    "text/html, application/json;q=0.9",
    "/",
    "/uc",
    "https://host",
    "1.1 a/b",
  ];
  const lines = values.map((value) => ["x-any", value] as const);
  assertEquals(redactHeaders(lines, { path: "/uc" }), lines.map(([name, value]) => [name, value]));
});
