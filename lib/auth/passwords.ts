/** Secrets that are sent as they are: HTTP Basic, a last segment of the URL, and none at all. */
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Authenticator } from "./authenticator.ts";
import { refuseCredentials, refuseLogin, refusePathToken } from "./refusals.ts";

/** What a caller has to know. */
export interface BasicCredentials {
  /** Without a colon, since the first one ends it on the wire. */
  readonly username: string;
  readonly password: string;
}

const CREDENTIALS = /^basic +([A-Za-z0-9+/]*={0,2})$/i;
const COLON = 0x3a;

const encoder = new TextEncoder();

/**
 * Makes the authenticator of HTTP Basic (RFC 7617), with UTF-8 on the wire.
 *
 * @param credentials The user name and the password.
 * @returns The authenticator. It compares in constant time and both fields always, so that the time
 * tells neither which one was wrong nor how much of it was right; it signs no answer.
 * @throws {RangeError} When the password is empty, the user name has a colon, or either has a
 * control character: no caller could be let in, or any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const auth = await createBasic({ username: "ultracart", password: "a:b" });
 * const headers = new Headers({ Authorization: `Basic ${btoa("ultracart:a:b")}` });
 * assertEquals(await auth.verify(headers, new Uint8Array()), { keyIndex: 0, by: "basic" });
 * ```
 */
export async function createBasic(credentials: BasicCredentials): Promise<Authenticator> {
  check(credentials);
  const [username, password] = await Promise.all([
    digest(encoder.encode(credentials.username)),
    digest(encoder.encode(credentials.password)),
  ]);
  return {
    scheme: "basic",
    keyFingerprints: [],
    challenge: { "WWW-Authenticate": 'Basic realm="storehook", charset="UTF-8"' },
    async verify(headers) {
      const given = readCredentials(headers.get("authorization") ?? "");
      if (given === undefined) return refuseCredentials(headers);
      const [givenUsername, givenPassword] = await Promise.all([
        digest(given.username),
        digest(given.password),
      ]);
      const isUsername = timingSafeEqual(username, givenUsername);
      const isPassword = timingSafeEqual(password, givenPassword);
      return isUsername && isPassword ? { keyIndex: 0, by: "basic" } : refuseLogin(isUsername);
    },
    sign: () => ({}),
  };
}

function check({ username, password }: BasicCredentials): void {
  const wrong = password === ""
    ? "the password is empty"
    : username.includes(":")
    ? "the user name has a colon, which ends it on the wire"
    : /\p{Cc}/u.test(username)
    ? "the user name has a control character, such as a line end"
    : /\p{Cc}/u.test(password)
    ? "the password has a control character, such as a line end"
    : undefined;
  if (wrong !== undefined) throw new RangeError(`Cannot check Basic credentials: ${wrong}`);
}

/** Digests are of one length, as a comparison in constant time needs, whatever is compared. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return await crypto.subtle.digest("SHA-256", bytes);
}

/** The bytes before and after the first colon: the password may hold further ones. */
function readCredentials(header: string) {
  const bytes = decode(CREDENTIALS.exec(header)?.[1] ?? "");
  const colon = bytes?.indexOf(COLON) ?? -1;
  if (bytes === undefined || colon === -1) return undefined;
  return { username: bytes.slice(0, colon), password: bytes.slice(colon + 1) };
}

function decode(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    return undefined; // Of a length that no Base64 has.
  }
}

/**
 * Adds a secret last segment of the URL to how an endpoint knows its caller.
 *
 * @param auth What is asked besides.
 * @param path The endpoint's path.
 * @param token The secret.
 * @returns The authenticator: without the token nothing else is looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const auth = withPathToken(createNone(), "/uc", "a-secret-of-the-url");
 * const arrival = { remoteAddress: "192.0.2.1", url: () => new URL("http://host/uc") };
 * const verification = await auth.verify(new Headers(), new Uint8Array(), arrival);
 * assertEquals("reason" in verification && verification.reason, "path_token_missing");
 * ```
 */
export function withPathToken(auth: Authenticator, path: string, token: string): Authenticator {
  const wanted = encoder.encode(path === "/" ? `/${token}` : `${path}/${token}`);
  return {
    ...auth,
    verify(headers, body, arrival) {
      const pathname = arrival?.url().pathname ?? "";
      const found = encoder.encode(pathname);
      // In constant time, for the path holds a secret.
      const isRight = found.length === wanted.length && timingSafeEqual(found, wanted);
      if (!isRight) return refusePathToken(pathname === path || pathname === `${path}/`);
      return auth.verify(headers, body, arrival);
    },
  };
}

/**
 * Makes the authenticator of an endpoint that takes a delivery from anybody. Only for a config that
 * asks for it in so many words.
 *
 * @returns The authenticator: it verifies every request, and signs no answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const verified = await createNone().verify(new Headers(), new Uint8Array());
 * assertEquals(verified, { keyIndex: 0, by: "nobody" });
 * ```
 */
export function createNone(): Authenticator {
  return {
    scheme: "none",
    keyFingerprints: [],
    verify: () => ({ keyIndex: 0, by: "nobody" }),
    sign: () => ({}),
  };
}
