import { assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { chooseProxy, connectionFailure, isPassingFailure } from "../../../lib/util/connection.ts";

/** What the runtime says, in both versions that the program runs on. */
function failed(words: string): TypeError {
  const cause = new Error(
    `error sending request for url (https://certificate.example/): client error (Connect): ${words}`,
  );
  return new TypeError("fetch failed", { cause });
}

Deno.test("connectionFailure() tells apart what is wrong with a certificate", () => {
  const peer = "invalid peer certificate: ";
  for (
    const [words, said] of [
      [`${peer}UnknownIssuer`, "of an authority that is not known here"],
      [`${peer}Other(OtherError(CaUsedAsEndEntity))`, "self-signed and that of an authority"],
      [
        `${peer}certificate not valid for name "localhost"; certificate is only valid for ` +
        'DnsName("other.example")',
        "for another name",
      ],
      [`${peer}certificate expired: verification time 1 (UNIX)`, "has expired"],
      [`${peer}certificate not valid yet: verification time 1 (UNIX)`, "not valid yet"],
      [`${peer}BadSignature`, "not signed by the authority of that name in caFile"],
      [`${peer}BadEncoding`, "not accepted"],
      ["proxy authentication required", "the proxy wants other credentials"],
    ] as const
  ) {
    assertStringIncludes(connectionFailure(failed(words)), said);
    assertEquals(isPassingFailure(failed(words)), false, words);
  }
});

const PROXY = "http://proxy.example:3128";

Deno.test("chooseProxy() never gives one for this machine, whatever is set", () => {
  const local = fc.constantFrom(
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "127.0.0.1",
    "127.9.8.7",
    "[::1]",
    "0x7f000001",
    "2130706433",
  );
  const setting = fc.constantFrom("none", "environment", PROXY);
  const variables = { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, ALL_PROXY: PROXY };
  const scheme = fc.constantFrom("http", "https");
  fc.assert(fc.property(local, setting, scheme, (host, proxy, protocol) => {
    assertEquals(chooseProxy(`${protocol}://${host}:8080/a`, proxy, variables), undefined);
  }));
});

Deno.test("chooseProxy() takes that of the environment by scheme, but for what NO_PROXY names", () => {
  const variables = { HTTP_PROXY: "http://a:1", HTTPS_PROXY: "http://b:2", NO_PROXY: "x.example" };
  const choose = (url: string, parts = {}) =>
    chooseProxy(url, "environment", { ...variables, ...parts });
  assertEquals(choose("http://erp.example"), "http://a:1");
  assertEquals(choose("https://erp.example"), "http://b:2");
  assertEquals(chooseProxy("https://erp.example", "environment", { ALL_PROXY: PROXY }), PROXY);
  assertEquals(chooseProxy("https://erp.example", "environment", {}), undefined);
  assertEquals(chooseProxy("https://erp.example", "none", variables), undefined);
  assertEquals(chooseProxy("https://x.example", PROXY, variables), PROXY);
  const excepted = [
    "erp.example",
    ".example",
    "*.example",
    "a, erp.example",
    "*",
    "erp.example:443",
  ];
  for (const NO_PROXY of excepted) {
    assertEquals(choose("https://erp.example", { NO_PROXY }), undefined, NO_PROXY);
  }
  for (const NO_PROXY of ["", ",", "rp.example", "erp.example:8443", "erp.example.org"]) {
    assertEquals(choose("https://erp.example", { NO_PROXY }), "http://b:2", NO_PROXY);
  }
});
