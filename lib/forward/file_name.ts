import { hash } from "../util/hash.ts";
import type { StoredEvent } from "./outbox.ts";

const PLACEHOLDER = /\{(\w+)\}/g;
/** With what is put around it while it is written, it stays below the 255 of file systems. */
const LONGEST_NAME = 200;
/** Names of devices, with any extension: Windows opens the device instead of a file. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Makes the name of an event's file: safe on every system, the same each time, and that of no
 * other event.
 *
 * @param template Text with placeholders, `{id}` among them.
 * @param extension E.g. `json`.
 * @param event The event.
 * @returns The name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const event = {
 *   id: "0199",
 *   deliveryId: "0198",
 *   endpoint: "/emporix",
 *   receivedAt: Date.UTC(2026, 10, 21, 8, 30, 5, 7),
 *   duplicates: 0,
 *   source: "emporix",
 *   type: "cart/created",
 *   candidates: [],
 *   subject: "cart/1",
 *   key: "1",
 *   occurredAt: null,
 *   warnings: [],
 *   payload: new Uint8Array(),
 * };
 * assertEquals(
 *   eventFileName("{received}-{type}-{id}", "json", event),
 *   "20261121T083005007Z-cart_created-0199.json",
 * );
 * ```
 */
export function eventFileName(template: string, extension: string, event: StoredEvent): string {
  const id = safeId(event.id);
  const values: Readonly<Record<string, string>> = {
    received: new Date(event.receivedAt).toISOString().replaceAll(/[-:.]/g, ""),
    source: safe(event.source),
    type: safe(event.type),
    subject: safe(event.subject),
  };
  const suffix = `.${extension}`;
  const stem = template.endsWith(suffix) ? template.slice(0, -suffix.length) : template;
  const fill = (longest: number) =>
    stem.replaceAll(
      PLACEHOLDER,
      (_, name: string) => name === "id" ? id : (values[name] ?? "").slice(0, longest),
    );
  // What is too long loses something everywhere but in the id, which tells it from others.
  const placeholders = Math.max(1, stem.match(PLACEHOLDER)?.length ?? 0);
  const shortest = Math.floor((LONGEST_NAME - fill(0).length) / placeholders);
  const full = fill(Infinity);
  return `${unreserved(full.length <= LONGEST_NAME ? full : fill(shortest))}${suffix}`;
}

function safe(text: string): string {
  return text === "" ? "unknown" : text.replaceAll(/[^A-Za-z\d._-]/gu, "_");
}

/**
 * An id that would not stay itself becomes a hash: two ids must not share a name, also not where
 * capitals make no difference.
 */
function safeId(id: string): string {
  return /^[a-z\d_-]{1,64}$/.test(id) ? id : hash("sha256", id).toHex().slice(0, 32);
}

/**
 * A leading dot hides a file, a leading minus makes an option of it for whoever fetches it by a
 * script, and some names are no files on Windows.
 */
function unreserved(name: string): string {
  return /^[.-]/.test(name) || DEVICE.test(name) ? `_${name}` : name;
}
