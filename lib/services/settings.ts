/** The settings of services, with their bounds, defaults and descriptions. */
import * as z from "zod";
import { authorityFile, httpUrl, milliseconds, proxySetting } from "../util/settings.ts";

const breaker = z.strictObject({
  failures: z.int().min(1).max(1000).default(5).meta({
    description: "After how many failures in a row the service is not asked for a while.",
  }),
  resetMs: milliseconds.default(30_000).meta({
    description: "For how long, in milliseconds. Then one question is a trial: when it is " +
      "answered the service is asked again, else it gets the same time again.",
  }),
});

/** A third party that rules can ask. */
export const serviceSettings = z.strictObject({
  url: httpUrl.meta({ description: "Where the service is asked, as a POST." }),
  signatureKey: z.string().min(1).regex(/\S/, "wanted a key, found white space alone").optional()
    .meta({
      description: "The key that signs the question and verifies the answer, in uStore's way. " +
        "Without it neither is signed.",
    }),
  proxy: proxySetting,
  caFile: authorityFile,
  timeoutMs: milliseconds.default(3_000).meta({
    description: "How long the service may take in all, in milliseconds: every attempt and the " +
      "last byte of the answer.",
  }),
  maxAnswerBytes: z.int().min(1).max(67_108_864).default(1_048_576).meta({
    description: "The largest answer of the service, in bytes.",
  }),
  breaker: breaker.prefault({}).meta({
    description: "When the service is left alone, so that shoppers do not wait for it in vain.",
  }),
  onFailure: z.record(z.string(), z.unknown()).optional().meta({
    description: "The outcome when the service gives no answer that can be used: one of the " +
      "endpoint that asks, but no ask. Without it such a delivery is answered with 503.",
  }),
});

/** The settings of a service. Hold a secret: never print them. */
export type ServiceSettings = z.output<typeof serviceSettings> & {
  /** What is in `caFile`, once that was read. */
  readonly authority?: string | undefined;
};
