import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../../util/csv.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { namesOfRules } from "../explain/why.ts";
import { deliveryRecord } from "./record.ts";

type Exported = ReturnType<typeof deliveryRecord>;

/** The columns in their order, each with what stands in it. */
const COLUMNS: readonly (readonly [name: string, cell: (record: Exported) => CsvCell])[] = [
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

/** The start of the CSV: the names of its columns. */
export const CSV_HEAD: string = BYTE_ORDER_MARK + csvRow(COLUMNS.map(([name]) => name));

/**
 * Writes a delivery as a line of CSV, safe against formula injection.
 *
 * @param delivery The delivery.
 * @returns The line, in the columns of {@linkcode CSV_HEAD}.
 */
export function csvLine(delivery: StoredDelivery): string {
  const record = deliveryRecord(delivery);
  return csvRow(COLUMNS.map(([, cell]) => cell(record)));
}
