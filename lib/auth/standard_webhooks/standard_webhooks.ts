import { concat } from "@std/bytes/concat";
import {
  type Authenticator,
  importHmacKey,
  keyFingerprint,
  type Verified,
} from "../authenticator.ts";
import { refuseClock, refuseMalformed, refuseSignature } from "../refusals.ts";
import {
  type MessageHeaders,
  readMessageHeaders,
  refuseMessageHeaders,
  signedBytes,
} from "./message.ts";
import { parseSecret, type Secret, type WebhookKeys } from "./secret.ts";

/** How a receiver of Standard Webhooks works. */
export interface StandardWebhooksOptions {
  /** How far the sender's clock may be from this one, either way. Default: 300. */
  readonly toleranceSeconds?: number;
  /** The time, in Unix milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** One signature of the list in the header. */
interface Signature {
  readonly version: Secret["version"];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Key {
  readonly version: Secret["version"];
  readonly verifyAny: WebhookKeys["verifyAny"];
  readonly fingerprint: string;
}

/** 32 bytes of HMAC-SHA256 or 64 of ed25519, in canonical Base64. */
const SIGNATURE =
  /^(?:(v1),([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)|(v1a),([A-Za-z0-9+/]{85}[AQgw]==))$/;

/**
 * Most signatures that are looked at: of ed25519 each costs a hash of the body for every secret. A
 * sender makes one for each of its active secrets, which are two in the middle of a rotation.
 */
const MAX_SIGNATURES = 16;

const WRONG_SECRET = "Copy the secret of this very endpoint from the platform, with its prefix " +
  "'whsec_': each endpoint there has its own. Then check whether a proxy changes the body.";

/**
 * Makes the authenticator of Standard Webhooks and of Svix, whose standard it was before.
 *
 * @param secrets The active secrets as senders show them, of which any verifies.
 * @param options The tolerance and the clock.
 * @returns The authenticator. It signs no answer, since the standard knows none.
 * @throws {RangeError} When there is no secret, one can't be read, or the tolerance is below 0. The
 * message never holds a secret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const auth = await createStandardWebhooks(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], {
 *   now: () => 1614265330_000,
 * });
 * const headers = new Headers({
 *   "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
 *   "webhook-timestamp": "1614265330",
 *   "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
 * });
 * const body = new TextEncoder().encode('{"test": 2432232314}');
 * assertEquals(await auth.verify(headers, body), {
 *   keyIndex: 0,
 *   by: `v1, secret ${auth.keyFingerprints[0]}`,
 * });
 * ```
 */
export async function createStandardWebhooks(
  secrets: readonly string[],
  { toleranceSeconds = 300, now = Date.now }: StandardWebhooksOptions = {},
): Promise<Authenticator> {
  if (secrets.length === 0) {
    throw new RangeError("Cannot verify webhooks: the list of secrets is empty");
  }
  if (!(toleranceSeconds >= 0)) {
    throw new RangeError(
      `Cannot verify webhooks with a tolerance of ${toleranceSeconds} seconds: it is below 0`,
    );
  }
  const keys = await Promise.all(secrets.map(async (text): Promise<Key> => {
    const secret = parseSecret(text);
    const { verifyAny } = await secret.keys();
    return { version: secret.version, verifyAny, fingerprint: keyFingerprint(text) };
  }));
  const fingerprints = keys.map(({ fingerprint }) => fingerprint);
  const versions = new Set(keys.map(({ version }) => version));
  const wanted = `${[...versions].map((version) => `'${version},' and Base64`).join(" or ")}, ` +
    `at most ${MAX_SIGNATURES} of them with blanks between`;
  return {
    scheme: "standard-webhooks",
    keyFingerprints: fingerprints,
    async verify(headers, body) {
      const message = readMessageHeaders(headers);
      if (message === undefined) return refuseMessageHeaders(headers);
      const ageSeconds = Math.floor(now() / 1000) - Number(message.timestamp);
      if (Math.abs(ageSeconds) > toleranceSeconds) return refuseClock(ageSeconds, toleranceSeconds);
      const signatures = readSignatures(message.signature);
      const fitting = signatures.filter(({ version }) => versions.has(version));
      if (fitting.length === 0 || signatures.length > MAX_SIGNATURES) {
        return refuseMalformed(message.header, wanted);
      }
      const bytes = signedBytes(message.id, message.timestamp, body);
      const verified = await findMatch(keys, signatures, bytes);
      if (verified !== undefined) return verified;
      // What is of another version or form was not tried, and may be right for somebody else.
      const isTried = fitting.length === message.signature.trim().split(/ +/).length;
      const hmacs = fitting.filter(({ version }) => version === "v1").map(({ bytes }) => bytes);
      const how = await explainWrongSignature({ message, body, signatures: hmacs, secrets });
      const hint = how ?? WRONG_SECRET;
      const refusal = refuseSignature(message.header, fingerprints, "secret", hint);
      return isTried ? refusal : { ...refusal, disprovedHeader: undefined };
    },
    sign: () => ({}),
  };
}

/** Those of a known version and length: a sender may add others for other receivers. */
function readSignatures(header: string): Signature[] {
  return header.split(" ").flatMap((entry): Signature[] => {
    const [, , hmac, , ed25519] = SIGNATURE.exec(entry) ?? [];
    if (hmac !== undefined) return [{ version: "v1", bytes: Uint8Array.fromBase64(hmac) }];
    if (ed25519 !== undefined) return [{ version: "v1a", bytes: Uint8Array.fromBase64(ed25519) }];
    return [];
  });
}

/** One after the other: the first that matches ends it, so a true sender costs one hash mostly. */
async function findMatch(
  keys: readonly Key[],
  signatures: readonly Signature[],
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Verified | undefined> {
  for (const [keyIndex, { version, verifyAny, fingerprint }] of keys.entries()) {
    const fitting = signatures.filter((one) => one.version === version).map(({ bytes }) => bytes);
    if (fitting.length > 0 && await verifyAny(fitting, bytes)) {
      return { keyIndex, by: `${version}, secret ${fingerprint}` };
    }
  }
  return undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** What is known of a message whose signature none of the secrets makes. */
interface WrongMessage {
  readonly message: MessageHeaders;
  readonly body: Bytes;
  /** The signatures of HMAC that came with it. */
  readonly signatures: readonly Bytes[];
  /** The secrets as the config has them. */
  readonly secrets: readonly string[];
}

/** More is not hashed again for the sake of a finding: anybody can send a wrong signature. */
const MOST_BYTES = 65_536;

const TEXT_AS_KEY =
  "It was made with the secret's text. Where it is signed, take 'whsec_' off and " +
  "decode the rest as Base64: those bytes are the key.";
const BODY_ALONE = "It covers the body alone. Where it is signed, sign '{id}.{timestamp}.{body}'.";
const WITHOUT_ID =
  "It covers the timestamp and the body. Where it is signed, put the id and a dot before them.";

const encoder = new TextEncoder();

/**
 * Finds out how a signature of HMAC was made that is wrong, among the mistakes that senders of their
 * own make.
 *
 * @param wrong What came, and the secrets.
 * @returns What to do, in sentences that hold nothing of the secret; `undefined` when that is not
 * known.
 */
async function explainWrongSignature(
  { message, body, signatures, secrets }: WrongMessage,
): Promise<string | undefined> {
  const [first] = signatures;
  if (body.length > MOST_BYTES || first === undefined) return undefined;
  const whole = signedBytes(message.id, message.timestamp, body);
  const withoutId = concat([encoder.encode(`${message.timestamp}.`), body]);
  for (const secret of secrets.filter((text) => !/^wh(?:pk|sk)_/.test(text))) {
    const bare = secret.replace(/^whsec_/, "");
    const ways: readonly (readonly [key: Bytes, signed: Bytes, words: string])[] = [
      [encoder.encode(secret), whole, TEXT_AS_KEY],
      [encoder.encode(bare), whole, TEXT_AS_KEY],
      [Uint8Array.fromBase64(bare), body, BODY_ALONE],
      [Uint8Array.fromBase64(bare), withoutId, WITHOUT_ID],
    ];
    for (const [bytes, signed, words] of ways) {
      const key = await importHmacKey("SHA-256", bytes);
      if (await crypto.subtle.verify("HMAC", key, first, signed)) return words;
    }
  }
  return undefined;
}
