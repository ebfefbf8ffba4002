import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Bytes, Variant } from "./variants.ts";

/** A way to make a signature of a key and a body. */
export interface Method {
  readonly variants: readonly Variant[];
  /** Whether the key matters: if not, it is tried with one key only. */
  readonly keyed: boolean;
  /** Whether the method makes this signature. */
  matches(hash: string, key: Bytes, body: Bytes, signature: Bytes): Promise<boolean>;
}

const USE_HMAC = "Use HMAC-SHA512 with the key as its key: HMACSHA512 in .NET, " +
  'createHmac("sha512", key) in Node.';

/** What else is made of key and body. */
export const METHOD_VARIANTS = {
  digestOfBody: {
    id: "digest-of-body",
    what: "by plainly hashing the body, without the key",
    mend: USE_HMAC,
  },
  digestOfKeyAndBody: {
    id: "digest-of-key-and-body",
    what: "by plainly hashing the key followed by the body",
    mend: USE_HMAC,
  },
  digestOfBodyAndKey: {
    id: "digest-of-body-and-key",
    what: "by plainly hashing the body followed by the key",
    mend: USE_HMAC,
  },
  swapped: {
    id: "hmac-swapped",
    what: "with key and body in each other's place",
    mend: "Swap the two arguments of the HMAC function: the key is the key, the body the message.",
  },
} as const satisfies Record<string, Variant>;

/** The ways to make a signature, the right one first. */
export const METHODS: readonly Method[] = [
  { variants: [], keyed: true, matches: hmacMatches },
  {
    variants: [METHOD_VARIANTS.digestOfBody],
    keyed: false,
    matches: (hash, _key, body, signature) => digestMatches(hash, [body], signature),
  },
  {
    variants: [METHOD_VARIANTS.digestOfKeyAndBody],
    keyed: true,
    matches: (hash, key, body, signature) => digestMatches(hash, [key, body], signature),
  },
  {
    variants: [METHOD_VARIANTS.digestOfBodyAndKey],
    keyed: true,
    matches: (hash, key, body, signature) => digestMatches(hash, [body, key], signature),
  },
  {
    variants: [METHOD_VARIANTS.swapped],
    keyed: true,
    matches: (hash, key, body, signature) => hmacMatches(hash, body, key, signature),
  },
];

/** The hash functions by the bytes they give: the length of a signature tells which it was. */
export const HASHES: ReadonlyMap<number, { hash: string; variants: readonly Variant[] }> = new Map([
  [64, { hash: "SHA-512", variants: [] }],
  [48, { hash: "SHA-384", variants: [otherHash("SHA-384")] }],
  [32, { hash: "SHA-256", variants: [otherHash("SHA-256")] }],
  [20, { hash: "SHA-1", variants: [otherHash("SHA-1")] }],
]);

function otherHash(hash: string): Variant {
  return {
    id: `hash-${hash.replace("-", "").toLowerCase()}`,
    what: `with ${hash} instead of SHA-512`,
    mend: "Use HMAC-SHA512.",
  };
}

async function hmacMatches(hash: string, key: Bytes, body: Bytes, signature: Bytes) {
  if (key.length === 0) return false;
  const algorithm = { name: "HMAC", hash };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["verify"]);
  return await crypto.subtle.verify("HMAC", imported, signature, body);
}

async function digestMatches(hash: string, parts: readonly Bytes[], signature: Bytes) {
  const digest = await crypto.subtle.digest(hash, joined(parts));
  return timingSafeEqual(digest, signature);
}

function joined(parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
