import * as z from "zod";
import vectors from "../../../vectors/standard_webhooks.json" with { type: "json" };

/** From the public test suites of Standard Webhooks (Apache 2.0) and Svix (MIT). */
export const VECTORS = z.array(
  z.object({
    name: z.string(),
    secret: z.string().optional(),
    publicKey: z.string().optional(),
    id: z.string(),
    timestamp: z.string(),
    body: z.string(),
    signature: z.string(),
  }),
).length(5).parse(vectors);

export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
/** The key pair of the vector "ed25519", from the public documentation of Svix's server. */
export const PRIVATE_KEY =
  "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
export const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

/** What the samples are made of. */
export const MESSAGE = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: 1614265330,
  body: new TextEncoder().encode('{"test": 2432232314}'),
};

/** Of the vector "reference suite", over {@linkcode MESSAGE} with {@linkcode SECRET}. */
export const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
/** Of the vector "several signatures": of the right length, and wrong. */
export const WRONG = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

/** The headers of a message, by the names of the standard or of Svix. */
export function headersOf(
  id: string,
  timestamp: string | number,
  signature: string,
  prefix = "webhook",
): Headers {
  return new Headers({
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(timestamp),
    [`${prefix}-signature`]: signature,
  });
}

/** A clock that stands, seconds after {@linkcode MESSAGE} was signed. */
export function clockAt(secondsLater: number): { readonly now: () => number } {
  return { now: () => (MESSAGE.timestamp + secondsLater) * 1000 };
}
