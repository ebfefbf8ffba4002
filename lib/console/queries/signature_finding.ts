import * as z from "zod";
import { examine } from "../../auth/doctor/doctor.ts";
import { SIGNATURE_HEADER } from "../../auth/x_signature.ts";
import type { Config } from "../../config/schema.ts";
import { REMOVED, type StoredDelivery } from "../../journal/delivery.ts";

/** Why a signature was refused, as far as it can be told now. */
export interface SignatureFinding {
  /** What was found, in one sentence. */
  readonly what: string;
  /** How to mend it, or what to check next; absent where that is said with what was found. */
  readonly mend?: string;
  /** How the signature was made, e.g. `body-without-bom`; see `storehook verify`. */
  readonly variant?: string;
}

const REFUSED_STATUS = 401;
const keysSchema = z.array(z.string().min(1)).min(1);

/**
 * Names the keys of an endpoint.
 *
 * @param config The config; `undefined` when it can't be loaded.
 * @param path The endpoint's path.
 * @returns The keys. Never print them.
 */
export function keysOf(config: Config | undefined, path: string): readonly string[] {
  const endpoint = config?.endpoints.find((one) => one.path === path);
  return keysSchema.safeParse(endpoint?.settings["signatureKeys"]).data ?? [];
}

/**
 * Finds out why the signature of a delivery was refused. What the server found at that time stands
 * in the journal; where the signature was tried and kept, it is examined with the present keys too.
 *
 * @param delivery The delivery.
 * @param keys The keys of its endpoint in the config as it is now.
 * @returns The finding, `undefined` when it was not refused for its signature.
 */
export async function findSignatureMistake(
  delivery: StoredDelivery,
  keys: readonly string[],
): Promise<SignatureFinding | undefined> {
  const { verifiedBy, status, erasedAt, headers, body, bodyBytes, note, kind } = delivery;
  if (verifiedBy !== null || status !== REFUSED_STATUS || erasedAt !== null) return undefined;
  const name = SIGNATURE_HEADER.toLowerCase();
  const signature = headers.find(([header]) => header === name)?.[1];
  const told = note === undefined ? undefined : { what: note };
  if (signature === undefined) return told ?? (kind.startsWith("ustore.") ? MISSING : UNTOLD);
  if (signature === REMOVED) return told ?? UNTOLD;
  if (body.length < bodyBytes) return CUT;
  if (keys.length === 0) return NO_KEYS;
  return await tryKeys(signature, body, keys, told);
}

/**
 * Tries keys on a signature.
 *
 * @param signature The value of `X-Signature`.
 * @param body The exact bytes of the body.
 * @param keys The keys.
 * @param told What was found before, where nothing can be found now.
 * @returns What is right or wrong with it.
 */
export async function tryKeys(
  signature: string,
  body: StoredDelivery["body"],
  keys: readonly string[],
  told: SignatureFinding | undefined,
): Promise<SignatureFinding> {
  const examinations = await Promise.all(keys.map((key) => examine(signature, body, key)));
  const matching = examinations.findIndex(({ matches }) => matches);
  if (matching >= 0) return matchesNow(matching);
  const explained = examinations.findIndex(({ diagnosis }) => diagnosis !== undefined);
  const diagnosis = examinations[explained]?.diagnosis;
  if (diagnosis !== undefined) {
    const { what, fix, variant } = diagnosis;
    const which = keys.length === 1 ? "" : ` The key was key ${explained + 1} of the endpoint.`;
    return { what: `${what}${which}`, mend: fix, variant };
  }
  const tried = examinations.reduce((sum, examination) => sum + examination.tried, 0);
  return tried === 0 ? told ?? UNREADABLE : unknown(keys.length, tried);
}

const MISSING: SignatureFinding = {
  what: "The request had no X-Signature header.",
  mend: "Enter the signature key in the store; check that no proxy on the way removes the header.",
};

const UNTOLD: SignatureFinding = {
  what: "It was refused for its credentials or its signature, and why was not kept.",
  mend: "Let it be sent again: from now on the journal says why.",
};

const CUT: SignatureFinding = {
  what: "Too large to be kept whole: its signature can't be examined any more.",
  mend: "Save the body where it is sent, and examine it with: storehook verify",
};

const NO_KEYS: SignatureFinding = {
  what: "The config has no keys for this path now: the signature can't be examined.",
  mend: "Give the config that was used then with --config.",
};

const UNREADABLE: SignatureFinding = {
  what: "The X-Signature header can't be a signature of any known form.",
  mend: "A right one is 88 characters of Base64 and ends with ==. It must stand there once.",
};

function matchesNow(index: number): SignatureFinding {
  return {
    what: `The signature matches key ${index + 1} of the endpoint as the config is now.`,
    mend: "Nothing to mend: the key came into the config after this delivery.",
  };
}

function unknown(keys: number, tried: number): SignatureFinding {
  const which = keys === 1 ? "the endpoint's key" : `any of the endpoint's ${keys} keys`;
  return {
    what: `The signature was not made with ${which}; ${tried} variants were tried.`,
    mend: "Compare the key in the store with the config's: a rotated key is another key. Then " +
      "check whether a proxy on the way changes the body.",
  };
}
