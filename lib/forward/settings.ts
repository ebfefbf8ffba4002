/** The settings of destinations, with their bounds, defaults and descriptions. */
import * as z from "zod";
import { parseSecret } from "../auth/standard_webhooks/secret.ts";
import { lazy } from "../util/memory.ts";
import { authorityFile, filePath, httpUrl, proxySetting } from "../util/settings.ts";
import { MAX_PAUSE_MS, RETRY_DELAYS_MS } from "./retry_policy.ts";

/** Safe characters and placeholders, `{id}` exactly once. */
export const NAME_TEMPLATE =
  /^(?:[A-Za-z\d._-]|\{(?:received|source|type|subject)\})*\{id\}(?:[A-Za-z\d._-]|\{(?:received|source|type|subject)\})*$/;

/** A line break in it would be a second header; the rest is what `fetch` accepts. */
const headers = lazy(() =>
  z.record(
    z.string()
      .regex(/^[!#$%&'*+.^_`|~\dA-Za-z-]+$/, "wanted the name of a header")
      .refine((name) => !isReservedHeader(name), "wanted a header that Storehook does not write"),
    z.string().regex(/^[\x20-\x7e]*$/, "wanted printable ASCII"),
  )
);

const secret = lazy(() =>
  z.string().refine(isSigningSecret, {
    error: "wanted whsec_ and 24 to 64 bytes as Base64, or whsk_ and an ed25519 key as Base64",
  })
);

/** What all of them have. */
const common = lazy(() => ({
  ordered: z.boolean().default(false).meta({
    description: "Whether the events of one subject, e.g. of one cart, arrive in order. An event " +
      "then waits while one before it has to be tried again.",
  }),
  retrySeconds: z.array(z.number().min(0.01).max(604_800)).max(50)
    .default(RETRY_DELAYS_MS.map((delayMs) => delayMs / 1000)).meta({
      description: "How long to wait after the first failed attempt, after the second and so on, " +
        "in seconds. When the last of them fails too, the forward has failed.",
    }),
}));

/** `type: "http"`: a signed request for each event. */
export const httpSettings = lazy(() =>
  z.strictObject({
    type: z.literal("http").meta({ description: "Sends each event as a signed request." }),
    url: httpUrl().meta({ description: "Where it is sent, as a POST." }),
    secret: secret().optional().meta({
      description:
        "The secret that signs it after Standard Webhooks: whsec_… for HMAC, whsk_… for " +
        "ed25519. Without it, requests are not signed.",
    }),
    timeoutMs: z.int().min(1).max(600_000).default(20_000).meta({
      description: "How long the receiver may take to answer, in milliseconds.",
    }),
    concurrency: z.int().min(1).max(256).default(4).meta({
      description: "How many requests run at the same time.",
    }),
    ratePerSecond: z.number().min(0.001).max(100_000).default(50).meta({
      description: "How many requests start in a second. Less than 1 for less than one a second.",
    }),
    ...common(),
    maxPauseMs: z.int().min(0).max(86_400_000).default(MAX_PAUSE_MS).meta({
      description: "For how long at most an answer of 429, 502, 503 or 504 keeps all events from " +
        "the receiver, in milliseconds, whatever its Retry-After asks for.",
    }),
    proxy: proxySetting(),
    caFile: authorityFile(),
    headers: headers().default({}).meta({
      description: "Further headers, e.g. Authorization.",
    }),
  })
);

/** `type: "folder"`: a file for each event. */
export const folderSettings = lazy(() =>
  z.strictObject({
    type: z.literal("folder").meta({ description: "Writes each event as a file." }),
    path: filePath.meta({
      description: "The folder. A relative path starts at the folder of the config.",
    }),
    name: z.string().max(100)
      .regex(NAME_TEMPLATE, "wanted letters, digits, . _ - and placeholders, {id} exactly once")
      .default("{received}-{type}-{id}").meta({
        description: "The name of a file without its extension. {received}, {source}, {type}, " +
          "{subject} and {id} are of the event; {id} has to be in it.",
      }),
    format: z.enum(["json", "jsonl", "csv"]).default("json").meta({
      description:
        "What a file holds: the event as it came (json), the same in one line (jsonl), " +
        "or a table with a row for each of its items (csv).",
    }),
    ...common(),
  })
);

/** A destination. */
export const destinationSettings = lazy(() =>
  z.discriminatedUnion("type", [httpSettings(), folderSettings()])
);

/** The settings of a destination that gets requests. */
export type HttpSettings = z.output<ReturnType<typeof httpSettings>> & {
  /** What is in `caFile`, once that was read. */
  readonly authority?: string | undefined;
};

/** The settings of a destination that gets files. */
export type FolderSettings = z.output<ReturnType<typeof folderSettings>> & {
  /** Whether its path is a relative one, below the folder of the config. */
  readonly isOwn?: boolean | undefined;
};

/** The settings of a destination. */
export type DestinationSettings = HttpSettings | FolderSettings;

function isSigningSecret(text: string): boolean {
  try {
    return parseSecret(text).canSign;
  } catch {
    return false;
  }
}

/**
 * Names that a config may not set: what the request is made of, and what tells of the event. Those
 * that begin with `webhook-` or `storehook-` belong to them too.
 */
const RESERVED: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Tells whether a header is written by the program itself.
 *
 * @param name The name, in any case.
 * @returns Whether a config may not set it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isReservedHeader("Webhook-Id"), true);
 * assertEquals(isReservedHeader("Authorization"), false);
 * ```
 */
export function isReservedHeader(name: string): boolean {
  return RESERVED.has(name.toLowerCase()) || /^(?:webhook|storehook)-/i.test(name);
}
