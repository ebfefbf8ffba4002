/** Reads the events of UltraCart; loaded by servers that have an endpoint for them. */
import { eventKey, readEventId, type ReceivedEvent } from "../../lib/events/event.ts";
import { describeMismatches } from "../../lib/events/mismatches.ts";
import { ShapeError } from "../../lib/rules/cel/evaluation.ts";
import { type JsonMember, sliceElements, sliceMembers } from "../../lib/util/json_text.ts";
import { canonicalJson } from "../../lib/util/sorted_json.ts";
import type { Steps } from "../../lib/util/waiting.ts";
import { EVENT_NAMES, occurredAt } from "./event_names.ts";
import { kindOf } from "./kinds.ts";

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
