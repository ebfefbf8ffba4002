/** The paths of endpoints: what goes over the wire there, and how callers prove who they are. */
import type * as z from "zod";
import type { AuthScheme } from "../auth/authenticator.ts";
import { EMPORIX_SIGNATURE_HEADER } from "../auth/emporix.ts";
import { SIGNATURE_HEADER } from "../auth/x_signature.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { prefixOf } from "../http/request.ts";
import {
  COMMON_PARAMETERS,
  type Components,
  ERROR_STATUSES,
  type HeaderName,
  headersOf,
  type Part,
  problemResponses,
} from "./components.ts";

/** What goes over the wire at the endpoints of a kind, to be described. Nothing is judged by it. */
export interface Wire {
  /** Describes the body of a request, as far as it is read; the same each time. */
  readonly request: () => z.ZodType;
  /** The body of a 200; without it the answer is a 204. */
  readonly answer?: z.ZodType;
  /** Where the paths below the endpoint's own belong to it: what stands there. */
  readonly below?: {
    readonly name: string;
    readonly description: string;
    /** Whether the endpoint's own path alone is refused. */
    readonly needed: boolean;
  };
}

/** An endpoint of the config, with what its kind says of it. */
export interface DescribedEndpoint {
  readonly endpoint: Pick<Endpoint, "path" | "kind" | "auth" | "ingestion">;
  /** One line for people. */
  readonly summary: string;
  readonly wire: Wire;
  /** A real request. */
  readonly example: unknown;
}

/** What the server answers where it is no endpoint that is called. */
const ELSEWHERE: ReadonlySet<number> = new Set([404, 421]);

/**
 * Describes the paths of an endpoint: its own, and what stands below it.
 *
 * @param described The endpoint.
 * @param components Where its schemas go.
 * @returns What stands at each of its paths.
 */
export function endpointPaths(described: DescribedEndpoint, components: Components): Part {
  const { endpoint: { path, ingestion }, wire: { below } } = described;
  const item = endpointItem(described, components);
  if (ingestion?.below !== true || below === undefined) return { [path]: item };
  const { name, description, needed } = below;
  const parameter = { name, in: "path", required: true, description, schema: { type: "string" } };
  return {
    ...(needed ? {} : { [path]: item }),
    [`${prefixOf(path)}{${name}}`]: { ...item, parameters: [parameter] },
  };
}

function endpointItem(described: DescribedEndpoint, components: Components): Part {
  const { endpoint: { kind, ingestion }, summary } = described;
  const probe = {
    tags: [kind],
    summary: "whether the endpoint is there",
    security: [],
    responses: { 204: { description: "It is.", headers: headersOf(["X-Request-Id"]) } },
  };
  return {
    summary,
    post: endpointPost(described, components),
    // So do platforms ask before they send events there.
    ...(ingestion === undefined ? {} : { head: probe, options: probe }),
  };
}

function endpointPost(
  { endpoint: { kind, auth }, summary, wire, example }: DescribedEndpoint,
  components: Components,
): Part {
  const signed: readonly HeaderName[] = auth.scheme === "x-signature" ? ["X-Signature"] : [];
  const statuses = ERROR_STATUSES.filter((status) => !ELSEWHERE.has(status));
  return {
    tags: [kind],
    summary,
    security: securityOf(auth.scheme),
    parameters: [...COMMON_PARAMETERS, ...proofParameters(auth.scheme)],
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: components.refer(`${kind}.request`, wire.request()),
          example,
        },
      },
    },
    responses: {
      ...goodResponse(kind, wire, signed, components),
      ...problemResponses(statuses, signed),
      ...(auth.scheme === "basic" ? problemResponses([401], [...signed, "WWW-Authenticate"]) : {}),
    },
  };
}

function goodResponse(
  kind: string,
  { answer }: Wire,
  signed: readonly HeaderName[],
  components: Components,
): Part {
  const headers = headersOf(["X-Request-Id", ...signed]);
  if (answer === undefined) {
    return { 204: { description: "It is kept, also when it was kept before.", headers } };
  }
  const schema = components.refer(`${kind}.answer`, answer);
  const content = { "application/json": { schema } };
  return { 200: { description: "The answer.", headers, content } };
}

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
function proofParameters(scheme: AuthScheme): readonly Part[] {
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
