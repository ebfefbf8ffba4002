import { assertEquals } from "@std/assert";
import type { Asked } from "./bad_receiver.ts";
import { answer, sayAndHangUp } from "./behaviours.ts";
import { type SentEvent, withScene } from "./scene.ts";

const SUBJECTS = ["DEMO-1", "DEMO-2", "DEMO-3"];
const ROUNDS = ["1", "2", "3", "4", "5", "6"];
const EVENTS: readonly SentEvent[] = ROUNDS.flatMap((text) =>
  SUBJECTS.map((order_id) => ({ order_id, text }))
);

/** Who got what, in the order in which it came. */
function textsBySubject(asked: readonly Asked[]): Readonly<Record<string, readonly string[]>> {
  const events = asked.map(({ body }): SentEvent => JSON.parse(body));
  return Object.fromEntries(SUBJECTS.map((subject) => [
    subject,
    events.filter(({ order_id }) => order_id === subject).map(({ text }) => text),
  ]));
}

const IN_ORDER = Object.fromEntries(SUBJECTS.map((subject) => [subject, ROUNDS]));

Deno.test("a receiver that was away gets everything once, in order where that was asked for", async () => {
  const destinations = { ordered: { ordered: true }, fast: { concurrency: 16 } };
  await withScene(destinations, async ({ program, at, send, end }) => {
    at("ordered").leave();
    at("fast").leave();
    // Some in one delivery, some in deliveries of their own.
    for (const name of ["ordered", "fast"]) await send(name, ...EVENTS.slice(0, 9));
    for (const event of EVENTS.slice(9)) {
      await Promise.all([send("ordered", event), send("fast", event)]);
    }
    await program.logged(/refuses the connection.+"destination":"ordered"/);
    await program.logged(/refuses the connection.+"destination":"fast"/);
    at("ordered").comeBack();
    at("fast").comeBack();
    const [ordered, fast] = await Promise.all([
      at("ordered").accepted(EVENTS.length),
      at("fast").accepted(EVENTS.length),
    ]);
    const ends = await end();
    assertEquals(Object.values(ends).flat().map(([state]) => state), Array(36).fill("delivered"));
    assertEquals([ordered.length, fast.length], [EVENTS.length, EVENTS.length]);
    assertEquals(textsBySubject(ordered), IN_ORDER);
    const bodies = (events: readonly string[]) => events.toSorted();
    assertEquals(
      bodies(fast.map(({ body }) => body)),
      bodies(EVENTS.map((event) => JSON.stringify(event))),
    );
  });
});

Deno.test("an ordered destination holds back what follows a failed event, and nothing else", async () => {
  await withScene({ ordered: { ordered: true, concurrency: 8 } }, async ({ at, send, end }) => {
    const failures = [answer(500), sayAndHangUp(""), answer(404)];
    at("ordered").misbehave(...failures, ...failures, ...failures);
    await send("ordered", ...EVENTS);
    const accepted = await at("ordered").accepted(EVENTS.length);
    await end();
    assertEquals(textsBySubject(accepted), IN_ORDER);
    // Nobody was overtaken, not even by what was tried in vain.
    const rounds = textsBySubject(at("ordered").asked());
    for (const texts of Object.values(rounds)) assertEquals(texts, texts.toSorted());
  });
});
