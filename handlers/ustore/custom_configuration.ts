/**
 * The two strings by which uStore's own sample applications are steered.
 *
 * Their form is inferred from the vendor's examples, which they match exactly.
 */

import { Problem } from "../../lib/http/problem/problem.ts";

/** What a store asks of an approval. */
export interface ApprovalConfiguration {
  readonly isApprovalNeeded: boolean;
  /** Only where it is told: `false` alone needs none. */
  readonly group?: number;
}

/**
 * Reads the approval form, `<IsApprovalNeeded>;<ApprovalGroupId>`.
 *
 * @param text E.g. `true;10065`; white space and letter case do not matter. `false` needs no group.
 * @returns What it says, or `undefined` when it cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseApprovalConfiguration("true;10065"), { isApprovalNeeded: true, group: 10065 });
 * assertEquals(parseApprovalConfiguration("false"), { isApprovalNeeded: false });
 * assertEquals(parseApprovalConfiguration("maybe"), undefined);
 * ```
 */
export function parseApprovalConfiguration(text: string): ApprovalConfiguration | undefined {
  const says = bare(text);
  if (/^false$/i.test(says)) return { isApprovalNeeded: false };
  const [, needed = "", group = ""] = /^(true|false)\s*;\s*(\d{1,10})$/i.exec(says) ?? [];
  if (needed === "" || Number(group) > LARGEST_ID) return undefined;
  return { isApprovalNeeded: needed.toLowerCase() === "true", group: Number(group) };
}

/**
 * Reads the manufacturer form, `<position of the order item, from 1>:<manufacturer id>;…`.
 *
 * @param text E.g. `1:2;2:1;3:3`.
 * @returns The manufacturer's id by position, or `undefined` when any part cannot be read or two
 * parts contradict each other. Positions beyond the order's items are fine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseManufacturerConfiguration("1:2;2:1"), new Map([[1, "2"], [2, "1"]]));
 * assertEquals(parseManufacturerConfiguration("1:2;1:3"), undefined);
 * ```
 */
export function parseManufacturerConfiguration(
  text: string,
): ReadonlyMap<number, string> | undefined {
  const ids = new Map<number, string>();
  for (const part of bare(text).split(";")) {
    const [, position = "", id = ""] = /^\s*(\d{1,6})\s*:\s*(\d{1,10})\s*$/.exec(part) ?? [];
    if (Number(position) < 1 || id === "" || Number(id) > LARGEST_ID) return undefined;
    const plain = String(Number(id));
    if ((ids.get(Number(position)) ?? plain) !== plain) return undefined;
    ids.set(Number(position), plain);
  }
  return ids;
}

/** Without white space around it and without the semicolon that may end it. */
function bare(text: string): string {
  return text.trim().replace(/;$/, "").trimEnd();
}

/**
 * Makes the problem of a string that cannot be read.
 *
 * @param value The string.
 * @param example One that could be.
 */
export function unreadableConfiguration(value: string, example: string): Problem {
  const params = { value: value || "-", example };
  return new Problem("unreadable_custom_configuration", { params });
}

/** Ids are `int` columns of the store's database. */
export const LARGEST_ID = 2_147_483_647;
