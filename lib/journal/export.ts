import type { Delivery } from "./delivery.ts";

/** What stays the same for one cart list, however often it is exported. */
export interface ExportIdentity {
  /** The id by which the store knows the export. */
  readonly externalId: string;
  /** The secret part of the page's address: 128 random bits in base64url. */
  readonly token: string;
}

/** One export of a list, without the list. */
export interface ExportVersion {
  /** Counts from 1 for each list. */
  readonly version: number;
  /** The delivery that brought it. */
  readonly deliveryId: string;
  /** In milliseconds since the epoch. */
  readonly savedAt: number;
}

/** A list to be saved as the newest version of its export, with the delivery that brought it. */
export interface ExportToSave {
  readonly token: string;
  /** What the page shows, as bytes of the handler's choice. */
  readonly list: Uint8Array<ArrayBuffer>;
}

/** A version of an export on its way into a store, which counts it. */
export interface UncountedVersion extends ExportToSave, Omit<ExportVersion, "version"> {}

/** An export as it is found by its token. */
export interface StoredExport extends ExportIdentity, ExportVersion {
  readonly endpoint: string;
  readonly listKey: string;
  /** The list of this version. */
  readonly list: Uint8Array<ArrayBuffer>;
  /** Every version that is kept, newest first. */
  readonly versions: readonly ExportVersion[];
}

const TOKEN_BYTES = 16;

/**
 * Makes the identity of a list that was never exported before.
 *
 * @param externalId The id to keep; a random UUID when none is given.
 * @returns The identity, with a token that can't be guessed.
 */
export function newExportIdentity(externalId: string = crypto.randomUUID()): ExportIdentity {
  const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))
    .toBase64({ alphabet: "base64url", omitPadding: true });
  return { externalId, token };
}

/**
 * Makes the version of an export that a delivery brought.
 *
 * @param delivery The delivery.
 * @param exported The list.
 * @returns The version, saved when the delivery was answered.
 */
export function versionOf(
  { id: deliveryId, answeredAt: savedAt }: Delivery,
  { token, list }: ExportToSave,
): UncountedVersion {
  return { token, list, deliveryId, savedAt };
}
