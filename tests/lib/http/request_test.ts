import { assertEquals } from "@std/assert";
import { createHostCheck, type HostNames } from "../../../lib/http/request.ts";

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
