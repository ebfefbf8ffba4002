import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createClientAddress } from "../../../lib/http/context.ts";

const addressOf = createClientAddress(["10.0.0.0/8", "::1", "2001:db8:1::/48"]);

function from(remoteAddress: string, forwardedFor?: string): string {
  return addressOf(
    remoteAddress,
    new Headers(forwardedFor === undefined ? {} : { "X-Forwarded-For": forwardedFor }),
  );
}

Deno.test("createClientAddress() believes no header of a stranger", () => {
  assertEquals(from("192.0.2.7", "203.0.113.1"), "192.0.2.7");
  assertEquals(
    createClientAddress([])(
      "127.0.0.1",
      new Headers({ "X-Forwarded-For": "203.0.113.1" }),
    ),
    "127.0.0.1",
  );
});

Deno.test("createClientAddress() takes the last address that is no proxy's", () => {
  assertEquals(from("10.0.0.1", "203.0.113.1"), "203.0.113.1");
  assertEquals(from("10.0.0.1", "198.51.100.9, 203.0.113.1, 10.0.0.2"), "203.0.113.1");
  assertEquals(from("::1", "2001:db8:2::5,2001:db8:1::9"), "2001:db8:2::5");
});

Deno.test("createClientAddress() takes the first when all are proxies", () => {
  assertEquals(from("10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3");
});

Deno.test("createClientAddress() leaves ports, brackets and the wrapping of IPv4 out", () => {
  assertEquals(from("::ffff:10.0.0.1", "203.0.113.1:50123"), "203.0.113.1");
  assertEquals(from("10.0.0.1", "[2001:db8:2::5]:50123"), "2001:db8:2::5");
  assertEquals(from("10.0.0.1", "[2001:db8:2::5]"), "2001:db8:2::5");
  assertEquals(from("10.0.0.1", "::ffff:203.0.113.1"), "203.0.113.1");
  assertEquals(from("::ffff:192.0.2.7"), "192.0.2.7");
});

Deno.test("createClientAddress() stops at what is no address", () => {
  for (const last of ["unknown", "_hidden", "", "203.0.113.1, ", "999.0.0.1", "a:b"]) {
    assertEquals(from("10.0.0.1", last), "10.0.0.1", last);
  }
  assertEquals(from("10.0.0.1", "203.0.113.1, unknown, 10.0.0.2"), "10.0.0.2");
});

Deno.test("createClientAddress() is not moved by what a client writes in front", () => {
  fc.assert(fc.property(fc.stringMatching(/^[\x20-\x7e]{0,40}$/), (forged) => {
    assertEquals(from("10.0.0.1", `${forged}, 203.0.113.1, 10.0.0.2`), "203.0.113.1");
  }));
});
