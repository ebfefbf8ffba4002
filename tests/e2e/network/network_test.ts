import { assertEquals, assertMatch } from "@std/assert";
import { APPROVAL_ANSWER, assertProblem, assertSigned, deliver, KEY } from "../delivery.ts";
import { shareProgram } from "../program.ts";

const approval = {
  kind: "ustore.order-approval",
  signatureKeys: [KEY],
  otherwise: { customConfig: true },
};

const test = shareProgram({
  config: {
    server: { trustedProxies: ["127.0.0.0/8"] },
    endpoints: [
      { path: "/inside", addresses: ["192.0.2.0/24", "2001:db8::/32"], ...approval },
      { path: "/here", addresses: ["127.0.0.1"], ...approval },
      { path: "/slowly", rate: { perSecond: 0.001, burst: 2 }, ...approval },
      {
        path: "/events",
        kind: "ultracart.events",
        addresses: ["192.0.2.7"],
        auth: { type: "none" },
      },
    ],
  },
});

function from(forwardedFor: string | null) {
  return { headers: { "X-Forwarded-For": forwardedFor } };
}

test("an address of the list is answered, whichever proxies it came through", async (program) => {
  for (const address of ["192.0.2.7", "1.1.1.1, 192.0.2.255:50123, 127.0.0.9", "2001:db8::5"]) {
    const answer = await deliver(program, { target: "/inside", ...from(address) });
    assertEquals([answer.status, answer.text], [200, APPROVAL_ANSWER], address);
  }
  assertEquals((await deliver(program, { target: "/here" })).status, 200);
});

test("any other address gets the 401 of a wrong signature, to the byte", async (program) => {
  const id = { "X-Request-Id": "the-same" };
  const wrong = await deliver(program, { target: "/here", key: "wrong", headers: id });
  assertProblem(wrong, 401, "signature_mismatch");
  for (const address of [null, "203.0.113.9", "192.0.2.7, 203.0.113.9", "unknown"]) {
    const { headers } = from(address);
    const answer = await deliver(program, { target: "/inside", headers: { ...headers, ...id } });
    const { date: _, ...wanted } = wrong.headers;
    const { date: __, ...found } = answer.headers;
    assertEquals([answer.status, answer.text, found], [401, wrong.text, wanted], `${address}`);
  }
  await program.logged(/The address 203\.0\.113\.9 is not among the addresses/);
});

test("an endpoint for events has addresses too", async (program) => {
  const statusFrom = async (address: string) => {
    const { headers } = from(address);
    return (await deliver(program, { target: "/events", body: "[]", headers })).status;
  };
  assertEquals([await statusFrom("192.0.2.7"), await statusFrom("192.0.2.8")], [204, 401]);
});

test("beyond the rate comes a signed 429, and strangers do not use the rate up", async (program) => {
  const target = "/slowly";
  for (let count = 0; count < 5; count++) {
    assertEquals((await deliver(program, { target, key: "wrong" })).status, 401);
  }
  assertEquals((await deliver(program, { target })).status, 200);
  assertEquals((await deliver(program, { target })).status, 200);
  const answer = await deliver(program, { target });
  assertProblem(answer, 429, "too_many_requests");
  assertSigned(answer);
  assertMatch(answer.headers["retry-after"] ?? "", /^(?:1000|9\d\d)$/);
});
