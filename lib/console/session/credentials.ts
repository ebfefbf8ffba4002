/** Passwords, tokens and what else is kept as a hash alone. */
import process from "node:process";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { PASSWORD_HASH } from "../../config/console.ts";
import { hash } from "../../util/hash.ts";

/** How much a look at a password costs: 32 MB, and about a tenth of a second. */
const COST = { ln: 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const SECRET_BYTES = 32;

/**
 * Makes a secret that cannot be guessed: a cookie, a link, a token.
 *
 * @returns 256 bits of chance, in letters that any URL and header takes.
 */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * Hashes a secret of {@linkcode newSecret}, or anything else that is only compared: it needs no
 * salt, for nobody can try all of them.
 *
 * @param secret The secret.
 * @returns A SHA-256 in hex.
 */
export function digestOfSecret(secret: string): string {
  return hash("sha256", secret).toHex();
}

/**
 * Hashes a password to be kept.
 *
 * @param password The password; letters that are written in two ways are the same.
 * @returns The hash with all that is needed to compare with it, in the form of PHC strings.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const made = await derive(password, salt, COST, HASH_BYTES);
  return `scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${base64(salt)}$${base64(made)}`;
}

/**
 * Compares a password with a hash.
 *
 * @param password What was given.
 * @param kept What {@linkcode hashPassword} made.
 * @returns Whether it is the password.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const kept = await hashPassword("correct horse");
 * assertEquals(await isPassword("correct horse", kept), true);
 * assertEquals(await isPassword("battery staple", kept), false);
 * ```
 */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [, ln, r, p, salt = "", wanted = ""] = PASSWORD_HASH.exec(kept) ?? [];
  if (ln === undefined) return false;
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const expected = Uint8Array.fromBase64(wanted);
  const made = await derive(password, Uint8Array.fromBase64(salt), cost, expected.length);
  return timingSafeEqual(made, expected);
}

/**
 * Makes a hash that no password has: who is unknown costs as much time as who is known.
 *
 * @param like A hash of somebody who is known, to cost as much; else that of a new one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hashOfNobody(`scrypt$ln=12,r=8,p=1$${"B".repeat(22)}$x`).slice(0, 22), "scrypt$ln=12,r=8,p=1$A");
 * ```
 */
export function hashOfNobody(like: string | undefined): string {
  const [, cost] = /^\$?scrypt\$([^$]+)\$/.exec(like ?? "") ?? [];
  const { ln, r, p } = COST;
  return `scrypt$${cost ?? `ln=${ln},r=${r},p=${p}`}$${"A".repeat(22)}$${"A".repeat(43)}`;
}

interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

function derive(
  password: string,
  salt: Uint8Array,
  { ln, r, p }: Cost,
  byteCount: number,
): Promise<Uint8Array> {
  const { scrypt } = process.getBuiltinModule("node:crypto");
  const N = 2 ** ln;
  const derived = Promise.withResolvers<Uint8Array>();
  // One more block than it takes, which it is refused without.
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) };
  scrypt(password.normalize("NFKC"), salt, byteCount, options, (error, key) => {
    if (error === null) derived.resolve(new Uint8Array(key));
    else derived.reject(error);
  });
  return derived.promise;
}

function base64(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}
