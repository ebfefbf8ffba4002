import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { type CsvColumns, type Exporting, runExport } from "../records/export.ts";
import { dim, green, red, yellow } from "@std/fmt/colors";
import type { DeliveryBrief, Handler } from "../../../handlers/handler.ts";
import type { DeliveryFilter, DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";
import type { Journal } from "../../journal/journal.ts";
import { namesOfRules } from "../../rules/decision.ts";
import { readFilter } from "../records/filters.ts";
import {
  type Column,
  contentOf,
  cut,
  describeColumns,
  isoOrNull,
  type Paint,
} from "../records/layout.ts";
import { type Listing, type ListPart, runList } from "../records/list.ts";
import type { RunCommand } from "../terminal/table.ts";
import { formatTimestamp } from "../terminal/timestamp.ts";

interface ListFilter extends DeliveryFilter {
  /** The number of an order or a cart, as the shopper or the store writes it. */
  readonly order?: string;
}

/**
 * Makes `storehook deliveries list`.
 *
 * @param handlers The kinds that endpoints may have.
 */
export function deliveriesListCommand(handlers: readonly Handler[]): RunCommand {
  const listing: Listing<ListFilter, ListedDelivery> = {
    command: "deliveries list",
    kinds: handlers,
    readFilter(options) {
      const order = options.text("order");
      return { ...readFilter(options), ...(order === undefined ? {} : { order }) };
    },
    page: (journal, wanted) => readPage(journal, wanted, handlers),
    describe: describeTable,
    record: (row) => ({ ...summaryRecord(row), brief: row.brief }),
    none: "There is no such delivery.",
    follows: true,
  };
  return (options, terminal) => runList(listing, options, terminal);
}

/** A page; for the number of an order, as many pages as it takes to fill one. */
async function readPage(
  journal: Journal,
  { order, ...wanted }: ListFilter & ListPart,
  handlers: readonly Handler[],
): Promise<{ readonly rows: readonly ListedDelivery[]; readonly next: string | null }> {
  // The number stands in the body, so the journal can leave out most of the others.
  const filter = order === undefined || wanted.text !== undefined
    ? wanted
    : { ...wanted, text: order };
  const rows: ListedDelivery[] = [];
  let cursor = wanted.cursor;
  while (true) {
    const limit = wanted.limit - rows.length;
    const page = await journal.list({
      ...filter,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id } of page.deliveries) {
      const delivery = await journal.get(id);
      // Retention may have removed it meanwhile.
      if (delivery === undefined) continue;
      const row = withBrief(handlers, delivery);
      if (order === undefined || isOfOrder(row, order)) rows.push(row);
    }
    if (page.next === null || rows.length >= wanted.limit) return { rows, next: page.next };
    cursor = page.next;
  }
}

function isOfOrder({ brief }: ListedDelivery, order: string): boolean {
  return brief.orders?.some((number) => number.toLowerCase() === order.toLowerCase()) ?? false;
}

/**
 * Makes `storehook deliveries export`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesExportCommand(kinds: readonly EndpointKind[]): RunCommand {
  const exporting: Exporting<DeliveryFilter, StoredDelivery, ReturnType<typeof deliveryRecord>> = {
    kinds,
    readFilter,
    rows: (journal, filter) => journal.each(filter),
    record: deliveryRecord,
    columns: CSV_COLUMNS,
    names: ["delivery", "deliveries"],
  };
  return (options, terminal) => runExport(exporting, options, terminal);
}

const CSV_COLUMNS: CsvColumns<ReturnType<typeof deliveryRecord>> = [
  ["id", ({ id }) => id],
  ["receivedAt", ({ receivedAt }) => receivedAt],
  ["answeredAt", ({ answeredAt }) => answeredAt],
  ["durationMs", ({ durationMs }) => durationMs],
  ["endpoint", ({ endpoint }) => endpoint],
  ["kind", ({ kind }) => kind],
  ["status", ({ status }) => status],
  ["rules", ({ decisions }) => decisions.length === 0 ? null : namesOfRules(decisions)],
  ["verifiedBy", ({ verifiedBy }) => verifiedBy],
  ["requestId", ({ requestId }) => requestId],
  ["remoteAddress", ({ remoteAddress }) => remoteAddress],
  ["repeatOf", ({ repeatOf }) => repeatOf],
  ["note", ({ note }) => note ?? null],
  ["erasedAt", ({ erasedAt }) => erasedAt],
  ["decisions", ({ decisions }) => JSON.stringify(decisions)],
  ["headers", ({ headers }) => JSON.stringify(headers)],
  ["bodyBytes", ({ bodyBytes }) => bodyBytes],
  ["bodyEncoding", ({ bodyEncoding }) => bodyEncoding],
  ["body", ({ body }) => body],
  ["answerEncoding", ({ answerEncoding }) => answerEncoding],
  ["answer", ({ answer }) => answer],
];

/** A delivery with what people look for in it. */
interface ListedDelivery extends DeliverySummary {
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
function withBrief(
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

const TABLE: readonly Column<Partial<Pick<ListedDelivery, "brief">> & DeliverySummary>[] = [
  { head: "TIME", cell: ({ receivedAt }) => formatTimestamp(receivedAt) },
  { head: "ID", cell: ({ id }) => id, paint: () => dim },
  {
    head: "STATUS",
    cell: ({ status }) => String(status),
    paint: ({ status }) => paintOfStatus(status),
  },
  { head: "ENDPOINT", cell: ({ endpoint }) => endpoint },
  { head: "ORDER", cell: ({ brief }) => brief?.orders?.[0] ?? "", isOptional: true },
  { head: "TOTAL", cell: ({ brief }) => brief?.total ?? "", isNumber: true, isOptional: true },
  { head: "SHOPPER", cell: ({ brief }) => brief?.shopper ?? "", isOptional: true },
  { head: "ANSWER", cell: ({ brief }) => brief?.answer ?? "", isOptional: true },
  { head: "RULE", cell: ruleOf },
  {
    head: "MS",
    cell: ({ receivedAt, answeredAt }) => String(answeredAt - receivedAt),
    isNumber: true,
  },
  { head: "FROM", cell: ({ remoteAddress }) => remoteAddress, paint: () => dim },
];

/** Leaves room for what stands behind them. */
const LONGEST_RULES = 40;

/**
 * Shows deliveries in aligned columns, in colour when colours are on.
 *
 * @param deliveries The deliveries; those with a brief show what it says.
 * @param width How wide the terminal is; `undefined` where it is none.
 * @returns The heads of the columns and a text for each delivery.
 */
export function describeTable(
  deliveries: readonly (DeliverySummary & Partial<Pick<ListedDelivery, "brief">>)[],
  width?: number,
): string[] {
  return describeColumns(TABLE, deliveries, width);
}

/**
 * Chooses the colour of a status.
 *
 * @param status The status of an answer.
 * @returns What colours a text.
 */
export function paintOfStatus(status: number): Paint {
  if (status < 400) return green;
  return status < 500 ? yellow : red;
}

function ruleOf({ decisions, repeatOf, erasedAt }: DeliverySummary): string {
  return [
    cut(namesOfRules(decisions), LONGEST_RULES),
    ...(repeatOf === null ? [] : ["(repeat)"]),
    ...(erasedAt === null ? [] : ["(erased)"]),
  ].join(" ");
}

/**
 * Turns a delivery into what machines read of a list: times in ISO 8601, in UTC.
 *
 * @param delivery The delivery.
 * @returns An object to be written as JSON.
 */
function summaryRecord(delivery: DeliverySummary) {
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
