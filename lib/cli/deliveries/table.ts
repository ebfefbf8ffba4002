import { dim, green, red, yellow } from "@std/fmt/colors";
import { type Column, cut, describeColumns, type Paint } from "../records/columns.ts";
import { formatTimestamp } from "../terminal/timestamp.ts";
import { namesOfRules } from "../explain/why.ts";
import type { DeliverySummary } from "../../journal/delivery.ts";
import type { ListedDelivery } from "./briefs.ts";

const COLUMNS: readonly Column<Partial<Pick<ListedDelivery, "brief">> & DeliverySummary>[] = [
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
  return describeColumns(COLUMNS, deliveries, width);
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
