import { assert, assertEquals } from "@std/assert";
import type { Behaviour } from "./bad_receiver.ts";
import { drip, flood, stall } from "./behaviours.ts";
import { withScene } from "./scene.ts";

const EVENT = { order_id: "DEMO-1", text: "20.00" };
const TIMEOUT_MS = 500;

/** Ways never to come to an answer. */
const CASES: Readonly<Record<string, Behaviour>> = {
  "says-nothing": stall,
  "drips-a-head": drip("HTTP/1.1 200 OK\r\n", "X: 1\r\n"),
  "drips-one-header": drip("HTTP/1.1 200 OK\r\nX: ", "x"),
  "is-about-to-begin": drip("", "HTTP/1.1 102 Processing\r\n\r\n"),
};

Deno.test("a receiver that stalls is given up after its time, and gets the event again", async () => {
  const names = Object.keys(CASES);
  const destinations = Object.fromEntries(names.map((name) => [name, { timeoutMs: TIMEOUT_MS }]));
  await withScene(destinations, async ({ at, send, end }) => {
    for (const [name, behaviour] of Object.entries(CASES)) at(name).misbehave(behaviour);
    await Promise.all(names.map((name) => send(name, EVENT)));
    await Promise.all(names.map((name) => at(name).accepted(1)));
    for (const [name, outcomes] of Object.entries(await end())) {
      const [[state, ...attempts] = [], ...others] = outcomes;
      assertEquals([state, others.length], ["delivered", 0]);
      // On a machine that is busy, an answer that was given may come too late as well.
      const stalled = attempts.slice(0, -1);
      assert(stalled.length > 0, `${name}: no attempt failed`);
      assertEquals(new Set(stalled), new Set([`HOST gave no answer within ${TIMEOUT_MS} ms`]));
    }
  });
});

Deno.test("an endless head is not read for ever, and one that stalls holds up no other", async () => {
  const patient = { timeoutMs: 600_000, concurrency: 2 };
  await withScene({ patient, endless: patient }, async ({ program, at, send, end }) => {
    const written = Promise.withResolvers<number>();
    at("endless").misbehave(flood("HTTP/1.1 200 OK\r\nX: ", written.resolve));
    at("patient").misbehave(stall);
    await Promise.all([send("endless", EVENT), send("patient", EVENT)]);
    await at("patient").askedFor(1);
    await send("patient", { ...EVENT, text: "30.00" }, { ...EVENT, text: "40.00" });
    await at("patient").accepted(2);
    assert(await written.promise < 67_108_864, "the head was read on and on");
    await at("endless").accepted(1);
    at("patient").leave();
    await program.logged(/closed the connection without an answer/);
    const { endless } = await end();
    assertEquals(endless, [[
      "delivered",
      "Cannot reach HOST: the head of its answer is too large",
      "204",
    ]]);
  });
});
