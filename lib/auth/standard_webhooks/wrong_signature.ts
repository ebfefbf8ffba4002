import { importHmacKey } from "../hmac.ts";
import type { MessageHeaders } from "./message.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What is known of a message whose signature none of the secrets makes. */
export interface WrongMessage {
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
export async function explainWrongSignature(
  { message, body, signatures, secrets }: WrongMessage,
): Promise<string | undefined> {
  const [first] = signatures;
  if (body.length > MOST_BYTES || first === undefined) return undefined;
  const whole = joined(`${message.id}.${message.timestamp}.`, body);
  const withoutId = joined(`${message.timestamp}.`, body);
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

function joined(head: string, body: Bytes): Bytes {
  const start = encoder.encode(head);
  const bytes = new Uint8Array(start.length + body.length);
  bytes.set(start);
  bytes.set(body, start.length);
  return bytes;
}
