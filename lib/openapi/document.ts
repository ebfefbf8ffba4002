/** The description of all HTTP as one document, with what the program answers by itself. */
import * as z from "zod";
import { exportedListSchema } from "../exports/exported_list.ts";
import {
  COMMON_PARAMETERS,
  type Components,
  createComponents,
  HEADERS,
  headersOf,
  PARAMETERS,
  type Part,
  PROBLEM_SCHEMA,
  problemResponses,
} from "./components.ts";
import { type DescribedEndpoint, endpointPaths, SECURITY_SCHEMES } from "./endpoint_paths.ts";

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

const health = z.strictObject({
  status: z.enum(["ok", "unavailable"]),
  reason: z.string().optional().meta({ description: "Why it is not ready." }),
  details: z.record(z.string(), z.unknown()).optional().meta({
    description: "What somebody should look into; never a reason not to be ready.",
  }),
});

const exported = z.strictObject({
  version: z.int().min(1).meta({ description: "Which version of the list it is." }),
  savedAt: z.string().meta({ description: "When it came, in ISO 8601." }),
  ...exportedListSchema().shape,
});

/** The two places from which the program is asked. */
export interface Places {
  /** How others reach the public listener. */
  readonly publicUrl: string;
  /** Where the listener for the people who run it listens. */
  readonly adminUrl: string;
}

/**
 * Describes the health checks, which both listeners answer.
 *
 * @param places The listeners.
 * @param components Where their schemas go.
 * @returns What stands at each path.
 */
export function healthPaths({ publicUrl, adminUrl }: Places, components: Components): Part {
  const content = { "application/json": { schema: components.refer("Health", health) } };
  const ok = { 200: { description: "It is.", content } };
  const unready = {
    503: {
      description: "It is not, for the reason that it gives.",
      headers: headersOf(["Retry-After"]),
      content,
    },
  };
  const servers = [{ url: publicUrl }, { url: adminUrl }];
  const readiness = {
    servers,
    ...readable("health", "whether it is ready", {
      ...ok,
      ...unready,
      ...problemResponses([400, 421], []),
    }),
  };
  return {
    "/livez": {
      servers,
      ...readable("health", "whether it runs", {
        ...ok,
        ...problemResponses([400, 421], []),
      }),
    },
    "/readyz": readiness,
    "/healthz": readiness,
  };
}

/**
 * Describes the pages of exported lists.
 *
 * @param components Where their schemas go.
 * @returns What stands at each path.
 */
export function exportPaths(components: Components): Part {
  const form = { schema: { type: "string" } };
  const operations = readable("exports", "an exported list", {
    200: {
      description: "The list: a page for people, or a file for programs.",
      headers: headersOf(["X-Request-Id", "Content-Language", "Content-Disposition"]),
      content: {
        "text/html": form,
        "application/json": { schema: components.refer("ExportedList", exported) },
        "text/csv": form,
      },
    },
    ...problemResponses([400], []),
    ...problemResponses([404, 405, 429, 500, 503], [], ["text/html"]),
  });
  const file = {
    name: "file",
    in: "path",
    required: true,
    description:
      "The list's token, which is a secret, and the form that is wanted. Without a form " +
      "the header Accept chooses it.",
    schema: { type: "string", pattern: "^[\\w-]{22}(\\.(html|json|csv))?$" },
  };
  const version = {
    name: "version",
    in: "query",
    description: "Which version; the newest without it.",
    schema: { type: "integer", minimum: 1 },
  };
  const parameters = [file, version, ...COMMON_PARAMETERS];
  return { "/exports/{file}": { parameters, ...operations } };
}

/**
 * Describes what the listener for the people who run the program answers.
 *
 * @param places The listeners.
 * @returns What stands at each path.
 */
export function adminPaths({ adminUrl }: Places): Part {
  const operations = readable("metrics", "how it fares, for Prometheus", {
    200: {
      description: "The text format of Prometheus, version 0.0.4.",
      content: { "text/plain": { schema: { type: "string" } } },
    },
    ...problemResponses([400, 421, 500], []),
  });
  const servers = [{ url: adminUrl }];
  const page = {
    name: "page",
    in: "path",
    required: true,
    description: "The name of a page, e.g. errors.",
    schema: { type: "string", pattern: "^[\\w-]+$" },
  };
  const pages = readable("docs", "a page of the documentation", {
    200: {
      description: "The page, in Markdown.",
      content: { "text/plain": { schema: { type: "string" } } },
    },
    ...problemResponses([400, 404, 421, 500], []),
  });
  return {
    "/metrics": { servers, ...operations },
    "/docs/{page}": { servers, parameters: [page], ...pages },
  };
}

/** `GET`, and `HEAD`, whose answer is the same without a body. */
function readable(tag: string, summary: string, answers: Part): Part {
  const responses = { ...problemResponses([405], []), ...answers };
  const withoutBodies = Object.entries(responses).map(([status, answer]) => {
    if (typeof answer !== "object" || answer === null) return [status, answer];
    const { content: _, ...head } = { content: undefined, ...answer };
    return [status, head];
  });
  const operation = { tags: [tag], summary, security: [] };
  return {
    get: { ...operation, responses },
    head: { ...operation, responses: Object.fromEntries(withoutBodies) },
  };
}
