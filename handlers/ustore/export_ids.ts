import { encodeHex } from "@std/encoding/hex";

/** What an exported list is known by outside the store. */
export interface ExportIds {
  /** The `externalID` of the answer. */
  readonly externalId: string;
  /** 128 bits, unguessable without the key, for the URL of the exported list. */
  readonly token: string;
}

/**
 * Names exported lists: the same list gets the same names, across restarts and without a memory.
 *
 * @param secret The text that makes tokens unguessable.
 * @returns A function from the store's id, the list's id and the external id it came with (`""` on
 * the first export) to its names.
 */
export async function createExportIds(
  secret: string,
): Promise<(storeId: string, listId: string, given: string) => Promise<ExportIds>> {
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return async (storeId, listId, given) => {
    const list = new TextEncoder().encode(JSON.stringify([storeId, listId]));
    const externalId = given === ""
      ? toUuid(new Uint8Array(await crypto.subtle.digest("SHA-256", list)))
      : given;
    const token = new Uint8Array(await crypto.subtle.sign("HMAC", key, list));
    return { externalId, token: encodeHex(token.subarray(0, 16)) };
  };
}

/** The form of RFC 9562, version 8: an id of the application's own making. */
function toUuid(hash: Uint8Array<ArrayBuffer>): string {
  const view = new DataView(hash.buffer);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x80);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = encodeHex(hash.subarray(0, 16));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
