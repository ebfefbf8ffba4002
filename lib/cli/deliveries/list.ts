import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { type CsvColumns, type Exporting, runExport } from "../records/export.ts";
import { dim, green, red, yellow } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import {
  deliveryRecord,
  type DeliverySearch,
  type ListedDelivery,
  searchDeliveries,
  summaryRecord,
} from "../../console/queries/deliveries.ts";
import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";
import type { DeliveryFilter } from "../../journal/delivery_filter.ts";
import { namesOfRules } from "../../rules/decision.ts";
import { type Listing, readFilter, runList } from "../records/list.ts";
import { type Column, cut, describeColumns, type Paint } from "../records/layout.ts";
import type { RunCommand } from "../terminal/table.ts";
import { formatTimestamp } from "../../util/timestamp.ts";

/**
 * Makes `storehook deliveries list`.
 *
 * @param handlers The kinds that endpoints may have.
 */
export function deliveriesListCommand(handlers: readonly Handler[]): RunCommand {
  const listing: Listing<DeliverySearch, ListedDelivery> = {
    command: "deliveries list",
    kinds: handlers,
    readFilter(options) {
      const order = options.text("order");
      return { ...readFilter(options), ...(order === undefined ? {} : { order }) };
    },
    page: (journal, wanted) => searchDeliveries(journal, handlers, wanted),
    describe: describeTable,
    record: (row) => ({ ...summaryRecord(row), brief: row.brief }),
    none: "There is no such delivery.",
    follows: true,
  };
  return (options, terminal) => runList(listing, options, terminal);
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
