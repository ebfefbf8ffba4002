/** How callers prove who they are. */
import type { AuthScheme } from "../auth/authenticator.ts";
import { EMPORIX_SIGNATURE_HEADER } from "../auth/emporix/emporix_signature.ts";
import { SIGNATURE_HEADER } from "../auth/x_signature.ts";
import type { Part } from "./components.ts";

const STANDARD = "The signature of Standard Webhooks over `{id}.{timestamp}.{body}`: " +
  "`v1,` with HMAC-SHA256 or `v1a,` with ed25519; several with spaces between them.";

/** Every way, by its name. */
export const SECURITY_SCHEMES = {
  xSignature: {
    type: "apiKey",
    in: "header",
    name: SIGNATURE_HEADER,
    description: "Base64 of the HMAC-SHA512 of the exact bytes of the body, by a signature key.",
  },
  emporixSignature: {
    type: "apiKey",
    in: "header",
    name: EMPORIX_SIGNATURE_HEADER,
    description: "The signature of Emporix's HTTP provider.",
  },
  webhookSignature: {
    type: "apiKey",
    in: "header",
    name: "webhook-signature",
    description: STANDARD,
  },
  svixSignature: { type: "apiKey", in: "header", name: "svix-signature", description: STANDARD },
  basic: { type: "http", scheme: "basic", description: "A user name and a password." },
} as const satisfies Part;

/** Either of these suffices; an empty list asks nothing. */
const REQUIREMENTS: Readonly<Record<AuthScheme, readonly (keyof typeof SECURITY_SCHEMES)[]>> = {
  "x-signature": ["xSignature"],
  "emporix-signature": ["emporixSignature"],
  "standard-webhooks": ["webhookSignature", "svixSignature"],
  "basic": ["basic"],
  "none": [],
};

/**
 * Writes the `security` of an endpoint.
 *
 * @param scheme How its caller proves who it is.
 * @returns The requirements, of which one has to be met.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(securityOf("basic"), [{ basic: [] }]);
 * assertEquals(securityOf("none"), []);
 * ```
 */
export function securityOf(scheme: AuthScheme): readonly Part[] {
  return REQUIREMENTS[scheme].map((name) => ({ [name]: [] }));
}

/**
 * Describes the headers that belong to a proof beside the signature itself.
 *
 * @param scheme How the caller proves who it is.
 * @returns The parameters of a request.
 */
export function proofParameters(scheme: AuthScheme): readonly Part[] {
  if (scheme !== "standard-webhooks") return [];
  return ["webhook", "svix"].flatMap((prefix) => [
    {
      name: `${prefix}-id`,
      in: "header",
      description: `The message's id. Needed beside \`${prefix}-signature\`.`,
      schema: { type: "string", maxLength: 256 },
    },
    {
      name: `${prefix}-timestamp`,
      in: "header",
      description: `When it was sent, in Unix seconds. Needed beside \`${prefix}-signature\`.`,
      schema: { type: "string", pattern: "^\\d{1,12}$" },
    },
  ]);
}
