/** What the document describes once and refers to: schemas, headers, and answers with errors. */
import * as z from "zod";
import { PROBLEM_STATUSES, type ProblemCode } from "../http/problem/problem.ts";

/** A part of the document. */
export type Part = Readonly<Record<string, unknown>>;

/** The schemas that the document names, while it is put together. */
export interface Components {
  /**
   * Adds a schema, and those within it that have an id of their own.
   *
   * @param name What it is called, unless it has an id.
   * @param schema The schema.
   * @returns The reference to it.
   */
  refer(name: string, schema: z.ZodType): Part;
  /** All that were added, by name. */
  schemas(): Part;
}

/**
 * Starts a collection of schemas.
 *
 * @returns The collection, empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const components = createComponents();
 * assertEquals(components.refer("Name", z.string()), { $ref: "#/components/schemas/Name" });
 * assertEquals(components.schemas(), { Name: { type: "string" } });
 * ```
 */
export function createComponents(): Components {
  const added = new Map<string, unknown>();
  return {
    refer(name, schema) {
      const id = schema.meta()?.id ?? name;
      const options = { target: "draft-2020-12", io: "input", unrepresentable: "any" } as const;
      const { $defs = {}, ...written } = z.toJSONSchema(schema, options);
      for (const [key, part] of Object.entries({ [id]: written, ...$defs })) {
        added.set(key, inDocument(part));
      }
      return { $ref: `#/components/schemas/${id}` };
    },
    schemas: () => Object.fromEntries([...added].toSorted(([a], [b]) => a < b ? -1 : 1)),
  };
}

/** What zod writes at the top of a schema; `id` is no keyword any more. */
const OF_A_FILE: ReadonlySet<string> = new Set(["$schema", "id"]);

/** A schema as part of a document, which has one place for schemas. */
function inDocument(schema: object): object {
  const entries = Object.entries(schema).filter(([key]) => !OF_A_FILE.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, withReferences(value)]));
}

/** References to schemas beside it lead to the document's place for them. */
function withReferences(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/^#\/\$defs\//, "#/components/schemas/");
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withReferences(part)]),
  );
}

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

type Status = typeof PROBLEM_STATUSES[ProblemCode];

const MEANINGS: Readonly<Record<Status, string>> = {
  400: "The body or the host can't be read, a field has the wrong type, or a rule refuses it.",
  401: "The proof of who sends is missing or wrong. The answer is the same in each case.",
  404: "There is nothing at this address.",
  405: "Answered to every method that is not listed here.",
  408: "The body did not arrive completely in time. The connection is closed.",
  413: "The body is too large. The connection is closed.",
  415: "The body is not JSON in UTF-8, or it is compressed.",
  421: "The name that was called is none of this server; a setting can allow it.",
  429: "More requests came than the endpoint's rate allows.",
  500: "Something that nobody foresaw. The log has it, under the request's id.",
  503: "It can't be answered now.",
};

/** What the answers of some statuses have beside what every answer has. */
const OWN_HEADERS: ReadonlyMap<Status, HeaderName> = new Map<Status, HeaderName>([
  [405, "Allow"],
  [429, "Retry-After"],
  [503, "Retry-After"],
]);

/** Every error's body. */
export const PROBLEM_SCHEMA: Part = {
  type: "object",
  required: ["message", "code", "requestId"],
  additionalProperties: false,
  properties: {
    message: {
      type: "string",
      description:
        "For people, in the language of Accept-Language. uStore shows it to the shopper " +
        "when the status is 400.",
    },
    code: {
      type: "string",
      enum: Object.keys(PROBLEM_STATUSES),
      description: "Which error it is, for programs.",
    },
    requestId: { type: "string", description: "As in X-Request-Id." },
  },
};

/** The statuses of all errors, in order. */
export const ERROR_STATUSES: readonly Status[] = [...new Set(Object.values(PROBLEM_STATUSES))]
  .toSorted((a, b) => a - b);

/**
 * Describes the answers with errors.
 *
 * @param statuses Their statuses.
 * @param headers What each of them has beside its own headers.
 * @param pages The media types in which people get them.
 * @returns The answers, by status.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Object.keys(problemResponses([404, 405], [])), ["404", "405"]);
 * ```
 */
export function problemResponses(
  statuses: readonly Status[],
  headers: readonly HeaderName[],
  pages: readonly string[] = [],
): Part {
  return Object.fromEntries(
    statuses.map((status) => [status, problemResponse(status, headers, pages)]),
  );
}

function problemResponse(
  status: Status,
  headers: readonly HeaderName[],
  pages: readonly string[],
): Part {
  const own = OWN_HEADERS.get(status);
  const codes = Object.entries(PROBLEM_STATUSES)
    .flatMap(([code, its]) => its === status ? [code] : []);
  return {
    description: MEANINGS[status],
    headers: headersOf([
      "X-Request-Id",
      "Content-Language",
      ...headers,
      ...(own === undefined ? [] : [own]),
    ]),
    content: {
      ...Object.fromEntries(pages.map((type) => [type, { schema: { type: "string" } }])),
      "application/json": {
        schema: {
          allOf: [
            { $ref: "#/components/schemas/Problem" },
            { properties: { code: { enum: codes } } },
          ],
        },
      },
    },
  };
}
