import { assertEquals } from "@std/assert";
import { redactHeaders, REMOVED } from "../../../lib/journal/redact_headers.ts";

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
