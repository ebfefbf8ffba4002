const encoder = new TextEncoder();

/**
 * Signs as a platform would, by WebCrypto alone.
 *
 * @param hash The hash function of HMAC.
 * @param key The key; of a text, its UTF-8 bytes.
 * @param body What is signed; of a text, its UTF-8 bytes.
 * @returns The code in Base64.
 */
export async function hmacOf(
  hash: "SHA-256" | "SHA-512",
  key: string | Uint8Array<ArrayBuffer>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const [raw, bytes] = [key, body].map((one) =>
    typeof one === "string" ? encoder.encode(one) : one
  );
  if (raw === undefined || bytes === undefined) throw new TypeError("Cannot sign nothing");
  const algorithm = { name: "HMAC", hash };
  const imported = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes)).toBase64();
}
