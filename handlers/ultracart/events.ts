import * as z from "zod";
import { withPathToken } from "../../lib/auth/passwords.ts";
import {
  type JsonMember,
  parseExactJson,
  sliceElements,
  sliceMembers,
} from "../../lib/util/json_text.ts";
import { inPieces, mapInPieces, type Steps } from "../../lib/util/waiting.ts";
import { basicAuth, basicHeaders, noAuth, openAuth } from "../event_auth.ts";
import { defineHandler, type Sender } from "../handler.ts";
import { ShapeError } from "../../lib/rules/cel/evaluation.ts";
import { canonicalJson } from "../../lib/util/sorted_json.ts";
import { eventKey, readEventId, type ReceivedEvent } from "../../lib/events/event.ts";
import { describeMismatches } from "../../lib/events/mismatches.ts";
import { MAX_EVENTS, readUltraCartBody } from "./read_body.ts";
import { ORDER_CREATE_JSON } from "./order_sample.ts";
import { EVENT_NAMES, kindOf, occurredAt } from "./kinds.ts";

const USERNAME = "ultracart";

/** Sends as UltraCart does: HTTP Basic, and nothing that tells one delivery from another. */
const ultraCartSender: Sender = {
  key: "the user name and the password, user:password",
  status: 204,
  prepare: ({ url, key }) => ({
    url,
    headers: { "Content-Type": "application/json", ...basicHeaders(key) },
  }),
  newKey: () => `${USERNAME}:${crypto.randomUUID()}`,
  settings(key) {
    const colon = key.indexOf(":");
    const [username, password] = [key.slice(0, colon), key.slice(colon + 1)];
    return { auth: { type: "basic", username, password } };
  },
};

const MEBIBYTE = 1_048_576;

const packed = z.string().regex(/^\s*H4sI/).meta({
  description: "The same, packed: gzip in Base64.",
});
const listed = z.array(
  z.record(z.string(), z.unknown()).meta({ description: "Events by their names." }),
);

const settings = z.strictObject({
  auth: z.discriminatedUnion("type", [basicAuth, noAuth]).meta({
    description: "UltraCart knows HTTP Basic; `none` only when it is said in so many words.",
  }),
  pathToken: z.string().regex(/^[\w-]{16,}$/, "wanted at least 16 letters, digits, - or _")
    .optional().meta({
      description:
        "A secret last segment of the URL: /ultracart/TOKEN. Without it nobody is let in.",
    }),
  maxEvents: z.int().min(1).max(1_000_000).default(MAX_EVENTS).meta({
    description: "How many events a delivery may hold. One with more is answered with 413.",
  }),
  maxInflatedBytes: z.int().min(1).default(32 * MEBIBYTE).meta({
    description: "How large compressed events may get, in bytes.",
  }),
});

/** The events of an UltraCart merchant. */
export const ultraCartEventsHandler = defineHandler({
  kind: "ultracart.events",
  summary: "takes in the events of UltraCart",
  settings,
  hasEvents: true,
  isKnownType: (type) => EVENT_NAMES.has(type),
  sample: {
    request: parseExactJson(ORDER_CREATE_JSON),
    check: () => "wanted no body",
    sender: ultraCartSender,
  },
  wire: {
    request: z.union([listed, z.looseObject({ events: z.union([listed, packed]) }), packed]).meta({
      description: "Events in order. The whole body may be packed by gzip, too.",
    }),
    below: { name: "token", description: "The endpoint's pathToken, a secret.", needed: true },
  },
  async open({ auth, pathToken, maxInflatedBytes, maxEvents }, context) {
    const opened = await openAuth(auth, context);
    return {
      auth: pathToken === undefined ? opened : withPathToken(opened, context.path, pathToken),
      rules: [],
      ingestion: {
        below: pathToken !== undefined,
        json: false,
      },
      async answer({ body, headers }) {
        const json = await readUltraCartBody(body, headers, { maxInflatedBytes, maxEvents });
        const events = await mapInPieces(
          await inPieces(sliceUltraCartEvents(json)),
          readUltraCartEvent,
        );
        return { result: null, decisions: [], events };
      },
    };
  },
});

const LONGEST_EXCERPT = 60;

/** Elements that are cut between two times that others may have their turn: to ask takes time. */
const ELEMENTS_A_STEP = 64;

const encoder = new TextEncoder();

/**
 * Cuts the events of a delivery out of it, in order, so that they can be read one by one. Both shapes
 * of body are read, `[…]` and `{"events": […]}`, and an element may hold several events.
 *
 * @param json Valid JSON, as `readUltraCartBody` returns it.
 * @returns The events by their names; none when the list is empty.
 * @throws {ShapeError} When the body is no list, an element no object, or no element holds an event.
 */
export function* sliceUltraCartEvents(json: string): Steps<readonly JsonMember[]> {
  const { text, path } = listOf(json);
  const elements = sliceElements(text);
  if (elements === undefined) throw new ShapeError(path, excerpt(text), "list");
  const events: JsonMember[] = [];
  for (const [index, element] of elements.entries()) {
    if (index % ELEMENTS_A_STEP === 0) yield;
    const members = sliceMembers(element);
    if (members === undefined) {
      throw new ShapeError(`${path}[${index}]`, excerpt(element), "object");
    }
    for (const member of members) events.push(member);
  }
  // Only an empty list says that there are none.
  const [first] = elements;
  if (first !== undefined && events.length === 0) {
    throw new ShapeError(`${path}[0]`, excerpt(first), "object");
  }
  return events;
}

/** The list of events, and where it stands. */
function listOf(json: string): { readonly text: string; readonly path: string } {
  const members = sliceMembers(json);
  if (members === undefined) return { text: json, path: "body" };
  const events = members.findLast(({ name }) => name === "events");
  if (events === undefined) throw new ShapeError("events", "nothing", "list");
  return { text: events.text, path: "events" };
}

/**
 * Reads an event. What it carries is never refused: what does not fit becomes a warning.
 *
 * @param member Its name and its object.
 * @returns The event.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atOnce } from "../../lib/util/waiting.ts";
 *
 * const json = '[{"order_create": {"order_id": "DEMO-1", "items": [{"quantity": "2"}]}}]';
 * const [event] = atOnce(sliceUltraCartEvents(json)).map(readUltraCartEvent);
 * assertEquals(event?.type, "order_create");
 * assertEquals(event?.subject, "order/DEMO-1");
 * assertEquals(event?.warnings, ['items[0].quantity: found "2", wanted a number']);
 * ```
 */
export function readUltraCartEvent({ name, text }: JsonMember): ReceivedEvent {
  const object: unknown = JSON.parse(text);
  const { word, id: field, schema } = kindOf(name);
  const id = readEventId(object, field, text);
  const unknown = EVENT_NAMES.has(name) ? [] : ["the event's name is not known"];
  return {
    source: "ultracart",
    type: name.toWellFormed(),
    candidates: [],
    subject: id === "" ? "" : `${word}/${id}`,
    key: eventKey([name, id, canonicalJson(text)]),
    occurredAt: occurredAt(name, object),
    warnings: [...unknown, ...describeMismatches(schema, object)],
    payload: encoder.encode(text),
  };
}

function excerpt(json: string): string {
  return json.length > LONGEST_EXCERPT ? `${json.slice(0, LONGEST_EXCERPT)}…` : json;
}
