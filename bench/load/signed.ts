import { join } from "@std/path";
import { importKey, signBytes, verifySignature } from "../../lib/auth/x_signature.ts";
import { hash } from "../../lib/util/hash.ts";
import { median } from "../process.ts";

/** The key of every server. The development key is refused beyond this machine. */
export const KEY = "measured-with-this-key";

/** The headers of bodies that are sent in turn: their signatures stand in the file. */
export const JSON_TYPE: Readonly<Record<string, string>> = { "Content-Type": "application/json" };

/** A body in a file, as `wrk` reads it, with its signature. */
export interface SignedBody {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its signature, in the form that a server expects. */
  readonly signature: Readonly<Record<SignatureForm, string>>;
}

/** How a signature is written: uStore has Base64. */
export type SignatureForm = "base64" | "hex";

/**
 * Signs a document and writes it into a file.
 *
 * @param folder Where.
 * @param name The file's name.
 * @param document What is sent as JSON.
 */
export async function writeSigned(
  folder: string,
  name: string,
  document: unknown,
): Promise<SignedBody> {
  const file = join(folder, `${name}.json`);
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  await Deno.writeFile(file, bytes);
  const digest = await digestOf(bytes);
  return {
    file,
    bytes,
    signature: { base64: digest.toBase64(), hex: digest.toHex() },
  };
}

const signingKey = await crypto.subtle.importKey(
  "raw",
  new TextEncoder().encode(KEY),
  { name: "HMAC", hash: "SHA-512" },
  false,
  ["sign"],
);

/** The HMAC-SHA512 of bytes with the key of every server. */
export async function digestOf(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", signingKey, body));
}

/** The headers of such a body. */
export function headersOf(
  { signature }: Pick<SignedBody, "signature">,
  form: SignatureForm = "base64",
): Readonly<Record<string, string>> {
  return { ...JSON_TYPE, "X-Signature": signature[form] };
}

/** What a signature costs by WebCrypto, beside the hash that it is made of. */
export interface SigningCost {
  /** One verification and one signature, in microseconds. */
  readonly signingUs: number;
  /** The same bytes hashed twice without leaving the thread. */
  readonly hashingUs: number;
}

const SIGNED_IN_TURN = 2000;
const SIGNING_ROUNDS = 5;

/**
 * Measures what each request pays for its signatures: one is verified, and one is made.
 *
 * @param body What is signed.
 */
export async function measureSigning({ bytes, signature }: SignedBody): Promise<SigningCost> {
  const key = await importKey(KEY);
  const signing: number[] = [];
  const hashing: number[] = [];
  for (let round = 0; round < SIGNING_ROUNDS; round++) {
    let startedAt = performance.now();
    for (let index = 0; index < SIGNED_IN_TURN; index++) {
      await verifySignature(key, signature.base64, bytes);
      await signBytes(key, bytes);
    }
    signing.push((performance.now() - startedAt) / SIGNED_IN_TURN * 1000);
    startedAt = performance.now();
    for (let index = 0; index < SIGNED_IN_TURN; index++) {
      hash("sha512", bytes);
      hash("sha512", bytes);
    }
    hashing.push((performance.now() - startedAt) / SIGNED_IN_TURN * 1000);
  }
  return { signingUs: median(signing), hashingUs: median(hashing) };
}
