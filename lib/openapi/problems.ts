/** The errors that are answered. */
import { PROBLEM_STATUSES, type ProblemCode } from "../http/problem/problem.ts";
import type { Part } from "./components.ts";
import { type HeaderName, headersOf } from "./headers.ts";

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
