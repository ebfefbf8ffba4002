import type { DatabaseSync } from "node:sqlite";
import type { RoleTest } from "../../mention_roles.ts";
import { integer, type Row, text } from "../columns.ts";

/** The columns in which a person may be named, and the id. */
export const DELIVERY_CONTENT =
  "id, endpoint, request_id, note, decisions, headers, answer, body, erased_at";

/**
 * Takes out what a delivery holds. The fingerprint goes too: who knows the body could recognize it.
 * Where it was sent and its request id stay, unless they name the person.
 */
const BLANK_DELIVERY = `
  UPDATE deliveries SET erased_at = unixepoch() * 1000, remote_address = '', note = NULL,
    decisions = '[]', headers = '[]', answer = x'', body = x'', body_bytes = 0, fingerprint = NULL,
    endpoint = ?, request_id = ?
  WHERE seq = ?`;

/**
 * Prepares the statement that takes out what a delivery holds.
 *
 * @param database A database open for writing.
 * @param roleOf Tells what names the person.
 * @returns What does it to a row of `DELIVERY_CONTENT` and `seq`.
 */
export function createDeliveryEraser(
  database: DatabaseSync,
  roleOf: RoleTest,
): (row: Row) => void {
  const blank = database.prepare(BLANK_DELIVERY);
  const unlessNamed = (value: string) => roleOf([value]) === null ? value : "";
  return (row) => {
    const [endpoint, requestId] = [text(row, "endpoint"), text(row, "request_id")];
    blank.run(unlessNamed(endpoint), unlessNamed(requestId), integer(row, "seq"));
  };
}
