import { importKey, signBytes, verifySignature } from "../../lib/auth/hmac.ts";
import { SIGNATURE_HEADER } from "../../lib/auth/x_signature.ts";
import type { Sender } from "../sender.ts";

/** Sends as uStore's .NET client does. */
export const ustoreSender: Sender = {
  key: "the signature key, exactly as the store has it",
  status: 200,
  async prepare({ url, body, key, language }) {
    return {
      url,
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        [SIGNATURE_HEADER]: await signBytes(await importKey(key), body),
        "Accept-Language": language,
        "Expect": "100-continue",
      },
    };
  },
  async verify(headers, body, key) {
    const signature = headers.get(SIGNATURE_HEADER);
    if (signature === null) return "missing";
    return await verifySignature(await importKey(key), signature, body) ? "verified" : "wrong";
  },
  newKey: () => crypto.randomUUID(),
  settings: (key) => ({ signatureKeys: [key] }),
};
