import { assertEquals } from "@std/assert";
import type { AttemptResult } from "../../../lib/forward/attempt.ts";
import { RETRY_DELAYS_MS } from "../../../lib/forward/retry_policy.ts";
import { createHttpDestination } from "../../../lib/forward/http_destination.ts";
import { httpSettings } from "../../../lib/forward/settings.ts";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";
import { turns, withForwarding } from "./forwarding.ts";
import { createQueue } from "./queue.ts";
import { OWNER } from "./outbox_harness.ts";
import { withReceiver } from "./receiver.ts";
import { memoryOutbox } from "./memory_outbox.ts";
import {
  answered,
  DELIVERED,
  destinationOf,
  forwardOf,
  NOW,
  storedEvent,
  toPut,
} from "./samples.ts";

const HOUR = 3_600_000;

function unavailable(): Promise<never> {
  return Promise.reject(new JournalUnavailable("Cannot use the journal: the disk is full"));
}

Deno.test("startForwarding() leaves a destination that says 410 alone until it is enabled", async () => {
  let status = 410;
  const answer = () => new Response(null, { status });
  await withReceiver(answer, async ({ url, host, requests }) => {
    const destination = createHttpDestination(httpSettings().parse({ type: "http", url }));
    await withForwarding(destination, async (scene) => {
      const { put, made, advance, outbox, state } = scene;
      const [first = ""] = put({});
      assertEquals((await made.next()).outcome, { state: "waiting", dueAt: NOW });
      assertEquals(state()?.disabled, { at: NOW, reason: "gone" });
      assertEquals(state()?.lastError, `${host} answered 410`);
      const [second = ""] = put({});
      await advance(24 * HOUR);
      assertEquals([first, second].map((id) => outbox.get(id)?.state), ["waiting", "waiting"]);
      assertEquals(requests.size, 1);

      status = 204;
      await outbox.enable("erp");
      await made.take(2);
      assertEquals([first, second].map((id) => outbox.get(id)?.state), ["delivered", "delivered"]);
      assertEquals([state()?.disabled, state()?.failuresInRow], [null, 0]);
    });
  });
});

Deno.test("startForwarding() disables a destination that fails for long, and fails no forward", async () => {
  let isUp = false;
  const destination = destinationOf(() => Promise.resolve(isUp ? DELIVERED : answered(500)));
  await withForwarding(destination, async (scene) => {
    const { put, made, advance, state, outbox } = scene;
    const ids = put({}, {}, {});
    for (const delay of RETRY_DELAYS_MS) {
      await made.take(3);
      assertEquals(state()?.disabled, null);
      await advance(delay);
    }
    await made.take(3);
    assertEquals(state()?.disabled?.reason, "failing");
    assertEquals(ids.map((id) => outbox.get(id)?.state), ["waiting", "waiting", "waiting"]);

    isUp = true;
    await advance(24 * HOUR);
    await outbox.enable("erp");
    await made.take(3);
    assertEquals(ids.filter((id) => outbox.get(id)?.state !== "delivered"), []);
  });
});

Deno.test("startForwarding() gives a destination the rest that it asks for", async () => {
  let status = 429;
  const answer = () => new Response(null, { status, headers: { "retry-after": "60" } });
  await withReceiver(answer, async ({ url, requests }) => {
    const destination = createHttpDestination(httpSettings().parse({ type: "http", url }));
    await withForwarding(destination, async ({ put, made, advance, state }) => {
      put({});
      const { attempt, outcome } = await made.next();
      assertEquals(outcome, { state: "waiting", dueAt: NOW + 60_000 });
      assertEquals([attempt.status, state()?.paused?.until], [429, NOW + 60_000]);
      status = 204;
      put({}, {});
      await advance(59_999);
      assertEquals(requests.size, 1);
      await advance(1);
      const more = await made.take(3);
      assertEquals(new Set(more.map(({ attempt }) => attempt.status)), new Set([204]));
    });
  });
});

Deno.test("startForwarding() holds back others for minutes at most, whatever one answer asks", async () => {
  const answers = [answered(429, "86400"), DELIVERED];
  const destination = destinationOf(() => Promise.resolve(answers.shift() ?? DELIVERED));
  await withForwarding(destination, async ({ put, made, advance, state, outbox }) => {
    const [first = ""] = put({});
    assertEquals((await made.next()).outcome, { state: "waiting", dueAt: NOW + 24 * HOUR });
    const pause = { at: NOW, until: NOW + 300_000, status: 429 };
    assertEquals(state()?.paused, pause);
    put({});
    await advance(299_999);
    assertEquals([made.size, await outbox.paused()], [0, new Map([["erp", pause]])]);
    await advance(1);
    assertEquals((await made.next()).outcome, { state: "delivered" });
    assertEquals([state()?.paused, await outbox.paused()], [null, new Map()]);
    assertEquals(outbox.get(first)?.dueAt, NOW + 24 * HOUR);
  });
});

Deno.test("startForwarding() goes on when the rest of a destination is ended by hand", async () => {
  const answers = [answered(503, "3600")];
  const destination = destinationOf(() => Promise.resolve(answers.shift() ?? DELIVERED));
  await withForwarding(destination, async ({ put, made, advance, state, outbox }) => {
    put({});
    await made.next();
    put({});
    await advance(1000);
    assertEquals([made.size, state()?.paused?.until], [0, NOW + 300_000]);
    await outbox.resume("erp");
    assertEquals((await made.next()).outcome, { state: "delivered" });
    assertEquals(state()?.paused, null);
  });
});

Deno.test("startForwarding() keeps a rest over a restart, and ends it with other settings", async () => {
  const outbox = memoryOutbox();
  await outbox.pause("erp", { at: NOW, until: NOW + 10 * HOUR, status: 429 });
  const destination = destinationOf(() => Promise.resolve(DELIVERED));
  await withForwarding(destination, async ({ put, made, state, forwarding }) => {
    outbox.put([toPut()]);
    put({});
    await turns(5);
    // No longer than this destination may rest.
    assertEquals([made.size, state()?.paused?.until], [0, NOW + 300_000]);
    forwarding.change(new Map([["erp", destinationOf(() => Promise.resolve(DELIVERED))]]));
    assertEquals((await made.next()).outcome, { state: "delivered" });
  }, { between: () => outbox });
});

Deno.test("startForwarding() makes due what a clock that was wrong put off", async () => {
  let now = NOW + 200 * 24 * HOUR;
  let monotonic = 0;
  let isUp = false;
  const destination = destinationOf(() => Promise.resolve(isUp ? DELIVERED : answered(500)));
  await withForwarding(destination, async ({ put, made, outbox, state }) => {
    const [id = ""] = put({ createdAt: NOW });
    await made.next();
    assertEquals(outbox.get(id)?.dueAt, now + 5000);
    // The clock is set right, two seconds later.
    now = NOW + 2000;
    monotonic += 2000;
    isUp = true;
    put({});
    const both = await made.take(2);
    assertEquals(both.map(({ outcome }) => outcome.state), ["delivered", "delivered"]);
    assertEquals(state()?.failingSince, null);
  }, { now: () => now, monotonic: () => monotonic });
});

Deno.test("startForwarding() makes due what waited when a clock that was an hour ahead is set right", async () => {
  let now = NOW + HOUR;
  let monotonic = 0;
  const begun = createQueue<PromiseWithResolvers<AttemptResult>>();
  const destination = destinationOf(() => {
    const attempt = Promise.withResolvers<AttemptResult>();
    begun.push(attempt);
    return attempt.promise;
  }, { concurrency: 1 });
  await withForwarding(destination, async ({ put, made }) => {
    const ids = put({ createdAt: now }, { createdAt: now }, { createdAt: now });
    const first = await begun.next();
    now = NOW;
    monotonic += 1;
    first.resolve(DELIVERED);
    for (let more = 1; more < ids.length; more++) (await begun.next()).resolve(DELIVERED);
    const all = await made.take(ids.length);
    assertEquals(all.map(({ forward }) => forward.id), ids);
  }, { now: () => now, monotonic: () => monotonic });
});

Deno.test("startForwarding() gives no destination up because the clock was set forward", async () => {
  let now = NOW;
  let monotonic = 0;
  const destination = destinationOf(() => Promise.resolve(answered(500)));
  await withForwarding(destination, async ({ put, made, state }) => {
    put(...Array.from({ length: 30 }, () => ({})));
    await made.take(30);
    now += 100 * 24 * HOUR;
    monotonic += 1000;
    put({});
    await made.take(31);
    assertEquals([state()?.disabled, state()?.failingSince], [null, NOW + 100 * 24 * HOUR - 1000]);
  }, { now: () => now, monotonic: () => monotonic });
});

Deno.test("startForwarding() makes all attempts of the schedule after a retry by hand", async () => {
  const outbox = memoryOutbox();
  const used = { ...forwardOf(storedEvent()), attempts: 13, attemptsBefore: 13 };
  const leased = [{ ...used, lease: { id: used.id, owner: OWNER, number: 1 } }];
  const destination = destinationOf(() => Promise.resolve(answered(500)));
  await withForwarding(destination, async ({ made }) => {
    outbox.put([]);
    assertEquals((await made.next()).outcome, { state: "waiting", dueAt: NOW + 5000 });
  }, {
    between: () => ({
      ...outbox,
      nextDueAt: () => Promise.resolve(leased.length === 0 ? null : NOW),
      lease: () => Promise.resolve(leased.splice(0)),
    }),
  });
});

Deno.test("startForwarding() delivers when a receiver that was away comes back", async () => {
  const answers = [500, 503, 404, 200];
  const answer = () => new Response(null, { status: answers.shift() ?? 500 });
  await withReceiver(answer, async ({ url, requests }) => {
    const destination = createHttpDestination(httpSettings().parse({ type: "http", url }));
    await withForwarding(destination, async ({ put, made, advance, outbox }) => {
      const [id = ""] = put({});
      for (const delay of [5000, 300_000, 1_800_000]) {
        await made.next();
        await advance(delay);
      }
      await made.next();
      const statuses = outbox.attemptsOf(id).map(({ status }) => status);
      assertEquals([outbox.get(id)?.state, statuses], ["delivered", [500, 503, 404, 200]]);
      const ids = (await requests.take(4)).map(({ headers }) => headers.get("webhook-id"));
      assertEquals(new Set(ids), new Set([outbox.get(id)?.event.id ?? null]));
    });
  });
});

Deno.test("startForwarding() goes on when the journal comes back", async () => {
  let refusals = 2;
  const destination = destinationOf(() => Promise.resolve(DELIVERED));
  await withForwarding(destination, async ({ put, made, outbox }) => {
    const [id = ""] = put({});
    await made.next();
    assertEquals([outbox.get(id)?.state, refusals], ["delivered", 0]);
    assertEquals(outbox.attemptsOf(id).length, 1);
  }, {
    between: (outbox) => ({
      ...outbox,
      lease: (options) => refusals === 2 && refusals-- ? unavailable() : outbox.lease(options),
      complete: (...args) =>
        refusals === 1 && refusals-- ? unavailable() : outbox.complete(...args),
    }),
  });
});
