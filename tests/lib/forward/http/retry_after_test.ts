import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { retryAfterMs } from "../../../../lib/forward/http/retry_after.ts";
import { NOW } from "../samples.ts";

Deno.test("retryAfterMs() reads seconds", () => {
  fc.assert(fc.property(fc.nat(), (seconds) => {
    assertEquals(retryAfterMs(String(seconds), NOW), seconds * 1000);
  }));
});

Deno.test("retryAfterMs() reads a date, and takes one in the past for now", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
    const date = new Date(seconds * 1000).toUTCString();
    assertEquals(retryAfterMs(date, NOW), Math.max(0, seconds * 1000 - NOW));
  }));
});

Deno.test("retryAfterMs() reads the two old forms of a date", () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0);
  assertEquals(retryAfterMs("Sunday, 06-Nov-94 08:49:37 GMT", now), 37_000);
  assertEquals(retryAfterMs("Sun Nov  6 08:49:37 1994", now), 37_000);
});

Deno.test("retryAfterMs() takes nothing else", () => {
  const texts = ["", " 5", "-5", "+5", "5.5", "5s", "1e3", "0x10", "2026-11-21", "soon", "٣"];
  texts.push("Sat, 99 Nov 2026 08:01:00 GMT", "Sat, 21 Nov 2026 08:01:00 CET");
  assertEquals(texts.map((text) => retryAfterMs(text, NOW)), texts.map(() => null));
});
