/** What is found, as a file: page by page, as fast as it is read. */
import { namesOfRules } from "../../rules/decision.ts";
import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../../util/csv.ts";
import type { ConsoleReader } from "../reader/reader.ts";
import type { DeliveryRow } from "../reader/rows.ts";
import type { DeliverySearch } from "./deliveries.ts";

/** How a file is written. */
export const ROWS_FORMATS = ["csv", "jsonl"] as const;

/** One of {@linkcode ROWS_FORMATS}. */
export type RowsFormat = (typeof ROWS_FORMATS)[number];

const COLUMNS: readonly (readonly [name: string, cell: (row: DeliveryRow) => CsvCell])[] = [
  ["id", ({ id }) => id],
  ["receivedAt", ({ receivedAt }) => receivedAt],
  ["durationMs", ({ durationMs }) => durationMs],
  ["endpoint", ({ endpoint }) => endpoint],
  ["kind", ({ kind }) => kind],
  ["status", ({ status }) => status],
  ["orders", ({ brief }) => brief.orders?.join("; ") ?? null],
  ["total", ({ brief }) => brief.total ?? null],
  ["shopper", ({ brief }) => brief.shopper ?? null],
  ["answer", ({ brief }) => brief.answer ?? null],
  ["rules", ({ decisions }) => decisions.length === 0 ? null : namesOfRules(decisions)],
  ["verifiedBy", ({ verifiedBy }) => verifiedBy],
  ["requestId", ({ requestId }) => requestId],
  ["remoteAddress", ({ remoteAddress }) => remoteAddress],
  ["repeatOf", ({ repeatOf }) => repeatOf],
  ["note", ({ note }) => note ?? null],
];

const PAGE = 200;
/** A file beyond that is what `storehook deliveries export` is for. */
const MOST_ROWS = 100_000;

/**
 * Writes deliveries as a file, newest first: what a list shows of them, without what came and went.
 *
 * @param reader Where they are.
 * @param search Which.
 * @param format As CSV, safe against formulas, or as a line of JSON each.
 * @param show Gives what may be seen of one.
 * @returns The file, which is read as slowly as whoever gets it.
 */
export function exportDeliveries(
  reader: Pick<ConsoleReader, "deliveries">,
  search: DeliverySearch,
  format: RowsFormat,
  show: (row: DeliveryRow) => DeliveryRow,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let cursor: string | null | undefined;
  let count = 0;
  return new ReadableStream({
    start(controller) {
      if (format === "jsonl") return;
      controller.enqueue(encoder.encode(BYTE_ORDER_MARK + csvRow(COLUMNS.map(([name]) => name))));
    },
    async pull(controller) {
      // A search may find nothing for a while, and goes on.
      while (cursor !== null && count < MOST_ROWS) {
        const part = cursor === undefined ? {} : { cursor };
        const page = await reader.deliveries({ ...search, ...part, limit: PAGE });
        cursor = page.next;
        count += page.deliveries.length;
        if (page.deliveries.length === 0) continue;
        const rows = page.deliveries.map(show);
        const lines = rows.map((row) =>
          format === "csv"
            ? csvRow(COLUMNS.map(([, cell]) => cell(row)))
            : `${JSON.stringify(row)}\n`
        );
        controller.enqueue(encoder.encode(lines.join("")));
        return;
      }
      controller.close();
    },
  });
}
