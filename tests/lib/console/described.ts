/** Holds what the API gives against what its own description says of it. */
import Ajv from "ajv/2020";
import { describeApi } from "../../../lib/console/api/openapi.ts";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

// As it is sent: what is undefined in an object is not.
const document: Described = JSON.parse(JSON.stringify(describeApi(CONSOLE_ROUTES, "1")));
const { Ajv2020 } = Ajv;
const ajv = new Ajv2020({ strict: false, allErrors: true });

/**
 * Tells what of an answer its description does not say, or says otherwise.
 *
 * @param route The method and the path of the route, e.g. `GET /deliveries/{id}`.
 * @param answer Its status and its JSON.
 */
export function undescribedOf(
  route: string,
  { status, json }: { readonly status: number; readonly json: unknown },
): readonly string[] {
  const [method = "", path = ""] = route.split(" ");
  const { responses } =
    document.paths[`/api/v1${path.replace("...}", "}")}`]?.[method.toLowerCase()] ??
      { responses: {} };
  const schema = (responses[String(status)] ?? responses["default"])
    ?.content["application/json"]?.schema;
  if (schema === undefined) return [`${route} ${status} is not described`];
  // The schema of errors stands elsewhere in the document.
  const whole = "$ref" in schema ? { ...document, ...schema } : closed(schema);
  const validate = ajv.compile(whole);
  if (validate(json)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${route} ${instancePath} ${message} ${JSON.stringify(params)}`
  );
}

/** A description lets later versions give more; this one gives what it says. */
function closed(schema: unknown): object {
  const entries = Object.entries(Object(schema)).map(([name, value]) => [
    name,
    Array.isArray(value)
      ? value.map((one) => typeof one === "object" && one !== null ? closed(one) : one)
      : typeof value === "object" && value !== null
      ? name === "properties"
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one)]))
        : closed(value)
      : value,
  ]);
  const isObject = Object.hasOwn(Object(schema), "properties") &&
    !Object.hasOwn(Object(schema), "additionalProperties");
  return Object.fromEntries(isObject ? [...entries, ["additionalProperties", false]] : entries);
}
