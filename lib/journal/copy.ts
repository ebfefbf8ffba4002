import type { Attempt } from "../forward/outbox.ts";
import { hash } from "../util/hash.ts";
import type { StoredDelivery } from "./delivery.ts";
import type { KeptEvent } from "./events.ts";
import type { ExportIdentity, ExportVersion } from "./export.ts";
import type { ForwardStatus, JournalOutbox } from "./forwards.ts";
import type { Journal } from "./journal.ts";

/** An event with what became of it. */
export interface CopiedEvent {
  readonly event: KeptEvent;
  readonly forwards: readonly CopiedForward[];
}

/** A forward with its attempts; a lease is not copied. */
export interface CopiedForward extends Omit<ForwardStatus, "leasedUntil" | "lastAttempt"> {
  readonly history: readonly Attempt[];
}

/** The export of one list with its versions. */
export interface CopiedExport extends ExportIdentity {
  readonly endpoint: string;
  readonly listKey: string;
  /** How many versions there have been; older ones may have been removed. */
  readonly counted: number;
  readonly versions: readonly (ExportVersion & { readonly list: Uint8Array<ArrayBuffer> })[];
}

/** One end of a copy. */
export interface CopyEnd {
  readonly journal: Pick<Journal, "each" | "list" | "events"> & {
    readonly outbox: Pick<JournalOutbox, "get">;
  };
  /** Gives the exports in the order of their tokens. */
  readonly exports: () => AsyncIterable<CopiedExport>;
  /** Puts what is copied in the place of what has the same ids; all of it or nothing. */
  readonly put: (parts: CopyParts) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What is put at once. */
export interface CopyParts {
  readonly deliveries?: readonly StoredDelivery[];
  readonly events?: readonly CopiedEvent[];
  readonly exports?: readonly CopiedExport[];
}

/** What one day holds. */
export interface DayContent {
  readonly deliveries: number;
  readonly events: number;
  /** A SHA-256 over all of it, in hex. */
  readonly checksum: string;
}

/** How one day fared. */
export interface CopiedDay {
  /** In UTC, e.g. `2026-07-14`. */
  readonly day: string;
  readonly source: DayContent;
  readonly target: DayContent;
  /** Whether the target had it already. */
  readonly wasThere: boolean;
  /**
   * How much the target has beside all that the source has, where it has all of that: what the source
   * has removed since it was copied, or what came to the target itself.
   */
  readonly beyond?: number;
}

/** What a copy came to. */
export interface CopyResult {
  readonly days: readonly CopiedDay[];
  readonly exports: number;
  /** Days of which the target lacks something: the source was written, or the target too. */
  readonly differing: readonly string[];
}

const DAY_MS = 24 * 3_600_000;
/** Rows that are put at once. */
const PUT_AT_ONCE = 100;

/**
 * Copies a journal day by day, oldest first, also while the source is written. A day of which both
 * ends hold the same is passed over, so that a copy that was stopped goes on where it stopped.
 *
 * @param source From where.
 * @param target To where.
 * @param onDay Hears of each day.
 * @returns What it came to.
 */
export async function copyJournal(
  source: CopyEnd,
  target: CopyEnd,
  onDay: (day: CopiedDay) => void = () => {},
): Promise<CopyResult> {
  // Before the rest: what a delivery exported is found from its first day on.
  const exports = await copyExports(source, target);
  const days: CopiedDay[] = [];
  const span = await spanOf(source);
  for (let at = span.from; at < span.until; at += DAY_MS) {
    const day = await copyDay(source, target, at);
    if (day === undefined) continue;
    days.push(day);
    onDay(day);
  }
  const differing = days.filter((day) =>
    day.source.checksum !== day.target.checksum && day.beyond === undefined
  ).map(({ day }) => day);
  return { days, exports, differing };
}

async function copyExports(source: CopyEnd, target: CopyEnd): Promise<number> {
  let copied = 0;
  for await (const one of source.exports()) {
    await target.put({ exports: [one] });
    copied++;
  }
  return copied;
}

/** The days on which something came, which begin at midnight in UTC. */
async function spanOf({ journal }: CopyEnd): Promise<{ from: number; until: number }> {
  const times: number[] = [];
  for await (const { receivedAt } of journal.each()) {
    times.push(receivedAt);
    break;
  }
  for await (const { receivedAt } of journal.events.each()) {
    times.push(receivedAt);
    break;
  }
  const [delivery] = (await journal.list({ limit: 1 })).deliveries;
  const [event] = (await journal.events.list({ limit: 1 })).events;
  const newest = Math.max(delivery?.receivedAt ?? -1, event?.receivedAt ?? -1);
  if (times.length === 0) return { from: 0, until: 0 };
  const first = Math.min(...times);
  return { from: first - (first % DAY_MS), until: newest + 1 };
}

async function copyDay(
  source: CopyEnd,
  target: CopyEnd,
  since: number,
): Promise<CopiedDay | undefined> {
  const span = { since, until: since + DAY_MS };
  const day = new Date(since).toISOString().slice(0, 10);
  const before = await contentOf(target, span);
  if (before.deliveries + before.events > 0) {
    const compared = await compare(source, target, span, await contentOf(source, span), before);
    if (isSame(compared)) return { day, ...compared, wasThere: true };
  }
  const copied = await contentOf(source, span, (parts) => target.put(parts));
  if (copied.deliveries + copied.events === 0) return undefined;
  const after = await contentOf(target, span);
  return { day, ...await compare(source, target, span, copied, after), wasThere: false };
}

type Compared = Pick<CopiedDay, "source" | "target" | "beyond">;

function isSame({ source, target, beyond }: Compared): boolean {
  return source.checksum === target.checksum || beyond !== undefined;
}

async function compare(
  source: CopyEnd,
  target: CopyEnd,
  span: Span,
  content: DayContent,
  held: DayContent,
): Promise<Compared> {
  const compared = { source: content, target: held };
  if (content.checksum === held.checksum) return compared;
  const beyond = await countBeyond(source, target, span);
  return { ...compared, ...(beyond === undefined ? {} : { beyond }) };
}

interface Span {
  readonly since: number;
  readonly until: number;
}

/** Reads all of a span, sums it up, and gives it to whoever puts it elsewhere. */
async function contentOf(
  { journal }: CopyEnd,
  span: Span,
  put: (parts: CopyParts) => Promise<void> = () => Promise.resolve(),
): Promise<DayContent> {
  let [deliveries, events, sum] = [0, 0, ""];
  for await (const group of grouped(journal.each(span))) {
    await put({ deliveries: group });
    for (const delivery of group) sum = hash("sha256", sum, textOfDelivery(delivery)).toHex();
    deliveries += group.length;
  }
  for await (const group of grouped(journal.events.each(span))) {
    const copied = await Promise.all(group.map((event) => withForwards(journal, event)));
    await put({ events: copied });
    for (const one of copied) sum = hash("sha256", sum, textOfEvent(one)).toHex();
    events += group.length;
  }
  return { deliveries, events, checksum: sum };
}

/** One of a span, with its place in the order in which both ends give them. */
interface Placed {
  readonly at: number;
  readonly id: string;
  readonly text: string;
}

async function* placedDeliveries({ journal }: CopyEnd, span: Span): AsyncGenerator<Placed> {
  for await (const one of journal.each(span)) {
    yield { at: one.receivedAt, id: one.id, text: textOfDelivery(one) };
  }
}

async function* placedEvents({ journal }: CopyEnd, span: Span): AsyncGenerator<Placed> {
  for await (const event of journal.events.each(span)) {
    const text = textOfEvent(await withForwards(journal, event));
    yield { at: event.receivedAt, id: event.id, text };
  }
}

/** How much the target has beside what the source has; `undefined` where it lacks some of that. */
async function countBeyond(
  source: CopyEnd,
  target: CopyEnd,
  span: Span,
): Promise<number | undefined> {
  let beyond = 0;
  for (const placed of [placedDeliveries, placedEvents]) {
    const held = placed(target, span);
    try {
      let next = await held.next();
      for await (const { at, id, text } of placed(source, span)) {
        while (next.done !== true && isBefore(next.value, at, id)) {
          beyond++;
          next = await held.next();
        }
        if (next.done === true || next.value.text !== text) return undefined;
        next = await held.next();
      }
      for (; next.done !== true; next = await held.next()) beyond++;
    } finally {
      await held.return(undefined);
    }
  }
  return beyond;
}

function isBefore(one: Placed, at: number, id: string): boolean {
  return one.at < at || (one.at === at && one.id < id);
}

async function* grouped<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const item of items) {
    if (group.push(item) < PUT_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function withForwards(
  { events, outbox }: CopyEnd["journal"],
  event: KeptEvent,
): Promise<CopiedEvent> {
  const { forwards = [] } = await events.get(event.id) ?? {};
  const details = await Promise.all(forwards.map(({ id }) => outbox.get(id)));
  return {
    event,
    forwards: details.flatMap((one) => {
      if (one === undefined) return [];
      const { leasedUntil: _until, lastAttempt: _last, event: _event, ...forward } = one;
      return [forward];
    }).sort((a, b) => a.id < b.id ? -1 : 1),
  };
}

/** In one form, whichever store gave it. */
function textOfDelivery({ body, answer, ...rest }: StoredDelivery): string {
  return canonicalJson([rest, hash("sha256", body).toHex(), hash("sha256", answer).toHex()]);
}

function textOfEvent({ event: { payload, ...event }, forwards }: CopiedEvent): string {
  return canonicalJson([event, hash("sha256", payload).toHex(), forwards]);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  );
}

/**
 * What the rule for repeats is told of an event that was copied: whether its key is the sender's own
 * or a hash of its content is not kept, but a hash looks like one.
 *
 * @param key The event's key.
 * @returns Its content, as the rule knows it: `undefined` where the key is the hash itself, `""`
 * where it is not known.
 */
export function contentOfKey(key: string): string | undefined {
  return /^[\da-f]{64}$/.test(key) ? undefined : "";
}
