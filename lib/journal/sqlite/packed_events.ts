/** The events of a delivery on their way to another thread, in few values: each by itself would hold up
 * everybody else while thousands are copied. */
import { inPieces, type Steps } from "../../util/waiting.ts";
import type { EncodedEvent } from "./events.ts";

/** Events in few values. */
export interface PackedEvents {
  /** All but their payloads, some dozens in each text, as JSON. */
  readonly texts: readonly string[];
  /** Their payloads, one after another. */
  readonly payloads: Uint8Array<ArrayBuffer>;
  readonly payloadBytes: readonly number[];
}

/** Not so many that one text is large for a parser, and enough that few are to be copied. */
const EVENTS_IN_TEXT = 64;
/** What is fewer is copied as it is. */
export const LEAST_PACKED = 16;

/** The events of a delivery, packed or as they are. */
export type ManyEvents = readonly EncodedEvent[] | PackedEvents;

/**
 * Packs events, in pieces between which others get their turn.
 *
 * @param events The events.
 * @returns They; as they are where they are few.
 */
export async function packEvents(events: readonly EncodedEvent[]): Promise<ManyEvents> {
  return events.length < LEAST_PACKED ? events : await inPieces(pack(events));
}

function* pack(events: readonly EncodedEvent[]): Steps<PackedEvents> {
  const payloadBytes = events.map(({ payload }) => payload.byteLength);
  const payloads = new Uint8Array(payloadBytes.reduce((sum, bytes) => sum + bytes, 0));
  const texts: string[] = [];
  let end = 0;
  for (let from = 0; from < events.length; from += EVENTS_IN_TEXT) {
    const some = events.slice(from, from + EVENTS_IN_TEXT);
    for (const { payload } of some) {
      payloads.set(payload, end);
      end += payload.byteLength;
    }
    texts.push(JSON.stringify(some.map(({ payload: _payload, ...rest }) => rest)));
    yield;
  }
  return { texts, payloads, payloadBytes };
}

/**
 * Unpacks events.
 *
 * @param packed What was packed.
 * @returns The events.
 */
export function unpackEvents(packed: ManyEvents): readonly EncodedEvent[] {
  if (!("texts" in packed)) return packed;
  const { texts, payloads, payloadBytes } = packed;
  let end = 0;
  return texts.flatMap((text): readonly Omit<EncodedEvent, "payload">[] => JSON.parse(text))
    .map((event, index) => {
      const start = end;
      end += payloadBytes[index] ?? 0;
      return { ...event, payload: payloads.subarray(start, end) };
    });
}
