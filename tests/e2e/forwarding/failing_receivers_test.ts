import { assertEquals } from "@std/assert";
import type { Behaviour } from "./bad_receiver.ts";
import { answer, sayAndHangUp } from "./behaviours.ts";
import { withScene } from "./scene.ts";

const EVENT = { order_id: "DEMO-1", text: "20.00" };
const NO_ANSWER = "Cannot reach HOST: it closed the connection without an answer";

/** Ways to fail, and how the journal tells each. */
const CASES: readonly (readonly [name: string, behaviour: Behaviour, error: string])[] = [
  ["bad-request", answer(400), "HOST answered 400"],
  ["server-error", answer(500), "HOST answered 500"],
  ["unavailable", answer(503), "HOST answered 503"],
  ["too-many", answer(429, "Retry-After: 0"), "HOST answered 429"],
  ["hangs-up", sayAndHangUp(""), NO_ANSWER],
  ["breaks-off-in-the-head", sayAndHangUp("HTTP/1.1 204 No Content\r\nX-Half: "), NO_ANSWER],
  [
    "breaks-off-in-the-body",
    sayAndHangUp("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nhalf"),
    "HOST answered 500",
  ],
];

Deno.test("a receiver that fails gets the event again, of the same id, until it takes it", async () => {
  const destinations = Object.fromEntries(CASES.map(([name]) => [name, {}]));
  await withScene(destinations, async ({ at, send, end }) => {
    for (const [name, behaviour] of CASES) at(name).misbehave(behaviour, behaviour);
    await Promise.all(CASES.map(([name]) => send(name, EVENT)));
    await Promise.all(CASES.map(([name]) => at(name).accepted(1)));
    const expected = CASES.map(([name, _, error]) => [name, [["delivered", error, error, "204"]]]);
    assertEquals(await end(), Object.fromEntries(expected));
    for (const [name] of CASES) {
      const asked = at(name).asked();
      assertEquals(asked.map(({ body }) => body), Array(3).fill(JSON.stringify(EVENT)));
      const ids = asked.map(({ head }) => /^webhook-id: (\S+)/im.exec(head)?.[1]);
      assertEquals([new Set(ids).size, ids.includes(undefined)], [1, false]);
    }
  });
});

Deno.test("what a receiver puts off, refuses for good or wants no more is kept", async () => {
  const destinations = { patient: {}, hopeless: { retrySeconds: [0.05, 0.05] }, gone: {} };
  await withScene(destinations, async ({ program, at, send, end }) => {
    at("patient").misbehave(answer(503, "Retry-After: 3600"));
    at("hopeless").misbehave(answer(500), answer(500), answer(500));
    at("gone").misbehave(answer(410));
    await Promise.all(Object.keys(destinations).map((name) => send(name, EVENT)));
    await program.logged(/is given up after/);
    await program.logged(/is disabled/);
    await program.logged(/answered 503/);
    // What comes in meanwhile joins what waits.
    const later = { ...EVENT, text: "30.00" };
    await Promise.all([send("patient", later), send("gone", later)]);
    const failed = "HOST answered 500";
    assertEquals(await end(), {
      patient: [["waiting", "HOST answered 503"], ["waiting"]],
      hopeless: [["failed", failed, failed, failed]],
      gone: [["waiting", "HOST answered 410"], ["waiting"]],
    });
    const asked = Object.keys(destinations).map((name) => at(name).asked().length);
    assertEquals(asked, [1, 3, 1]);
  });
});
