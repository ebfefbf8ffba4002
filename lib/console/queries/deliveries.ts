import type { DeliveryBrief, Handler } from "../../../handlers/handler.ts";
import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";
import type { DeliveryFilter } from "../../journal/delivery_filter.ts";
import type { Journal } from "../../journal/journal.ts";
import { type FoundBySpan, searchBySpan } from "./by_span.ts";
import { contentOf, isoOrNull } from "./records.ts";

/** Which deliveries are sought; every field that is given must hold. */
export interface DeliverySearch extends DeliveryFilter {
  /** The number of an order or a cart, as the shopper or the store writes it. */
  readonly order?: string;
  /** A part of the shopper's e-mail address or name. */
  readonly shopper?: string;
}

/** Which part of what is sought is wanted, and how long it may be looked for. */
interface SearchPart extends DeliverySearch {
  readonly limit: number;
  readonly cursor?: string;
  /** Stops after about this time with what was found, and a cursor to go on; never unless given. */
  readonly budgetMs?: number;
  /** No more than about so many are looked through at once. */
  readonly mostRows?: number;
  /** Of what is larger nothing is read for a list, unless it is sought by what it holds. */
  readonly maxBriefBytes?: number;
}

/**
 * Searches deliveries, newest first. What no index finds is looked for span by span, so that the
 * search can stop when its time is up.
 *
 * @param journal Where.
 * @param handlers The kinds, which know what an order and a shopper are.
 * @param part What is sought.
 * @returns The deliveries with what people look for in them.
 * @throws {SyntaxError} When the cursor is not one.
 */
export async function searchDeliveries(
  journal: Pick<Journal, "list" | "get" | "timeBehind">,
  handlers: readonly Pick<Handler, "kind" | "brief">[],
  part: SearchPart,
): Promise<FoundBySpan<ListedDelivery>> {
  const { order, shopper, limit, cursor, budgetMs, maxBriefBytes, mostRows, ...rest } = part;
  // The shopper stands in the body, so the journal can leave out most of the others.
  const text = rest.text ?? (order === undefined ? shopper : undefined);
  const filter: DeliveryFilter = {
    ...rest,
    ...(order === undefined ? {} : { number: order }),
    ...(text === undefined ? {} : { text }),
  };
  const isSought = order !== undefined || shopper !== undefined;
  const most = isSought ? Infinity : maxBriefBytes ?? Infinity;
  return await searchBySpan<ListedDelivery>({
    ...{ limit, cursor, budgetMs, mostRows, since: rest.since, until: rest.until },
    timeBehind: journal.timeBehind,
    async find(span) {
      const page = await journal.list({ ...filter, ...span });
      const rows: ListedDelivery[] = [];
      for (const { id, bodyBytes } of page.deliveries) {
        // Retention may have removed it meanwhile.
        const delivery = await journal.get(id);
        if (delivery === undefined) continue;
        const row = bodyBytes > most ? { ...delivery, brief: {} } : withBrief(handlers, delivery);
        if (isMeant(row, order, shopper)) rows.push(row);
      }
      return { rows, next: page.next };
    },
  });
}

function isMeant(
  { brief }: ListedDelivery,
  order: string | undefined,
  shopper: string | undefined,
): boolean {
  const isOrder = order === undefined ||
    (brief.orders?.some((number) => number.toLowerCase() === order.toLowerCase()) ?? false);
  return isOrder && (shopper === undefined ||
    (brief.shopper?.toLowerCase().includes(shopper.toLowerCase()) ?? false));
}

/** A delivery with what people look for in it. */
export interface ListedDelivery extends DeliverySummary, Pick<StoredDelivery, "headers"> {
  readonly brief: DeliveryBrief;
}

/**
 * Adds to a delivery what people look for in it: the order's number, its total, the shopper and
 * what was answered.
 *
 * @param handlers The kinds.
 * @param delivery The delivery.
 * @returns The same with its brief, empty where nothing of the kind can be read.
 */
export function withBrief(
  handlers: readonly Pick<Handler, "kind" | "brief">[],
  delivery: StoredDelivery,
): ListedDelivery & StoredDelivery {
  const brief = handlers.find(({ kind }) => kind === delivery.kind)?.brief;
  const answer = delivery.status === 200 ? parsed(delivery.answer) : undefined;
  return { ...delivery, brief: brief?.(parsed(delivery.body), answer) ?? {} };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Refused bodies may be anything.
    return undefined;
  }
}

/**
 * Turns a delivery into what machines read of a list: times in ISO 8601, in UTC.
 *
 * @param delivery The delivery.
 * @returns An object to be written as JSON.
 */
export function summaryRecord(delivery: DeliverySummary) {
  return {
    id: delivery.id,
    receivedAt: isoOrNull(delivery.receivedAt),
    answeredAt: isoOrNull(delivery.answeredAt),
    durationMs: delivery.answeredAt - delivery.receivedAt,
    endpoint: delivery.endpoint,
    kind: delivery.kind,
    status: delivery.status,
    verifiedBy: delivery.verifiedBy,
    requestId: delivery.requestId,
    remoteAddress: delivery.remoteAddress,
    repeatOf: delivery.repeatOf,
    ...(delivery.note === undefined ? {} : { note: delivery.note }),
    erasedAt: isoOrNull(delivery.erasedAt),
    bodyBytes: delivery.bodyBytes,
    decisions: delivery.decisions,
  };
}

/**
 * Turns a delivery into all that machines read of it. Bytes are text when they are UTF-8, else
 * Base64: `bodyEncoding` and `answerEncoding` tell which.
 *
 * @param delivery The delivery.
 * @returns An object to be written as JSON.
 */
export function deliveryRecord(delivery: StoredDelivery) {
  const body = contentOf(delivery.body);
  const answer = contentOf(delivery.answer);
  return {
    ...summaryRecord(delivery),
    rules: delivery.rules.map(({ name }) => name),
    headers: delivery.headers,
    body: body.text,
    bodyEncoding: body.encoding,
    answer: answer.text,
    answerEncoding: answer.encoding,
  };
}
