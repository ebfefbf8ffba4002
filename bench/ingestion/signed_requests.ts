/** Requests of Standard Webhooks, signed before they are sent, so that sending costs little. */

/** Where events are taken in, at every peer. */
export const PATH = "/events";

/** The secret with which they are signed. */
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const BODY = JSON.stringify({
  type: "cart.item-added",
  timestamp: "2026-01-01T00:00:00Z",
  data: {
    tenant: "acme",
    cartId: "5c9a7a4d0b2f4b0001d2c3e4",
    itemId: "i-1",
    quantity: 2,
    price: { priceId: "p-1", currency: "EUR", amount: 19.99 },
    product: { id: "604f5c9a7a4d", code: "BC-55", name: "Business cards, 55 x 85 mm" },
  },
});

/**
 * Writes the requests for one round as `wrk.lua` reads them: what stands before the signature, what
 * stands after it, and then an id and its signature in each line. No id was ever there before, since
 * an event that came already costs less.
 *
 * @param file Where.
 * @param count How many.
 */
export async function writeSignedRequests(file: string, count: number): Promise<void> {
  const timestamp = Math.floor(Date.now() / 1000);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = Uint8Array.fromBase64(SECRET.slice("whsec_".length));
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  const head = [
    `POST ${PATH} HTTP/1.1`,
    "Host: bench",
    "Content-Type: application/json",
    `Content-Length: ${new TextEncoder().encode(BODY).length}`,
    `webhook-timestamp: ${timestamp}`,
  ].map((line) => `${line}\\r\\n`).join("");
  const round = crypto.randomUUID();
  const lines = await Promise.all(Array.from({ length: count }, async (_, index) => {
    const id = `msg_${round}_${index}`;
    const content = new TextEncoder().encode(`${id}.${timestamp}.${BODY}`);
    const code = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
    return `${id} v1,${code.toBase64()}`;
  }));
  await Deno.writeTextFile(file, [head, `\\r\\n${BODY}`, ...lines, ""].join("\n"));
}
