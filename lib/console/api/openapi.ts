/** Describes the API by OpenAPI, made of its routes. */
import * as z from "zod";
import { CONSOLE_ERRORS } from "../errors.ts";
import { OUTPUTS } from "./outputs.ts";
import { API_PATH, type ConsoleRoute } from "./route.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

const ERROR = { $ref: "#/components/schemas/Error" } as const;

/**
 * Describes the API.
 *
 * @param routes All of its routes.
 * @param version The version of the program.
 * @returns A document of OpenAPI 3.1, to be written as JSON.
 */
export function describeApi(routes: readonly ConsoleRoute[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = `${API_PATH}${route.path.replace("...}", "}")}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Storehook console",
      version,
      description: "All that the pages of the console do. Names are those of `--json` of the " +
        "commands. Every error is answered with a message, a code and the id of the request.",
    },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A token of console.tokens." },
        session: { type: "apiKey", in: "cookie", name: "storehook_session" },
      },
      schemas: {
        Error: {
          type: "object",
          required: ["message", "code", "requestId"],
          properties: {
            message: { type: "string", description: "For people." },
            code: { type: "string", examples: Object.keys(CONSOLE_ERRORS) },
            requestId: { type: "string" },
          },
        },
      },
    },
  };
}

function operationOf(route: ConsoleRoute): object {
  const { method, path, summary, role, input } = route;
  const { properties = {}, required = [] } = inputSchema(input);
  const names = [...path.matchAll(/\{(\w+)(?:\.\.\.)?\}/g)].map(([, name = ""]) => name);
  const sent = Object.entries(properties).filter(([name]) => !names.includes(name));
  const inPath = names.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: schemaOf(properties[name]),
  }));
  const inQuery = method === "POST" ? [] : sent.map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...describe(schema),
    schema: schemaOf(schema),
  }));
  const parameters = [...inPath, ...inQuery];
  return {
    summary,
    operationId: `${method.toLowerCase()}${path.replace(/[/{}.]+/g, "_").replace(/_$/, "")}`,
    description: `For the role ${role} and those above it.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(method === "GET" ? {} : {
      requestBody: {
        required: required.some((name) => !names.includes(name)),
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: Object.fromEntries(sent),
              required: required.filter((name) => !names.includes(name)),
            },
          },
        },
      },
    }),
    responses: {
      200: { description: summary, content: contentOfAnswer(route) },
      ...Object.fromEntries(
        Object.entries(ERROR_ANSWERS).map(([status, description]) => [
          status,
          { description, content: { "application/json": { schema: ERROR } } },
        ]),
      ),
    },
  };
}

const ERROR_ANSWERS: Readonly<Record<string, string>> = {
  400: "What was sent cannot be used.",
  401: "Nobody is signed in.",
  403: "The role does not allow it, or a page of another site sent it.",
  404: "There is no such thing.",
  409: "It cannot be done with this one, or not now.",
  default: "Any other error, such as 413 for a body that is too large, or 503.",
};

function contentOfAnswer({ method, path }: ConsoleRoute): object {
  if (path === "/live") return { "text/event-stream": { schema: { type: "string" } } };
  if (path.endsWith("/export")) {
    return {
      "text/csv": { schema: { type: "string" } },
      "application/jsonl": { schema: { type: "string" } },
    };
  }
  if (/\/(?:body|answer|payload)$/.test(path)) {
    return { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
  }
  const output = OUTPUTS[`${method} ${path}`];
  const schema = output === undefined ? { type: "object" } : outputSchema(output);
  return { "application/json": { schema } };
}

function inputSchema(input: z.ZodObject): JsonSchema {
  return withoutDialect(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
}

/** A later version may give more: whoever reads it takes what it knows. */
function outputSchema(output: z.ZodType): JsonSchema {
  return withoutDialect(z.toJSONSchema(output, {
    ...{ io: "output", unrepresentable: "any" },
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }));
}

/** The document says once which dialect it is. */
function withoutDialect({ $schema: _dialect, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function schemaOf(schema: unknown): object {
  return typeof schema === "object" && schema !== null ? schema : {};
}

function describe(schema: unknown): object {
  const description: unknown = Reflect.get(schemaOf(schema), "description");
  return typeof description === "string" ? { description } : {};
}
