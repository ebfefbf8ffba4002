import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { webhookEventsHandler } from "../../handlers/webhook_events.ts";
import type { ReceivedEvent } from "../../lib/events/event.ts";

const WARNING = "type: found nothing, wanted the type of the event";

/** What the endpoint makes of a body. */
async function read(body: string, headers: HeadersInit = {}, source?: string) {
  const mistakes: string[] = [];
  const settings = { auth: { type: "none" }, ...(source === undefined ? {} : { source }) };
  const { answer } = await webhookEventsHandler.open(settings, {
    path: "/hooks",
    publicUrl: "https://hooks.example",
    timeZone: "UTC",
    timeLimitMs: 250,
    report: (_at, message) => void mistakes.push(message),
    warn: (_at, message) => void mistakes.push(message),
    note: (_at, message) => void mistakes.push(message),
    vocabulary: (base) => base,
    service: () => undefined,
  });
  assertEquals(mistakes, []);
  const { result, events } = await answer({
    document: JSON.parse(body),
    requestId: "request-1",
    body: new TextEncoder().encode(body),
    headers: new Headers(headers),
    url: () => new URL("https://hooks.example/hooks"),
    exportOf: () => Promise.reject(new Error("Cannot export: nothing here is a list")),
    ask: () => Promise.reject(new Error("Cannot ask: nothing here is left to a service")),
  });
  assertEquals(result, null);
  const [event, ...others] = events ?? [];
  assert(event !== undefined);
  assertEquals(others, []);
  return event;
}

function headersOf(prefix: string, id: string): HeadersInit {
  return { [`${prefix}-id`]: id, [`${prefix}-timestamp`]: "1", [`${prefix}-signature`]: "v1,eA==" };
}

Deno.test("events reads what the standard recommends for a payload", async () => {
  const body = '\n { "type": "invoice.paid", "timestamp": "2026-01-01T00:00:00Z", "data": 1.0 }\n';
  const { payload, key, content, ...event } = await read(
    body,
    headersOf("webhook", "msg_1"),
    "billing",
  );
  assertEquals([new TextDecoder().decode(payload), key], [body.trim(), "msg_1"]);
  const expected: Omit<ReceivedEvent, "payload" | "key" | "content"> = {
    source: "billing",
    type: "invoice.paid",
    candidates: [],
    subject: "",
    occurredAt: Date.UTC(2026, 0, 1),
    warnings: [],
  };
  assertEquals(event, expected);
  const [again, without] = [await read(body, headersOf("svix", "msg_2")), await read(body)];
  assertEquals([again.key, again.content, without.content], ["msg_2", content, undefined]);
  assertEquals(without.key, content);
  assertEquals((await read(body)).source, "webhooks");
});

Deno.test("events keeps what has no type, with a warning", async () => {
  for (const body of ["{}", '{"type":5}', '{"type":null}', "[]", "null", '"text"', "1.50"]) {
    const { type, warnings, occurredAt, payload } = await read(body);
    assertEquals([type, warnings, occurredAt], ["", [WARNING], null], body);
    assertEquals(new TextDecoder().decode(payload), body);
  }
});

Deno.test("events tells messages without an id apart by what they say, however it is spelled", async () => {
  const { key } = await read('{"type":"a.b","data":1}');
  assertEquals((await read('{ "data": 1, "type": "a.\\u0062" }')).key, key);
  assertNotEquals((await read('{"type":"a.b","data":2}')).key, key);
});
