/** Holds answers against a description of all HTTP. */
import { Ajv2020 } from "ajv/2020";
import * as z from "zod";

const referenceShape = z.strictObject({ $ref: z.string() });
const responseShape = z.looseObject({
  headers: z.record(z.string(), referenceShape).default({}),
  content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })).optional(),
});
const operationShape = z.looseObject({ responses: z.record(z.string(), responseShape) });
const methodShape = z.enum(["get", "head", "post", "options"]);
const pathShape = z.looseObject(
  Object.fromEntries(methodShape.options.map((method) => [method, operationShape.optional()])),
);
const documentShape = z.looseObject({
  paths: z.record(z.string(), pathShape),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
});

/** Headers that not every answer of a status has. */
const SOMETIMES = new Set(["Content-Language", "Content-Disposition"]);

/** An answer, with the description's path and method of what was asked. */
export interface Answered {
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A description. */
export interface Contract {
  /** Says in what an answer is not as it is described. */
  mistakesOf(answered: Answered): readonly string[];
  /** Says in what a value does not fit a schema of the description. */
  mistakesIn(name: string, value: unknown): readonly string[];
  /** Every status of every operation: `post /emporix 204`. */
  readonly promises: readonly string[];
}

/**
 * Reads a description.
 *
 * @param json The parsed JSON of an OpenAPI document.
 */
export function readContract(json: unknown): Contract {
  const { paths, components } = documentShape.parse(json);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

  function mistakesIn(schema: object, value: unknown): readonly string[] {
    const { schemas } = components;
    const validate = ajv.compile({ ...schema, components: { schemas } });
    validate(value);
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }

  function mistakesOf({ path, method, status, headers, text }: Answered): readonly string[] {
    const item = paths[path];
    const asked = methodShape.safeParse(method.toLowerCase()).data;
    // What is not listed is a wrong method, which the operation that is listed tells of.
    const name = asked !== undefined && item?.[asked] !== undefined
      ? asked
      : item?.post === undefined
      ? "get"
      : "post";
    const response = item?.[name]?.responses[status];
    if (response === undefined) return [`${method} ${path} is not described with ${status}`];
    const missing = Object.keys(response.headers)
      .filter((header) => !SOMETIMES.has(header) && !headers.has(header))
      .map((header) => `${method} ${path} ${status} has no ${header}`);
    const [type = ""] = (headers.get("content-type") ?? "").split(";");
    if (response.content === undefined || method === "HEAD") {
      return text === "" ? missing : [...missing, `${method} ${path} ${status} has a body`];
    }
    const content = response.content[type];
    if (content === undefined) return [...missing, `${type} is not described`];
    if (type !== "application/json") return missing;
    return [...missing, ...mistakesIn(content.schema, JSON.parse(text))];
  }

  return {
    mistakesOf,
    mistakesIn: (name, value) => mistakesIn({ $ref: `#/components/schemas/${name}` }, value),
    promises: Object.entries(paths).flatMap(([path, item]) =>
      methodShape.options.flatMap((method) =>
        Object.keys(item[method]?.responses ?? {}).map((status) => `${method} ${path} ${status}`)
      )
    ),
  };
}
