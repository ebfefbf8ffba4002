import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import type { DeliverySummary } from "../../journal/delivery.ts";
import { formatMoment } from "../journal/moment.ts";
import { printable } from "../printable.ts";
import { namesOfRules } from "../why.ts";

const HEADS = ["TIME", "ID", "STATUS", "ENDPOINT", "RULE", "MS", "FROM"];
/** Columns of numbers stand at the right. */
const NUMBERS: ReadonlySet<number> = new Set([5]);
const LONGEST_CELL = 60;

/**
 * Shows deliveries in aligned columns, in colour when colours are on.
 *
 * @param deliveries The deliveries.
 * @returns Lines: the heads of the columns and one for each delivery.
 */
export function describeTable(deliveries: readonly DeliverySummary[]): string[] {
  const rows = deliveries.map(cellsOf);
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const lay = (cells: readonly string[], paint: readonly Paint[] = []) =>
    cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      // Nothing follows the last one.
      const padded = NUMBERS.has(column)
        ? cell.padStart(width)
        : column === cells.length - 1
        ? cell
        : cell.padEnd(width);
      return (paint[column] ?? plain)(padded);
    }).join("  ");
  return [
    bold(lay(HEADS)),
    ...rows.map((row, index) => {
      const status = deliveries[index]?.status ?? 0;
      return lay(row, [plain, dim, paintOfStatus(status), plain, plain, plain, dim]);
    }),
  ];
}

type Paint = (text: string) => string;

function plain(text: string): string {
  return text;
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

function cellsOf(delivery: DeliverySummary): string[] {
  const { receivedAt, answeredAt, repeatOf, erasedAt } = delivery;
  const rule = [
    cut(namesOfRules(delivery.decisions)),
    ...(repeatOf === null ? [] : ["(repeat)"]),
    ...(erasedAt === null ? [] : ["(erased)"]),
  ].join(" ");
  return [
    formatMoment(receivedAt),
    delivery.id,
    String(delivery.status),
    cut(delivery.endpoint),
    rule,
    String(answeredAt - receivedAt),
    cut(delivery.remoteAddress),
  ];
}

function cut(text: string): string {
  const safe = printable(text);
  return safe.length > LONGEST_CELL ? `${safe.slice(0, LONGEST_CELL - 1)}…` : safe;
}
