import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { digestOf, headersOf } from "../load/signed.ts";
import type { Contender } from "./contender.ts";

/**
 * Sends one order and checks what is answered: a server that refuses is quick, and proves nothing.
 *
 * @param contender The server.
 * @param path Where.
 * @throws {Error} When its status or its signature is wrong, or it answers what it should refuse.
 */
export async function checkContender(contender: Contender, path: string): Promise<void> {
  const { name, url, signs, signatureForm } = contender;
  const body = new TextEncoder().encode(JSON.stringify(orderApproval));
  const post = (digest: Uint8Array<ArrayBuffer>) =>
    fetch(`${url}${path}`, {
      method: "POST",
      body,
      headers: headersOf(
        { signature: { base64: digest.toBase64(), hex: digest.toHex() } },
        signatureForm,
      ),
      // One that tries for ever says nothing.
      signal: AbortSignal.timeout(10_000),
    });

  const answer = await post(await digestOf(body));
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`Cannot measure ${name}: it answers ${answer.status}`);
  const signature = (await digestOf(bytes)).toBase64();
  if (signs && answer.headers.get("X-Signature") !== signature) {
    throw new Error(`Cannot measure ${name}: its answer is not signed`);
  }

  const refusal = await post(new Uint8Array(64));
  await refusal.body?.cancel();
  if (refusal.ok) throw new Error(`Cannot measure ${name}: it answers a wrong signature`);
}
