import { assertEquals, assertMatch } from "@std/assert";
import { createHostCheck } from "../../../lib/http/request.ts";
import { answerAdmin } from "../../../lib/http/admin.ts";

const checkHost = createHostCheck({
  hostname: "host",
  allowedHosts: [],
  setting: "admin.allowedHosts",
});

async function ask(method: string, path: string, metrics = () => Promise.resolve("up 1\n")) {
  const request = new Request(`http://host${path}`, { method });
  const readiness = () => Promise.resolve({ ready: false, reason: "draining" });
  const pages = () =>
    Promise.resolve(new Map([["errors", "# Fehler ü\n"], ["rules", "# Rules\n"]]));
  const response = await answerAdmin(request, { checkHost, metrics, readiness, pages });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

Deno.test("answerAdmin() answers the metrics with their type", async () => {
  const { status, headers, text } = await ask("GET", "/metrics");
  assertEquals([status, text], [200, "up 1\n"]);
  assertEquals(headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  assertEquals(headers.get("Cache-Control"), "no-store");
});

Deno.test("answerAdmin() answers the health checks as the public listener does", async () => {
  assertEquals((await ask("GET", "/livez")).text, '{"status":"ok"}');
  for (const path of ["/readyz", "/healthz"]) {
    const { status, text } = await ask("GET", path);
    assertEquals([status, text], [503, '{"status":"unavailable","reason":"draining"}']);
  }
});

Deno.test("answerAdmin() knows no other path, and no method but GET and HEAD", async () => {
  for (const path of ["/", "/metrics/", "/ustore/order-approval"]) {
    const { status, text } = await ask("GET", path);
    assertEquals([status, JSON.parse(text).code], [404, "not_found"], path);
  }
  for (const path of ["/metrics", "/livez", "/readyz"]) {
    const { status, headers, text } = await ask("POST", path);
    assertEquals([status, headers.get("Allow")], [405, "GET, HEAD"], path);
    assertEquals(JSON.parse(text).code, "method_not_allowed");
  }
});

Deno.test("answerAdmin() answers 500 where metrics can't be read, and tells nothing of the reason", async () => {
  const { status, text } = await ask("GET", "/metrics", () => Promise.reject(new Error("secret")));
  assertEquals([status, JSON.parse(text).code], [500, "internal_error"]);
  assertMatch(text, /^(?!.*secret)/);
});

Deno.test("answerAdmin() answers a page of the documentation by its name and by its file", async () => {
  for (const path of ["/docs/errors", "/docs/errors.md"]) {
    const { status, headers, text } = await ask("GET", path);
    assertEquals([status, text], [200, "# Fehler ü\n"], path);
    assertEquals(headers.get("Content-Type"), "text/plain; charset=utf-8");
  }
  for (const path of ["/docs", "/docs/"]) {
    assertEquals((await ask("GET", path)).text, "/docs/errors\n/docs/rules\n", path);
  }
});

Deno.test("answerAdmin() answers no other file as a page, and no method but GET and HEAD", async () => {
  const paths = [
    "/docs/none",
    "/docs/../config.json",
    "/docs/%2e%2e/config",
    "/docs/errors/",
    "/docs/errors.md.md",
    "/docsx",
  ];
  for (const path of paths) assertEquals((await ask("GET", path)).status, 404, path);
  const { status, headers } = await ask("POST", "/docs/errors");
  assertEquals([status, headers.get("Allow")], [405, "GET, HEAD"]);
});

Deno.test("answerAdmin() leaves pages of the documentation to the console, for who reads HTML", async () => {
  async function read(path: string, accept: string): Promise<string> {
    const served = {
      checkHost,
      metrics: () => Promise.resolve(""),
      readiness: () => Promise.resolve({ ready: true }),
      pages: () => Promise.resolve(new Map([["errors", "# Errors\n"]])),
      console: () => Promise.resolve(new Response("the console")),
    };
    const request = new Request(`http://host${path}`, { headers: { Accept: accept } });
    return await (await answerAdmin(request, served)).text();
  }
  const browser = "text/html,application/xhtml+xml,*/*;q=0.8";
  assertEquals(await read("/docs/errors", browser), "the console");
  assertEquals(await read("/docs", browser), "the console");
  assertEquals(await read("/docs/errors.md", browser), "# Errors\n");
  assertEquals(await read("/docs/errors", "*/*"), "# Errors\n");
  assertEquals(await read("/docs/errors", "text/plain"), "# Errors\n");
});
