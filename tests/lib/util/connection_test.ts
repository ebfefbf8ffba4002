import { assertEquals, assertStringIncludes } from "@std/assert";
import { connectionFailure, isPassingFailure } from "../../../lib/util/connection.ts";

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
