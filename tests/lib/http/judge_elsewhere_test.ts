import { assertEquals } from "@std/assert";
import { isRefusal } from "../../../lib/http/context.ts";
import { createJudgeElsewhere } from "../../../lib/http/judge_elsewhere.ts";
import { createXSignature } from "../../../lib/auth/x_signature.ts";
import { fakeEndpoint } from "./fake_endpoint.ts";

/** Sends what is signed with a key to the first of several endpoints, each with a key of its own. */
async function judge(signingKey: string, body: Uint8Array<ArrayBuffer>) {
  const auths = await Promise.all([["a"], ["b"], ["c"]].map(createXSignature));
  const endpoints = auths.map((auth, index) => fakeEndpoint(auth, { path: `/${index}` }));
  const [first] = endpoints;
  const signer = await createXSignature([signingKey]);
  const headers = new Headers({ ...await signer.sign(body) });
  const refusal = await first?.auth.verify(headers, body);
  if (first === undefined || refusal === undefined || !isRefusal(refusal)) {
    throw new Error("It was not refused");
  }
  return await createJudgeElsewhere(endpoints)(first, refusal, headers, body);
}

Deno.test("createJudgeElsewhere() names the endpoint for which a signature is right, and hides it", async () => {
  const { reason, what, disprovedHeader } = await judge("c", new Uint8Array(2));
  assertEquals([reason, disprovedHeader], ["other_endpoint", undefined]);
  assertEquals(what, "The signature is right for the endpoint /2, not for this one.");
});

Deno.test("createJudgeElsewhere() leaves a signature readable that is right nowhere", async () => {
  const { reason, disprovedHeader } = await judge("another", new Uint8Array(2));
  assertEquals([reason, disprovedHeader], ["signature_wrong", "X-Signature"]);
});

Deno.test("createJudgeElsewhere() tries no large body everywhere, and shows none of its signatures", async () => {
  const { reason, disprovedHeader } = await judge("c", new Uint8Array(65_537));
  assertEquals([reason, disprovedHeader], ["signature_wrong", undefined]);
});
