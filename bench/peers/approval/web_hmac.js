import { KEY } from "./decide.js";

const algorithm = { name: "HMAC", hash: "SHA-512" };
const key = await crypto.subtle.importKey(
  "raw",
  new TextEncoder().encode(KEY),
  algorithm,
  false,
  ["sign", "verify"],
);

/** Signs bytes. */
export async function sign(body) {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, body)).toBase64();
}

/** Verifies a signature over bytes, in constant time. */
export async function verify(signature, body) {
  return await crypto.subtle.verify("HMAC", key, Uint8Array.fromBase64(signature), body);
}
