/** What the console reads of the journal, in a form that can be asked for in another thread. */
import type { Handler } from "../../../handlers/handler.ts";
import type { ReadingConsole } from "../../journal/console.ts";
import type { EventListOptions } from "../../journal/events.ts";
import type { ForwardFilter, ForwardListOptions } from "../../journal/forwards.ts";
import { describeNotDone } from "../../journal/forwards_detail.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { ReadingJournal } from "../../journal/sqlite/contract.ts";
import { type DeliverySearch, searchDeliveries, summaryRecord } from "../queries/deliveries.ts";
import { beginningOf, type DeliveryDetails, detailsOf } from "../queries/delivery.ts";
import type {
  EventList,
  EventRow,
  EventWithForwards,
  ForwardList,
  ForwardRow,
  ForwardWithHistory,
  FoundDeliveryList,
  JournalFigures,
  LookedThrough,
} from "./rows.ts";
import { type FoundBySpan, searchBySpan } from "../queries/by_span.ts";
import { isOwnRequestId } from "../privacy/proof.ts";
import { bounded } from "../queries/records.ts";
import { eventRecord, eventSummaryRecord } from "../queries/events.ts";
import { forwardRecord, forwardSummaryRecord } from "../queries/forwards.ts";
import {
  findSignatureMistake,
  type SignatureFinding,
  tryKeys,
} from "../queries/signature_finding.ts";

/** How long a list is looked for: then what was found is shown, and the page looks further. */
const SEARCH_MS = 100;
/** At first less: whoever asks sees sooner what there is. */
const FIRST_SEARCH_MS = 50;
/** The length of a page, unless given. */
const PAGE = 50;
/** Senders choose how long texts and lists are: what is shown of them has an end. */
const OF_ROW = { text: 300, list: 10 } as const;
const OF_LIST = { text: 300, list: 1000 } as const;
const OF_WHOLE = { text: 2000, list: 200 } as const;
/**
 * So many are looked through at once: what is in memory takes a hundredth of what has to be read from
 * the disk first. Where bodies are read they are fewer.
 */
const MOST_LISTED = 20_000;
const MOST_READ = 2000;
/** Larger bodies are not read for a list. */
const MOST_BRIEF_BYTES = 262_144;

/** The content of a delivery or of an event, byte by byte. */
export type ContentPart = "body" | "answer" | "payload";

/** Reads the journal for the console. Every method takes and gives plain values. */
export interface ConsoleReader extends Pick<ReadingConsole, "audit" | "traffic" | "ruleCounts"> {
  deliveries(
    search: DeliverySearch & { readonly limit: number; readonly cursor?: string },
  ): Promise<FoundDeliveryList>;
  delivery(id: string): Promise<DeliveryDetails | undefined>;
  /** Why the signature of a delivery was refused. */
  signature(id: string, keys: readonly string[]): Promise<SignatureFinding | undefined>;
  content(id: string, part: ContentPart): Promise<Uint8Array<ArrayBuffer> | undefined>;
  events(options: EventListOptions): Promise<EventList>;
  event(id: string): Promise<EventWithForwards | undefined>;
  forwards(options: ForwardListOptions): Promise<ForwardList>;
  forward(id: string): Promise<ForwardWithHistory | undefined>;
  countForwards(filter: ForwardFilter): Promise<number>;
  /** A delivery without what can be large. */
  head(id: string): Promise<Omit<StoredDelivery, "body" | "answer"> | undefined>;
  /** Judges a signature of `X-Signature` with each of the keys. */
  examine(
    signature: string,
    body: Uint8Array<ArrayBuffer>,
    keys: readonly string[],
  ): Promise<SignatureFinding>;
  figures(): Promise<JournalFigures>;
}

/**
 * Makes a reader in this thread.
 *
 * @param journal What is read.
 * @param handlers The kinds, which know what a delivery is about.
 * @returns The reader.
 */
export function createReader(
  journal: Omit<ReadingJournal, "backup" | "clockRecord" | "findExport">,
  handlers: readonly Handler[],
): ConsoleReader {
  return {
    audit: journal.console.audit,
    traffic: journal.console.traffic,
    ruleCounts: journal.console.ruleCounts,
    async deliveries(search) {
      const { rows, ...far } = await searchDeliveries(journal, handlers, {
        ...search,
        ...mostRowsOf(search),
        budgetMs: budgetOf(search.cursor),
        maxBriefBytes: MOST_BRIEF_BYTES,
      });
      return {
        deliveries: rows.map((row) => {
          const shown = { ...summaryRecord(row), brief: row.brief };
          return {
            ...bounded(shown, OF_ROW),
            decisionCount: row.decisions.length,
            isOwnRequestId: isOwnRequestId(row),
          };
        }),
        ...howFar(far),
      };
    },
    async delivery(id) {
      const delivery = await journal.get(id);
      return delivery === undefined ? undefined : detailsOf(delivery, handlers);
    },
    async signature(id, keys) {
      const delivery = await journal.get(id);
      return delivery === undefined ? undefined : await findSignatureMistake(delivery, keys);
    },
    async content(id, part) {
      if (part === "payload") return (await journal.events.get(id))?.payload;
      return (await journal.get(id))?.[part];
    },
    async events({ limit = PAGE, cursor, ...filter }) {
      const { since, until } = filter;
      const { rows, ...far } = await searchBySpan<EventRow>({
        ...{ limit, cursor, since, until, budgetMs: budgetOf(cursor) },
        mostRows: filter.text === undefined ? MOST_LISTED : MOST_READ,
        timeBehind: journal.events.timeBehind,
        async find(part) {
          const { events, next } = await journal.events.list({ ...filter, ...part });
          const found = events.map((event) => ({
            ...eventSummaryRecord(event),
            payloadBytes: event.payloadBytes,
          }));
          return { rows: found.map((row) => bounded(row, OF_ROW)), next };
        },
      });
      return { events: rows, ...howFar(far) };
    },
    async event(id) {
      const event = await journal.events.get(id);
      if (event === undefined) return undefined;
      const payload = beginningOf(event.payload);
      const forwards: ReturnType<typeof forwardRecord>[] = [];
      for (const { id } of event.forwards) {
        // Retention may have removed it meanwhile.
        const forward = await journal.outbox.get(id);
        if (forward !== undefined) forwards.push(forwardRecord(forward));
      }
      const { payload: shown, ...record } = eventRecord({ ...event, payload });
      return {
        ...bounded(record, OF_WHOLE),
        payload: shown,
        payloadBytes: event.payload.length,
        payloadIsCut: payload.length < event.payload.length,
        forwards: bounded(forwards, OF_WHOLE),
      };
    },
    async forwards({ limit = PAGE, cursor, ...filter }) {
      const { since, until } = filter;
      const { rows, ...far } = await searchBySpan<ForwardRow>({
        ...{ limit, cursor, since, until, budgetMs: budgetOf(cursor) },
        mostRows: MOST_LISTED,
        timeBehind: journal.outbox.timeBehind,
        async find(part) {
          const { forwards, next } = await journal.outbox.list({ ...filter, ...part });
          return { rows: bounded(forwards.map(forwardSummaryRecord), OF_LIST), next };
        },
      });
      return { forwards: rows, ...howFar(far) };
    },
    async forward(id) {
      const forward = await journal.outbox.get(id);
      if (forward === undefined) return undefined;
      const { id: eventId, deliveryId } = forward.event;
      return { ...bounded(forwardRecord(forward), OF_WHOLE), eventId, deliveryId };
    },
    countForwards: (filter) => journal.outbox.count(filter),
    async head(id) {
      const delivery = await journal.get(id);
      if (delivery === undefined) return undefined;
      const { body: _body, answer: _answer, ...head } = delivery;
      return head;
    },
    examine: (signature, body, keys) => tryKeys(signature, body, keys, undefined),
    async figures() {
      const [counts, events, forwards, notDone] = await Promise.all([
        journal.counts(),
        journal.events.counts(),
        journal.outbox.countsByState(),
        describeNotDone(journal.outbox),
      ]);
      return { ...counts, ...events, forwards, notDone };
    },
  };
}

function budgetOf(cursor: string | undefined): number {
  return cursor === undefined ? FIRST_SEARCH_MS : SEARCH_MS;
}

/** Where a number is given, its index finds it, however many there are. */
function mostRowsOf({ text, shopper, order }: DeliverySearch): { readonly mostRows?: number } {
  if ((text ?? shopper) !== undefined) return { mostRows: MOST_READ };
  return order === undefined ? { mostRows: MOST_LISTED } : {};
}

function howFar({ next, lookedBackTo }: Omit<FoundBySpan<unknown>, "rows">): LookedThrough {
  return {
    next,
    lookedBackTo: lookedBackTo === null ? null : new Date(lookedBackTo).toISOString(),
  };
}
