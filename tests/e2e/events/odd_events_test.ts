/** Events with texts and times that few senders write, from the socket to what people look at. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startProgram, temporaryFolder } from "../program.ts";
import { startReceiver } from "../receiver.ts";
import { prepare } from "./prepare.ts";

const auth = { type: "none" };
const forward = ["erp"];

Deno.test("control characters and odd times of events reach the journal, the commands and receivers", async () => {
  await using folder = await temporaryFolder();
  await using receiver = startReceiver();
  const { options, run } = await prepare(folder.path, {
    endpoints: [
      { path: "/any", kind: "events", auth, forward },
      { path: "/uc", kind: "ultracart.events", auth, forward },
    ],
    destinations: { erp: { type: "http", url: receiver.url, ordered: true } },
  });
  await using program = await startProgram(options);
  const bodies: readonly (readonly [path: string, body: string])[] = [
    ["/any", String.raw`{"type":"a\u0000b","data":1}`],
    ["/any", String.raw`{"type":"x\u001b[2J\r\ny","timestamp":"2026-11-28T12:00:00+0000"}`],
    ["/any", String.raw`{"type":"lone \ud800","timestamp":"2026-11-28 13:00:00,5+01"}`],
    ["/uc", String.raw`[{"order_ship":{"order_id":"a\u0000b"}}]`],
    ["/uc", String.raw`[{"order_update":{"order_id":"a\u0000b"}}]`],
  ];
  for (const [path, body] of bodies) {
    const headers = { "Content-Type": "application/json" };
    const { status } = await fetch(program.url + path, { method: "POST", headers, body });
    assertEquals([status, body], [204, body]);
  }
  const received = await receiver.received(bodies.length);
  assertEquals(
    received.map(({ headers }) => headers.get("storehook-event-type")).toSorted(),
    ["a%00b", "lone%20%EF%BF%BD", "order_ship", "order_update", "x%1B[2J%0D%0Ay"],
  );
  const events = (await run("events", "list", "--json")).trim().split("\n")
    .map((line) => JSON.parse(line)).reverse();
  assertEquals(events.map(({ type, subject }) => [type, subject]), [
    ["a\0b", ""],
    ["x\u001b[2J\r\ny", ""],
    ["lone \ufffd", ""],
    ["order_ship", "order/a\0b"],
    ["order_update", "order/a\0b"],
  ]);
  assertEquals(events.map(({ occurredAt }) => occurredAt), [
    null,
    "2026-11-28T12:00:00.000Z",
    "2026-11-28T12:00:00.500Z",
    null,
    null,
  ]);
  assertStringIncludes(await run("events", "list"), String.raw`a\u0000b`);
  const csv = await run("events", "export", "--format", "csv");
  assertEquals(csv.trim().split("\n").length > bodies.length, true);
});
