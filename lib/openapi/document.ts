import { createComponents, HEADERS, PARAMETERS, type Part, PROBLEM_SCHEMA } from "./components.ts";
import { type DescribedEndpoint, endpointPaths, SECURITY_SCHEMES } from "./endpoint_paths.ts";
import { adminPaths, exportPaths, healthPaths, type Places } from "./own_paths.ts";

/** What is described. */
export interface Described extends Places {
  /** The program's version. */
  readonly version: string;
  readonly endpoints: readonly DescribedEndpoint[];
}

const DESCRIPTION =
  `What Storehook answers over HTTP: the endpoints of one config, health checks, ` +
  `exported lists and metrics. Every other path is answered with a 404, and every error has the ` +
  `same body, in the language of Accept-Language. On endpoints of uStore every answer is signed.`;

/**
 * Describes all HTTP by OpenAPI 3.1.
 *
 * @param described What is there.
 * @returns The document, to be written as JSON. It holds no secrets.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const document = describeHttp({
 *   version: "1.0.0",
 *   publicUrl: "https://hooks.example.com",
 *   adminUrl: "http://127.0.0.1:8081",
 *   endpoints: [],
 * });
 * assertEquals(document.openapi, "3.1.0");
 * ```
 */
export function describeHttp({ version, endpoints, ...places }: Described): Part {
  const components = createComponents();
  const paths = [
    ...endpoints.map((described) => endpointPaths(described, components)),
    healthPaths(places, components),
    exportPaths(components),
    adminPaths(places),
  ];
  const summaries = new Map(endpoints.map(({ endpoint, summary }) => [endpoint.kind, summary]));
  return {
    openapi: "3.1.0",
    info: { title: "Storehook", version, description: DESCRIPTION },
    servers: [{ url: places.publicUrl }],
    tags: [...summaries].map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(paths.flatMap((some) => Object.entries(some))),
    components: {
      schemas: { Problem: PROBLEM_SCHEMA, ...components.schemas() },
      headers: HEADERS,
      parameters: PARAMETERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
