import type { Endpoint } from "../http/endpoint.ts";
import { prefixOf } from "../http/request/url.ts";
import type { Components, Part } from "./components.ts";
import { COMMON_PARAMETERS, type HeaderName, headersOf } from "./headers.ts";
import { ERROR_STATUSES, problemResponses } from "./problems.ts";
import { proofParameters, securityOf } from "./security.ts";
import type { Wire } from "./wire.ts";

/** An endpoint of the config, with what its kind says of it. */
export interface DescribedEndpoint {
  readonly endpoint: Pick<Endpoint, "path" | "kind" | "auth" | "intake">;
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
  const { endpoint: { path, intake }, wire: { below } } = described;
  const item = endpointItem(described, components);
  if (intake?.below !== true || below === undefined) return { [path]: item };
  const { name, description, needed } = below;
  const parameter = { name, in: "path", required: true, description, schema: { type: "string" } };
  return {
    ...(needed ? {} : { [path]: item }),
    [`${prefixOf(path)}{${name}}`]: { ...item, parameters: [parameter] },
  };
}

function endpointItem(described: DescribedEndpoint, components: Components): Part {
  const { endpoint: { kind, intake }, summary } = described;
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
    ...(intake === undefined ? {} : { head: probe, options: probe }),
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
        "application/json": { schema: components.refer(`${kind}.request`, wire.request), example },
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
