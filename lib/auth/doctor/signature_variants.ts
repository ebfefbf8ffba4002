import { concat } from "@std/bytes/concat";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { type Bytes, looseBase64, looseHex, type Variant, type VariantForm } from "./variants.ts";

const USE_BASE64 = "Write the 64 bytes in standard Base64, 88 characters: " +
  'Convert.ToBase64String in .NET, digest("base64") in Node.';
const BARE = "Send the 88 characters of Base64 alone.";

/** How a signature can be written. */
export const ENCODING_VARIANTS = {
  whiteSpace: {
    id: "signature-with-white-space",
    what: "and written with white space or quotes around it",
    fix: BARE,
  },
  headerName: {
    id: "signature-with-header-name",
    what: "and given with the name of the header before it",
    fix: "Give the value alone, what stands after the colon.",
  },
  urlEncoded: {
    id: "signature-url-encoded",
    what: "and URL-encoded, with %2B for + and the like",
    fix: "Send it as it is: nothing in a header is URL-encoded.",
  },
  plusToSpace: {
    id: "signature-plus-to-space",
    what: "and decoded as part of a URL, which turns each + into a space",
    fix: "Keep it in the header, and don't pass it through anything that decodes URLs.",
  },
  prefix: {
    id: "signature-with-prefix",
    what: "and written with the name of the hash before it",
    fix: BARE,
  },
  hexLower: {
    id: "signature-hex-lower",
    what: "and written in lower-case hex instead of Base64",
    fix: USE_BASE64,
  },
  hexUpper: {
    id: "signature-hex-upper",
    what: "and written in upper-case hex instead of Base64",
    fix: USE_BASE64,
  },
  hexDashes: {
    id: "signature-hex-dashes",
    what: "and written in hex with dashes, as BitConverter.ToString does, instead of Base64",
    fix: USE_BASE64,
  },
  base64OfHex: {
    id: "signature-base64-of-hex",
    what: "and written in Base64 of its hex text instead of Base64 of its bytes",
    fix: USE_BASE64,
  },
  base64Url: {
    id: "signature-base64url",
    what: "and written in the URL alphabet of Base64 (- and _) instead of the standard one",
    fix: USE_BASE64,
  },
  unpadded: {
    id: "signature-unpadded",
    what: "and written in Base64 without the == at its end",
    fix: USE_BASE64,
  },
} as const satisfies Record<string, Variant>;

/**
 * The bytes that a signature's text might stand for.
 *
 * @param signature The text.
 * @returns Every reading; none when it is no encoding of bytes at all.
 */
export function readSignature(signature: string): readonly VariantForm<Bytes>[] {
  const { value, variants } = unwrap(signature);
  return [...readHex(value), ...readBase64(value)].map((form) => ({
    value: form.value,
    variants: [...variants, ...form.variants],
  }));
}

/** A signature of which every `+` became a space. */
const WITH_SPACES = /^(?=.* )[A-Za-z0-9/ ]{86}==$/;

function decodeUrl(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unwrap(signature: string): VariantForm<string> {
  const variants: Variant[] = [];
  const named = signature.trim().replace(/^(["'])(.*)\1$/s, "$2").trim();
  const alone = named.replace(/^x-signature\s*:\s*/i, "");
  if (alone !== named) variants.push(ENCODING_VARIANTS.headerName);
  else if (named !== signature) variants.push(ENCODING_VARIANTS.whiteSpace);
  const decoded = decodeUrl(alone);
  if (decoded !== alone) variants.push(ENCODING_VARIANTS.urlEncoded);
  const bare = WITH_SPACES.test(decoded) ? decoded.replaceAll(" ", "+") : decoded;
  if (bare !== decoded) variants.push(ENCODING_VARIANTS.plusToSpace);
  const value = bare.replace(/^(?:hmac-?)?sha-?(?:1|256|384|512)[=:]\s*/i, "");
  if (value !== bare) variants.push(ENCODING_VARIANTS.prefix);
  return { value, variants };
}

function readHex(text: string): VariantForm<Bytes>[] {
  const isDashed = /^[0-9a-f]{2}(?:-[0-9a-f]{2})+$/i.test(text);
  const value = looseHex(isDashed ? text.replaceAll("-", "") : text);
  if (value === undefined) return [];
  if (isDashed) return [{ value, variants: [ENCODING_VARIANTS.hexDashes] }];
  const { hexLower, hexUpper } = ENCODING_VARIANTS;
  return [{ value, variants: [text === text.toLowerCase() ? hexLower : hexUpper] }];
}

function readBase64(text: string): VariantForm<Bytes>[] {
  const value = looseBase64(text);
  if (value === undefined) return [];
  const variants: Variant[] = [];
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  if (standard !== text) variants.push(ENCODING_VARIANTS.base64Url);
  const canonical = value.toBase64();
  if (canonical !== standard) {
    if (canonical.replace(/=+$/, "") !== standard) return [];
    variants.push(ENCODING_VARIANTS.unpadded);
  }
  const { base64OfHex } = ENCODING_VARIANTS;
  const inner = looseHex(new TextDecoder().decode(value));
  const nested = inner === undefined
    ? []
    : [{ value: inner, variants: [...variants, base64OfHex] }];
  return [{ value, variants }, ...nested];
}

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
    fix: USE_HMAC,
  },
  digestOfKeyAndBody: {
    id: "digest-of-key-and-body",
    what: "by plainly hashing the key followed by the body",
    fix: USE_HMAC,
  },
  digestOfBodyAndKey: {
    id: "digest-of-body-and-key",
    what: "by plainly hashing the body followed by the key",
    fix: USE_HMAC,
  },
  swapped: {
    id: "hmac-swapped",
    what: "with key and body in each other's place",
    fix: "Swap the two arguments of the HMAC function: the key is the key, the body the message.",
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
    fix: "Use HMAC-SHA512.",
  };
}

async function hmacMatches(hash: string, key: Bytes, body: Bytes, signature: Bytes) {
  if (key.length === 0) return false;
  const algorithm = { name: "HMAC", hash };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["verify"]);
  return await crypto.subtle.verify("HMAC", imported, signature, body);
}

async function digestMatches(hash: string, parts: readonly Bytes[], signature: Bytes) {
  const digest = await crypto.subtle.digest(hash, concat(parts));
  return timingSafeEqual(digest, signature);
}
