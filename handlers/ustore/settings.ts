/** Settings that the uStore webhooks share. */
import * as z from "zod";
import { importKey, signBytes, verifySignature } from "../../lib/auth/hmac.ts";
import { SIGNATURE_HEADER } from "../../lib/auth/x_signature.ts";
import type { Sender } from "../handler.ts";
import { LARGEST_ID } from "./custom_configuration.ts";

/** The keys of which any verifies a request. */
export const signatureKeys = z.array(
  z.string().min(1).regex(/\S/, "wanted a key, found white space alone"),
).min(1).meta({
  description: "The signature keys of the store. Any of them verifies a request; the answer is " +
    "signed with the one that did. Several are active while a key is changed.",
});

/** An id of uStore: a group, a manufacturer. */
export const id = z.int().min(0).max(LARGEST_ID);

const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const text = z.string().min(1);

/** The text of a refusal, or texts by language. */
export const message = z.union([
  text,
  z.record(z.string().regex(LANGUAGE, "wanted a language code such as en or de-AT"), text)
    .refine((texts) => Object.keys(texts).length > 0, "wanted at least one language"),
]).meta({
  description: 'The message to the shopper, or messages by language: {"en": …, "de": …}.',
});

/** An outcome that refuses the order. */
export const reject = z.strictObject({
  reject: message.meta({ description: "Refuse with a 400 and this message." }),
});

/**
 * A list of rules: the first whose expression is true gives the outcome.
 *
 * @param then The outcomes that the kind knows.
 */
export function rulesOf<Outcome extends z.ZodType>(then: Outcome) {
  return z.array(z.strictObject({
    name: z.string().min(1).meta({ description: "Shown wherever the decision is explained." }),
    when: z.string().min(1).meta({ description: "A CEL expression over what rules see." }),
    then: then.meta({ description: "The outcome when the expression is true." }),
  })).default([]).meta({ description: "Tried in order; the first match decides." });
}

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
