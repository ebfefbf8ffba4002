import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createClientAddress, createHostCheck, type HostNames } from "../../../lib/http/request.ts";

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

function codesOf(names: Partial<HostNames>, hosts: readonly string[]) {
  const check = createHostCheck({
    hostname: "127.0.0.1",
    allowedHosts: [],
    setting: "server.allowedHosts",
    ...names,
  });
  return hosts.map((host) => {
    const headers = new Headers();
    if (host !== "") headers.set("Host", host);
    return check({ headers, url: "http://localhost/readyz" })?.code ?? "fine";
  });
}

Deno.test("createHostCheck() knows this machine, the hostname, the public URL and allowed names", () => {
  const names = {
    hostname: "hooks.internal",
    publicUrl: "https://Hooks.Example:8443/a",
    allowedHosts: ["balancer.example", "2001:DB8::1"],
  };
  const fine = ["localhost:80", "127.9.9.9", "[::1]", "hooks.internal", "hooks.example:1"];
  const allowed = ["BALANCER.example.", "[2001:db8::1]:8080"];
  assertEquals(new Set(codesOf(names, [...fine, ...allowed])), new Set(["fine"]));
  const foreign = ["evil.example", "xlocalhost", "hooks.example.evil.example", "localhost.evil"];
  assertEquals(new Set(codesOf(names, foreign)), new Set(["host_not_allowed"]));
});

Deno.test("createHostCheck() takes addresses where others than this machine can connect", () => {
  const hosts = ["192.0.2.7:8080", "[2001:db8::1]", "0.0.0.0", "evil.example"];
  const [refused] = ["host_not_allowed"];
  assertEquals(codesOf({ hostname: "0.0.0.0" }, hosts), ["fine", "fine", "fine", refused]);
  assertEquals(codesOf({}, hosts), [refused, refused, "fine", refused]);
});

Deno.test("createHostCheck() takes every name for *, and no request for its missing host", () => {
  assertEquals(codesOf({ allowedHosts: ["*"] }, ["evil.example", ""]), ["fine", "fine"]);
  assertEquals(codesOf({}, [""]), ["fine"]);
});

Deno.test("createHostCheck() finds what is no host, even where every name is allowed", () => {
  const hosts = ["a b", "[::1", "a/b", "a@b", "a:b", "a:1:2", "<a>", 'a"', "é"];
  assertEquals(
    new Set(codesOf({ allowedHosts: ["*"] }, hosts)),
    new Set(["malformed_host"]),
  );
});
