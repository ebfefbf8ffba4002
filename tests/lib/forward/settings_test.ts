import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { destinationSettings } from "../../../lib/forward/settings.ts";

const SCHEDULE = [5, 15, 45, 120, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
const URL = "https://erp.example/hooks";

function mistakesOf(value: unknown): readonly string[] {
  const { error } = destinationSettings().safeParse(value);
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

Deno.test("destinationSettings fills in defaults", () => {
  assertEquals(destinationSettings().parse({ type: "http", url: URL }), {
    type: "http",
    url: URL,
    timeoutMs: 20_000,
    concurrency: 4,
    maxPauseMs: 300_000,
    proxy: "none",
    ratePerSecond: 50,
    ordered: false,
    retrySeconds: SCHEDULE,
    headers: {},
  });
  assertEquals(destinationSettings().parse({ type: "folder", path: "data/exports" }), {
    type: "folder",
    path: "data/exports",
    name: "{received}-{type}-{id}",
    format: "json",
    ordered: false,
    retrySeconds: SCHEDULE,
  });
});

Deno.test("destinationSettings takes secrets that sign", () => {
  const seed = `whsk_${new Uint8Array(32).toBase64()}`;
  for (const secret of ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", seed]) {
    assertEquals(mistakesOf({ type: "http", url: URL, secret }), []);
  }
  const wanted =
    "secret: wanted whsec_ and 24 to 64 bytes as Base64, or whsk_ and an ed25519 key " +
    "as Base64";
  const publicKey = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
  for (const secret of ["", "hunter2", "whsec_AAAA", publicKey]) {
    assertEquals(mistakesOf({ type: "http", url: URL, secret }), [wanted]);
  }
});

Deno.test("destinationSettings refuses headers that are Storehook's or break the request", () => {
  const headersOf = (name: string, value: string) =>
    mistakesOf({ type: "http", url: URL, headers: { [name]: value } }).length;
  assertEquals(headersOf("Authorization", "Bearer 1"), 0);
  assertEquals(
    ["Webhook-Id", "Content-Length", "Storehook-Source", "a b", ""].map((name) =>
      headersOf(name, "1") > 0
    ),
    [true, true, true, true, true],
  );
  assertEquals(["a\r\nb: c", "é"].map((value) => headersOf("x", value)), [1, 1]);
});

Deno.test("destinationSettings refuses what can't work", () => {
  assertEquals(mistakesOf({ type: "http", url: "ftp://erp.example" }).length, 1);
  assertEquals(mistakesOf({ type: "http", url: URL, concurrency: 0 }).length, 1);
  assertEquals(mistakesOf({ type: "http", url: URL, ratePerSecond: 0 }).length, 1);
  assertEquals(mistakesOf({ type: "http", url: URL, ratePerSecond: 100_000 }).length, 0);
  assertEquals(mistakesOf({ type: "http", url: URL, ratePerSecond: 100_001 }).length, 1);
  assertEquals(mistakesOf({ type: "http", url: URL, retrySeconds: [] }).length, 0);
  assertEquals(mistakesOf({ type: "http", url: URL, retrySeconds: [0] }).length, 1);
  assertEquals(mistakesOf({ type: "http", url: URL, retrySeconds: 5 }).length, 1);
  assertEquals(mistakesOf({ type: "folder", path: "a", name: "{type}" }).length, 1);
  assertEquals(mistakesOf({ type: "folder", path: "a", name: "../{id}" }).length, 1);
  assertEquals(mistakesOf({ type: "folder", path: "data\new" }).length, 1);
  assertEquals(mistakesOf({ type: "folder", path: "a", url: URL }).length, 1);
});

Deno.test("destinationSettings describes every key for editors", () => {
  const { oneOf } = z.object({ oneOf: z.array(z.unknown()) }).parse(
    z.toJSONSchema(destinationSettings(), { io: "input" }),
  );
  const shape = z.object({
    properties: z.record(z.string(), z.object({ description: z.string() })),
  });
  for (const one of oneOf) assert(Object.keys(shape.parse(one).properties).length > 4);
});
