import { digestOf, headersOf, type SignedBody } from "../load/signed.ts";
import type { Contender } from "./peers.ts";

/**
 * Sends one request and checks its answer: a server that refuses is quick, and proves nothing.
 *
 * @param contender The server.
 * @param path Where.
 * @param body What is sent.
 * @throws {Error} When its status or its signature is wrong, or it answers what it should refuse.
 */
export async function checkContender(
  contender: Contender,
  path: string,
  body: SignedBody,
): Promise<void> {
  const { name, url, signs, signatureForm } = contender;
  const post = (headers: Readonly<Record<string, string>>) =>
    fetch(`${url}${path}`, { method: "POST", body: body.bytes, headers: { ...headers } });

  const answer = await post(headersOf(body, signatureForm));
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`Cannot measure ${name}: it answers ${answer.status}`);
  const signature = (await digestOf(bytes)).toBase64();
  if (signs && answer.headers.get("X-Signature") !== signature) {
    throw new Error(`Cannot measure ${name}: its answer is not signed`);
  }

  const wrong = { base64: `${"A".repeat(86)}==`, hex: "0".repeat(128) };
  const refusal = await post(headersOf({ signature: wrong }, signatureForm));
  await refusal.body?.cancel();
  if (refusal.ok) throw new Error(`Cannot measure ${name}: it answers a wrong signature`);
}
