import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { banner } from "../../../../lib/cli/serve/serve.ts";
import { programName } from "../../../../lib/cli/terminal/format.ts";
import { loadFine } from "../../config/load_text.ts";

const URLS = { url: "http://127.0.0.1:8080", adminUrl: "http://127.0.0.1:8081" };

async function bannerOf(key: string, file?: string) {
  const endpoint = { path: "/a", kind: "fake.kind", signatureKeys: [key] };
  const loaded = await loadFine({ endpoints: [endpoint] });
  return banner({ ...URLS, loaded, file, handlers: [], colour: false });
}

Deno.test("banner() says where the server listens, in columns", async () => {
  const lines = (await bannerOf("a-long-key")).split("\n");
  assertMatch(lines[0] ?? "", /^Storehook \S+ listens on http:\/\/127\.0\.0\.1:8080$/);
  const rows = lines.filter((line) => line.startsWith("  http"));
  assertEquals(rows.map((row) => row.trim().split(/ {3,}/)[0]), [
    `${URLS.url}/a`,
    `${URLS.url}/readyz`,
    `${URLS.adminUrl}/`,
    `${URLS.adminUrl}/metrics`,
  ]);
  assertEquals(new Set(rows.map((row) => row.search(/ {3}\S[^:]*$/))).size, 1);
});

Deno.test("banner() shows no key, and names the config that was given", async () => {
  const text = await bannerOf("a-long-key", "my config.json");
  assertEquals(text.includes("a-long-key"), false);
  assertStringIncludes(text, `${programName()} send fake.kind --to ${URLS.url}/a --key KEY\n`);
  assertStringIncludes(text, `${programName()} check --config "my config.json"\n`);
});

Deno.test("banner() has nothing to try where there is no endpoint", async () => {
  const loaded = await loadFine({ endpoints: [] });
  const text = banner({ ...URLS, loaded, file: undefined, handlers: [], colour: false });
  assertEquals(text.includes("Try next"), false);
  assert(text.endsWith("Stop it with Ctrl+C.\n"));
});
