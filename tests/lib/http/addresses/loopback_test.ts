import { assertEquals } from "@std/assert";
import { isLoopback, urlOf } from "../../../../lib/http/addresses/loopback.ts";

Deno.test("isLoopback() knows 127.0.0.0/8, ::1 and localhost in any writing", () => {
  const loopback = ["127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1", "localhost", "LOCALHOST"];
  assertEquals(loopback.filter((name) => !isLoopback(name)), []);
});

Deno.test("isLoopback() takes everything else for reachable", () => {
  const others = [
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "128.0.0.1",
    "a.example",
    "localhost.example",
    "",
    "[",
  ];
  assertEquals(others.filter(isLoopback), []);
});

Deno.test("urlOf() writes addresses as a URL wants them", () => {
  assertEquals(urlOf("127.0.0.1", 1), "http://127.0.0.1:1");
  assertEquals(urlOf("::1", 1), "http://[::1]:1");
  assertEquals(urlOf("0.0.0.0", 1), "http://127.0.0.1:1");
  assertEquals(urlOf("::", 1), "http://[::1]:1");
});
