import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import type { Role } from "../../../lib/journal/console.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { delivery, event } from "../journal/samples.ts";
import { type ConsoleWorld, TOKENS, USERS, withConsole } from "./console_world.ts";

/** Reads the messages of a stream as they come. */
async function watch({ console }: ConsoleWorld, headers: Record<string, string>) {
  const request = new Request("http://127.0.0.1:8081/api/v1/live", { headers });
  const response = await console.answer(request, { remoteAddress: "127.0.0.1" });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("Content-Type"), "text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert(reader !== undefined);
  let text = "";
  return {
    /** The next message of this kind. */
    async next(kind: string) {
      const deadline = AbortSignal.timeout(10_000);
      for (;;) {
        const found = new RegExp(`event: ${kind}\ndata: (.*)\n\n`).exec(text);
        if (found !== null) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1] ?? "");
        }
        if (deadline.aborted) throw new Error(`Nothing of the kind ${kind} came in 10 seconds`);
        const { value, done } = await reader.read();
        if (done) throw new Error(`The stream ended before ${kind} came`);
        text += value;
      }
    },
    ended: async () => {
      for (;;) if ((await reader.read()).done) return true;
    },
    close: () => reader.cancel(),
  };
}

Deno.test("who watches is told of deliveries and events as they come, each by the role", () =>
  withConsole(async (world) => {
    const { journal } = world;
    await journal.record(delivery({ receivedAt: Date.now(), requestId: "before" }));
    const operator = await watch(world, { Authorization: `Bearer ${TOKENS.operator}` });
    const viewer = await watch(world, { Authorization: `Bearer ${TOKENS.viewer}` });
    await operator.next("counts");
    const parts = { receivedAt: Date.now(), requestId: "after", remoteAddress: "203.0.113.9" };
    await journal.record(delivery(parts), { events: [event({ subject: "customer/7" })] });
    const told = await operator.next("deliveries");
    // deno-lint-ignore no-explicit-any -- read of JSON
    assertEquals(told.deliveries.map((one: any) => [one.requestId, one.remoteAddress]), [
      ["after", "203.0.113.9"],
    ]);
    assertEquals((await operator.next("events")).events[0].subject, "customer/7");
    assertEquals((await operator.next("counts")).waiting, 1);
    const seen = await viewer.next("deliveries");
    assertEquals(seen.deliveries[0].remoteAddress, "[hidden]");
    assertEquals((await viewer.next("events")).events[0].subject, "[hidden]");
    await operator.close();
    await viewer.close();
  }));

Deno.test("who was signed out is told so and watches no more", () =>
  withConsole(async (world) => {
    const cookie = await world.signIn("the operator");
    const watching = await watch(world, { Cookie: cookie });
    await world.change({ users: USERS.filter(({ role }) => role !== "operator") });
    assertEquals(await watching.next("end"), {});
    assertEquals(await watching.ended(), true);
  }));

Deno.test("who watches is let go when the server stops", () =>
  withConsole(async (world) => {
    const watching = await watch(world, { Authorization: `Bearer ${TOKENS.admin}` });
    world.console.stop();
    assertEquals(await watching.ended(), true);
  }));

Deno.test("who reads too slowly is cut off, and others are not", () =>
  withConsole(async (world) => {
    const { journal, console } = world;
    const headers = { Authorization: `Bearer ${TOKENS.operator}` };
    const request = new Request("http://127.0.0.1:8081/api/v1/live", { headers });
    const slow = (await console.answer(request, { remoteAddress: "127.0.0.1" })).body?.getReader();
    const quick = await watch(world, headers);
    await quick.next("counts");
    const text = "n".repeat(300);
    const decision = { subject: text, rule: text, outcome: { a: text }, tried: 1, failures: [] };
    const decisions = Array.from({ length: 10 }, () => decision);
    for (let told = 0; told < 60;) {
      const receivedAt = Date.now();
      const further = Array.from({ length: 20 }, () => delivery({ receivedAt, decisions }));
      await Promise.all(further.map((one) => journal.record(one)));
      told += (await quick.next("deliveries")).deliveries.length;
    }
    await assertRejects(
      async () => {
        while ((await slow?.read())?.done === false);
      },
      Error,
      "too slowly",
    );
    await quick.close();
  }));

Deno.test("who watches too much is refused without a line in the log", () =>
  withConsole(async (world) => {
    const told: LogRecord[] = [];
    const sinks = { told: (record: LogRecord) => void told.push(record) };
    const loggers = [["storehook"], ["logtape", "meta"]].map((category) => ({
      category,
      lowestLevel: "warning" as const,
      sinks: ["told" as const],
    }));
    const headers = { Authorization: `Bearer ${TOKENS.viewer}` };
    const all = await Promise.all(Array.from({ length: 32 }, () => watch(world, headers)));
    configureSync({ reset: true, sinks, loggers });
    try {
      assertEquals((await world.ask("/api/v1/live", { as: "viewer" })).status, 503);
    } finally {
      resetSync();
    }
    for (const one of all) await one.close();
    assertEquals(told, []);
  }));

Deno.test("no more than so many watch at a time, and nobody takes the place of all", () =>
  withConsole(async (world) => {
    const all = [];
    const statusOf = async (as: Role) =>
      (await world.ask("/api/v1/live", { as, method: "HEAD" })).status;
    for (const role of ["viewer", "operator"] as const) {
      const headers = { Authorization: `Bearer ${TOKENS[role]}` };
      for (let index = 0; index < 32; index++) all.push(await watch(world, headers));
      assertEquals(await statusOf(role), 503, role);
    }
    assertEquals(await statusOf("admin"), 503);
    for (const one of all) await one.close();
    // Whoever asks for the head alone watches nothing.
    for (let index = 0; index < 70; index++) {
      const head = await world.ask("/api/v1/live", { as: "viewer", method: "HEAD" });
      assertEquals([head.status, head.text], [200, ""]);
    }
  }));
