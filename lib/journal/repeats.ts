/**
 * The one rule for events that come again.
 *
 * A repeat is a repeat only while it can be a retry: within a window, and equal to the newest that
 * is known of its subject. A state that comes back (Hold, Shipping, Hold) is another event, though
 * it says what was said before. Where the sender gives an event an id, that id tells a retry,
 * whatever came in between; but an id that comes with other content is another event.
 *
 * What is not surely a retry is kept: an event that comes twice does less harm than one lost.
 */
import { log } from "../observe/log.ts";

/** How long a repeat can be a retry, unless a config says otherwise: retries span over 27 hours. */
export const REPEAT_WINDOW_MS = 48 * 3_600_000;

/** What an event with the id of another, but other content, is kept with. */
export const CONTRADICTION_WARNING =
  "the sender's id came before with other content: both events are kept";

/** An event that comes, as far as the rule is concerned. */
export interface ComingEvent {
  readonly subject: string;
  /** The sender's own id, or a hash of the content. */
  readonly key: string;
  /** A hash of the content, where `key` is the sender's own. */
  readonly content?: string | undefined;
}

/** An event that came before to the same endpoint. */
export interface KnownEvent {
  /** Its id in the journal. */
  readonly id: string;
  /** `null` when a person was erased from it: it is equal to nothing then. */
  readonly key: string | null;
  /** A hash of the content, where `key` is the sender's own; `""` when it was never known. */
  readonly content: string | null;
  /** In milliseconds since the epoch: when it was kept, not when it came again. */
  readonly receivedAt: number;
  /** The delivery that brought it last. */
  readonly deliveryId: string;
}

/** Finds events that came before to the same endpoint. */
export interface KnownEvents<Known extends KnownEvent> {
  /**
   * Those of a subject, newest first, no more than `most`. Where none is known, one of an unknown
   * subject with the key may take their place.
   */
  readonly newestOf: (subject: string, key: string, most: number) => Iterable<Known>;
  /** Those with this key, as far as it is the sender's own. */
  readonly withKey: (key: string) => Iterable<Known>;
}

/** What the rule says of an event. */
export type Verdict<Known extends KnownEvent> =
  | { readonly kind: "new"; readonly contradicts: boolean }
  | { readonly kind: "repeat"; readonly of: Known }
  /** It repeats another of its delivery, by its position. */
  | { readonly kind: "repeat within"; readonly of: number };

/**
 * Tells which events of a delivery are repeats.
 *
 * A delivery that is sent again brings all that it brought. So the events of one subject are
 * compared together: as far as they begin as the newest delivery ended that brought something of
 * the subject, they are repeats.
 *
 * @param events The events of the delivery, in order.
 * @param receivedAt When it came, in milliseconds since the epoch.
 * @param windowMs How long a repeat can be a retry; with 0 none is.
 * @param known Finds what came before.
 * @returns A verdict for each event.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const nothing = { newestOf: () => [], withKey: () => [] };
 * const batch = ["hold", "shipping", "hold", "hold"].map((key) => ({ subject: "order/1", key }));
 * assertEquals(judgeRepeats(batch, 0, 1000, nothing).map(({ kind }) => kind), [
 *   "new",
 *   "new",
 *   "new",
 *   "repeat within",
 * ]);
 * ```
 */
export function judgeRepeats<Known extends KnownEvent>(
  events: readonly ComingEvent[],
  receivedAt: number,
  windowMs: number,
  known: KnownEvents<Known>,
): readonly Verdict<Known>[] {
  const verdicts: Verdict<Known>[] = events.map(() => ({ kind: "new", contradicts: false }));
  // A clock that was set back is no reason to take what is new for a retry.
  const canBeRetried = (one: KnownEvent) => Math.abs(receivedAt - one.receivedAt) < windowMs;
  const bySubject = new Map<string, number[]>();
  const byKey = new Map<string, number[]>();
  for (const [index, event] of events.entries()) {
    if (event.content === undefined) {
      append(bySubject, event.subject, index);
      continue;
    }
    const earlier = byKey.get(event.key) ?? [];
    const same = earlier.find((one) => events[one]?.content === event.content);
    verdicts[index] = same !== undefined && windowMs > 0
      ? { kind: "repeat within", of: same }
      : judgeById(event, earlier.length > 0, canBeRetried, known);
    append(byKey, event.key, index);
  }
  for (const [subject, indices] of bySubject) {
    const distinct: { readonly index: number; readonly key: string }[] = [];
    for (const index of indices) {
      const { key = "" } = events[index] ?? {};
      const before = distinct.at(-1);
      if (before?.key !== key || windowMs === 0) distinct.push({ index, key });
      else verdicts[index] = { kind: "repeat within", of: before.index };
    }
    const keys = distinct.map(({ key }) => key);
    const repeated = repeatedStart(keys, newestDelivery(subject, keys, canBeRetried, known));
    for (const [position, of] of repeated.entries()) {
      verdicts[distinct[position]?.index ?? 0] = { kind: "repeat", of };
    }
  }
  return verdicts;
}

/**
 * Tells the log of events that are kept though the sender's id was known.
 *
 * @param endpoint The endpoint's path.
 * @param ids The ids of the events in the journal.
 */
export function warnOfContradictions(endpoint: string, ids: readonly string[]): void {
  for (const event of ids) {
    log.warn(
      "Event {event} to {endpoint} has the sender's id of another one and other content: " +
        "both are kept",
      { event, endpoint },
    );
  }
}

function judgeById<Known extends KnownEvent>(
  { key, content }: ComingEvent,
  isKnown: boolean,
  canBeRetried: (one: KnownEvent) => boolean,
  known: KnownEvents<Known>,
): Verdict<Known> {
  let contradicts = isKnown;
  for (const one of known.withKey(key)) {
    if (!canBeRetried(one)) continue;
    if (one.content === content || one.content === "") return { kind: "repeat", of: one };
    contradicts = true;
  }
  return { kind: "new", contradicts };
}

/** What the newest delivery brought of a subject, oldest first: no more than as many as come. */
function newestDelivery<Known extends KnownEvent>(
  subject: string,
  keys: readonly string[],
  canBeRetried: (one: KnownEvent) => boolean,
  known: KnownEvents<Known>,
): readonly Known[] {
  const newest: Known[] = [];
  for (const one of known.newestOf(subject, keys[0] ?? "", keys.length)) {
    const isOfIt = newest[0] === undefined || newest[0].deliveryId === one.deliveryId;
    if (!isOfIt || !canBeRetried(one)) break;
    newest.push(one);
  }
  return newest.reverse();
}

/**
 * Finds the longest start of what comes that is the end of what came: as Knuth, Morris and Pratt
 * find a word in a text, so that ten thousand events of one subject cost no more than that.
 */
function repeatedStart<Known extends KnownEvent>(
  coming: readonly string[],
  came: readonly Known[],
): readonly Known[] {
  const shorter = [0];
  for (let at = 1, length = 0; at < coming.length; at++) {
    while (length > 0 && coming[at] !== coming[length]) length = shorter[length - 1] ?? 0;
    if (coming[at] === coming[length]) length++;
    shorter.push(length);
  }
  let length = 0;
  for (const { key } of came) {
    while (length > 0 && (length === coming.length || key !== coming[length])) {
      length = shorter[length - 1] ?? 0;
    }
    if (key === coming[length]) length++;
  }
  return length === 0 ? [] : came.slice(-length);
}

function append(lists: Map<string, number[]>, name: string, index: number): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [index]);
  else list.push(index);
}
