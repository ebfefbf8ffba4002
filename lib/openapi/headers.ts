/** The headers of answers and of requests, described once and referred to. */
import type { Part } from "./components.ts";

const text = { type: "string" } as const;

/** The headers that answers have. */
export const HEADERS = {
  "X-Request-Id": {
    description: "The request's own id where it sent a good one, else a new one. The log and the " +
      "journal name it too.",
    schema: { ...text, pattern: "^[\\w-]{1,64}$" },
  },
  "X-Signature": {
    description: "Base64 of the HMAC-SHA512 of the exact bytes of this body, by the key that " +
      "verified the request, else by the first.",
    schema: { ...text, pattern: "^[A-Za-z0-9+/]{86}==$" },
  },
  "Retry-After": {
    description: "After how many seconds to try again.",
    schema: { type: "integer", minimum: 0 },
  },
  "Allow": { description: "The methods that work here.", schema: text },
  "WWW-Authenticate": { description: "How to prove who sends.", schema: text },
  "Content-Language": { description: "The language of the message or page.", schema: text },
  "Content-Disposition": { description: "The name for a file of it.", schema: text },
} as const satisfies Part;

/** The name of such a header. */
export type HeaderName = keyof typeof HEADERS;

/**
 * Refers to headers of an answer.
 *
 * @param names Their names.
 * @returns The answer's `headers`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(headersOf(["Allow"]), { Allow: { $ref: "#/components/headers/Allow" } });
 * ```
 */
export function headersOf(names: readonly HeaderName[]): Part {
  return Object.fromEntries(
    names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}

/** The headers that any request may have. */
export const PARAMETERS = {
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    description: "An id by which the sender finds the request again. Any other text than this is " +
      "replaced by a new id.",
    schema: { ...text, pattern: "^[\\w-]{1,64}$" },
  },
  Language: {
    name: "Accept-Language",
    in: "header",
    description: "The language of messages and pages: English, German, French, Spanish or Hebrew.",
    schema: text,
    example: "de-AT,de;q=0.9,en;q=0.5",
  },
} as const satisfies Part;

/** What refers to both of {@linkcode PARAMETERS}. */
export const COMMON_PARAMETERS: readonly Part[] = Object.keys(PARAMETERS).map((name) => ({
  $ref: `#/components/parameters/${name}`,
}));
