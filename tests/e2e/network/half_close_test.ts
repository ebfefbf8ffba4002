import { assert, assertEquals } from "@std/assert";
import { APPROVAL_ANSWER, headOf, KEY, requestOf } from "../delivery.ts";
import { shareProgram } from "../program.ts";
import { connect } from "../raw_http.ts";

const target = "/approve";
const key = "a-key-of-my-own";

function configOf(hostname: string): object {
  const approval = { kind: "ustore.order-approval", signatureKeys: [KEY] };
  return {
    server: { hostname, publicUrl: "http://localhost" },
    endpoints: [{ path: target, ...approval, otherwise: { customConfig: true } }],
  };
}

// The key of a test is the one that is refused beyond loopback.
const env = { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: key };
const gated = shareProgram({ config: configOf("0.0.0.0"), env });
const direct = shareProgram({ config: configOf("127.0.0.1"), env });

gated(
  "beyond loopback, a request that is followed at once by a half-close is answered",
  async (program) => {
    const clients = Array.from({ length: 20 }, async () => {
      using connection = await connect(program);
      await connection.send(requestOf({ target, key }));
      await connection.closeWrite();
      const { status, text } = await connection.response();
      assertEquals([status, text], [200, APPROVAL_ANSWER]);
      assertEquals(await connection.rest(), "");
    });
    await Promise.all(clients);
  },
);

gated(
  "beyond loopback, all of several requests are answered before a half-close ends it",
  async (program) => {
    using connection = await connect(program);
    await connection.send(...[1, 2, 3].map(() => requestOf({ target, key })));
    await connection.closeWrite();
    for (let count = 0; count < 3; count++) {
      assertEquals((await connection.response()).status, 200);
    }
    assertEquals(await connection.rest(), "");
  },
);

gated("beyond loopback, a half-close in the midst of a body ends it soon", async (program) => {
  using connection = await connect(program);
  const startedAt = performance.now();
  await connection.send(headOf({ target, key }), "{");
  await connection.closeWrite();
  await connection.rest();
  assert(performance.now() - startedAt < 5000);
});

direct(
  "on loopback, where the runtime listens, a half-close may cost the answer, and nothing else",
  async (program) => {
    for (let count = 0; count < 5; count++) {
      using connection = await connect(program);
      await connection.send(requestOf({ target, key }));
      await connection.closeWrite();
      assert(/^(?:$|HTTP\/1\.1 (?:200|408) )/.test(await connection.rest()));
    }
    using connection = await connect(program);
    await connection.send(requestOf({ target, key }));
    assertEquals((await connection.response()).status, 200);
  },
);
