import { assert } from "@std/assert";
import {
  readUltraCartEvent,
  sliceUltraCartEvents,
} from "../../../handlers/ultracart/read_events.ts";
import { atOnce } from "../../../lib/util/waiting.ts";
import type { ReceivedEvent } from "../../../lib/events/event.ts";

/** The text of an event's payload. */
export function textOf({ payload }: ReceivedEvent): string {
  return new TextDecoder().decode(payload);
}

/** The events of a delivery, in order. */
export function readAll(json: string): readonly ReceivedEvent[] {
  return atOnce(sliceUltraCartEvents(json)).map(readUltraCartEvent);
}

/** The one event of this name with this object. */
export function readOne(name: string, object: string): ReceivedEvent {
  const [event, ...others] = readAll(`[{${JSON.stringify(name)}:${object}}]`);
  assert(event !== undefined && others.length === 0);
  return event;
}
