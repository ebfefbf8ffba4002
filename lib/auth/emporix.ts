/** The signature of Emporix: the forms that it may cover, verified one by one, and made. */
import { isHeldByDouble } from "../util/json_text.ts";
import { type JsonNode, readSorted, writeNode } from "../util/sorted_json.ts";
import { createFailureBudget } from "../util/rates.ts";
import {
  type Authenticator,
  importHmacKey,
  keyFingerprint,
  type Verified,
} from "./authenticator.ts";
import {
  refuseDoubled,
  refuseMalformed,
  refuseMissing,
  refuseSignature,
  refuseUnexamined,
} from "./refusals.ts";

/** One reading of what the vendor signs. */
export interface SignedForm {
  /** How the journal and the log call it. */
  readonly name: "raw bytes" | "stable form" | "canonical form";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Tells whether a number in it is another one than the body has, for want of digits. */
  readonly changesDigits?: () => boolean;
}

const encoder = new TextEncoder();

/**
 * Gives what an Emporix signature may cover besides the raw bytes, one by one, since each costs:
 *
 * 1. the stable form: keys sorted, numbers as JavaScript writes them, as json-stable-stringify does
 *    with a parsed body;
 * 2. the canonical form: keys sorted, numbers in their own text.
 *
 * A form that equals the body or the earlier one is left out. There are such forms of JSON in UTF-8,
 * nested at most 256 deep, with no key twice in one object. The work is linear in the body's size.
 *
 * @param body The exact bytes that were received. Any bytes: this never throws.
 * @returns The forms.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const forms = sortedFormsOf(new TextEncoder().encode('{"b": 2.0, "a": 1}'));
 * assertEquals([...forms].map(({ bytes }) => new TextDecoder().decode(bytes)), [
 *   '{"a":1,"b":2}',
 *   '{"a":1,"b":2.0}',
 * ]);
 * ```
 */
export function* sortedFormsOf(body: Uint8Array<ArrayBuffer>): Generator<SignedForm, void> {
  const json = decode(body);
  const node = json === undefined ? undefined : attempt(() => readSorted(json));
  if (json === undefined || node === undefined) return;

  let isCanonical = true;
  const stable = attempt(() =>
    writeNode(node, (text) => {
      const written = writeNumber(text);
      isCanonical &&= written === text;
      return written;
    })
  );
  if (stable !== undefined && stable !== json) {
    const changesDigits = () => hasOtherDigits(node);
    yield { name: "stable form", bytes: encoder.encode(stable), changesDigits };
  }
  if (stable !== undefined && isCanonical) return;

  const canonical = writeNode(node, (text) => text);
  if (canonical !== json) yield { name: "canonical form", bytes: encoder.encode(canonical) };
}

/** Whole numbers of so few digits are written as they came. */
const SHORT_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * Writes a number as JavaScript does. It would write one that is too large for it as `null`: then
 * the signature of a `null` would pass for a number.
 */
function writeNumber(text: string): string {
  if (SHORT_INTEGER.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError("Cannot write a number that is too large");
  return Object.is(value, -0) ? "0" : String(value);
}

function hasOtherDigits(node: JsonNode): boolean {
  let isOther = false;
  writeNode(node, (text) => {
    isOther ||= !isHeldByDouble(text);
    return text;
  });
  return isOther;
}

/** A byte order mark stays, so that it is no JSON: only a text that is all of the body may equal it. */
function decode(body: Uint8Array<ArrayBuffer>): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined; // Not JSON, too deep, ambiguous or with a number that is too large.
  }
}

/** The header of Emporix's HTTP provider that carries the signature. */
export const EMPORIX_SIGNATURE_HEADER = "emporix-event-signature";

/** Largest body of which the sorted forms are tried, unless the config says otherwise. */
export const MOST_CANONICAL_BYTES = 1_048_576;

/** 32 bytes in canonical Base64: the last character before the padding carries four bits only. */
const SIGNATURE = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** What the authenticator works with, beside its secrets. */
export interface EmporixSignatureOptions {
  /** Largest body of which the sorted forms are tried. Default: {@linkcode MOST_CANONICAL_BYTES}. */
  readonly maxCanonicalBytes?: number;
  /** Tells the time, in milliseconds; it never goes back. */
  readonly now?: () => number;
}

/**
 * Makes the authenticator of Emporix's HTTP provider: Base64 of HMAC-SHA256 over the body.
 *
 * The vendor describes in two ways which text of the body is signed, so each is tried, and
 * `Verified.by` says which one it was. The raw bytes come first: they cost one hash. The sorted
 * forms cost more, so they are tried only of bodies up to a size, and only as long as not too much
 * with wrong signatures came from the same address.
 *
 * @param secrets The active secret keys, of which any verifies. Their UTF-8 bytes are used as given.
 * @param options The limit and the clock.
 * @returns The authenticator. It signs no answer, since the vendor reads none.
 * @throws {RangeError} When there is no secret, or one is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const auth = await createEmporixSignature(["password123"]);
 * const signature = "TeAFUTi4vObuP1WKZdctBm5bmrC9aTNDIEY2nc+VrMQ=";
 * const verification = await auth.verify(
 *   new Headers({ "emporix-event-signature": signature }),
 *   new TextEncoder().encode(
 *     '{"tenant":"acme","cartId":"c1","itemId":"i1","quantity":2.0,"priceId":"p1"}',
 *   ),
 * );
 * const by = `secret ${auth.keyFingerprints[0]}, stable form`;
 * assertEquals("by" in verification && verification.by, by);
 * ```
 */
export async function createEmporixSignature(
  secrets: readonly string[],
  { maxCanonicalBytes = MOST_CANONICAL_BYTES, now = () => performance.now() }:
    EmporixSignatureOptions = {},
): Promise<Authenticator> {
  if (secrets.length === 0) {
    throw new RangeError("Cannot verify Emporix events: the list of secrets is empty");
  }
  const keys = await Promise.all(secrets.map(importSecret));
  const keyFingerprints = secrets.map(keyFingerprint);
  const budget = createFailureBudget(Math.max(maxCanonicalBytes, 1), now());

  async function findMatch(
    signature: Uint8Array<ArrayBuffer>,
    { name, bytes, changesDigits }: SignedForm,
  ): Promise<Verified | undefined> {
    for (const [keyIndex, key] of keys.entries()) {
      if (!await crypto.subtle.verify("HMAC", key, signature, bytes)) continue;
      const by = `secret ${keyFingerprints[keyIndex]}, ${name}`;
      return name === "raw bytes" ? { keyIndex, by } : {
        keyIndex,
        by,
        warning: changesDigits?.() === true ? OTHER_DIGITS : `${ONLY_SORTED} (${name}).`,
      };
    }
    return undefined;
  }

  return {
    scheme: "emporix-signature",
    keyFingerprints,
    async verify(headers, body, arrival) {
      const text = headers.get(EMPORIX_SIGNATURE_HEADER);
      if (text === null) {
        return refuseMissing([EMPORIX_SIGNATURE_HEADER], headers, "emporix-signature");
      }
      // Two headers arrive joined as "a, b", which is no signature: so duplicates are refused.
      if (text.includes(", ")) return refuseDoubled(EMPORIX_SIGNATURE_HEADER);
      if (!SIGNATURE.test(text)) {
        return refuseMalformed(EMPORIX_SIGNATURE_HEADER, "44 characters of Base64 that end with =");
      }
      const signature = Uint8Array.fromBase64(text);
      const raw = await findMatch(signature, { name: "raw bytes", bytes: body });
      if (raw !== undefined) return raw;
      if (body.length > maxCanonicalBytes) return refuseUnexamined("size", maxCanonicalBytes);
      const address = arrival?.remoteAddress ?? "";
      // Taken before the work, and given back when it was worth it: many may come at once.
      const giveBack = budget.take(address, body.length, now());
      if (giveBack === undefined) return refuseUnexamined("budget", maxCanonicalBytes);
      for (const form of sortedFormsOf(body)) {
        const verified = await findMatch(signature, form);
        if (verified === undefined) continue;
        giveBack();
        return verified;
      }
      return refuseSignature(EMPORIX_SIGNATURE_HEADER, keyFingerprints, "secret");
    },
    sign: () => ({}),
  };
}

const ONLY_SORTED = "The signature fits a sorted form of the body and not its bytes";
const OTHER_DIGITS = `${ONLY_SORTED}, and a number in the body has other digits than were signed.`;

async function importSecret(secret: string): Promise<CryptoKey> {
  if (secret === "") throw new RangeError("Cannot verify Emporix events: a secret is empty");
  return await importHmacKey("SHA-256", encoder.encode(secret));
}

/**
 * Signs an event as Emporix's HTTP provider does: over the stable form of its JSON, or over the
 * bytes where they are that form already or have none.
 *
 * @param secret The secret key; its UTF-8 bytes are used as given.
 * @param body The exact bytes that are sent.
 * @returns The value of `emporix-event-signature`.
 * @throws {RangeError} When the secret is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = '{"tenant":"acme","cartId":"c1","itemId":"i1","quantity":2.0,"priceId":"p1"}';
 * assertEquals(
 *   await signEmporixEvent("password123", new TextEncoder().encode(body)),
 *   "TeAFUTi4vObuP1WKZdctBm5bmrC9aTNDIEY2nc+VrMQ=",
 * );
 * ```
 */
export async function signEmporixEvent(
  secret: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<string> {
  if (secret === "") throw new RangeError("Cannot sign an Emporix event: the secret is empty");
  const stable = sortedFormsOf(body).find(({ name }) => name === "stable form")?.bytes ?? body;
  const key = await importHmacKey("SHA-256", encoder.encode(secret));
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, stable)).toBase64();
}
