import type { ShapeError, Wanted } from "../../rules/cel/evaluation.ts";

/** Every error the program answers with, and its HTTP status. */
export const PROBLEM_STATUSES = {
  not_found: 404,
  method_not_allowed: 405,
  body_timeout: 408,
  body_too_large: 413,
  too_many_events: 413,
  unsupported_media_type: 415,
  malformed_host: 400,
  host_not_allowed: 421,
  not_utf8: 400,
  not_json: 400,
  too_deep: 400,
  signature_mismatch: 401,
  wrong_shape: 400,
  refused: 400,
  undecided: 400,
  unassigned_items: 400,
  conflicting_items: 400,
  unreadable_custom_configuration: 400,
  list_has_errors: 400,
  no_tax_rate: 400,
  too_many_requests: 429,
  overloaded: 503,
  internal_error: 500,
  unavailable: 503,
  service_failed: 503,
} as const;

/** The name of an error, as the answer's `code` gives it. */
export type ProblemCode = keyof typeof PROBLEM_STATUSES;

/** The languages that every message exists in. */
export type Language = "en" | "de" | "fr" | "es" | "he";

/**
 * All texts of one language.
 *
 * A shopper may read them at checkout, so they are plain; paths and values stay in, because they
 * are what the store's admin needs. Placeholders are written `{name}`.
 */
export interface Messages {
  /** The message of every error. */
  readonly problems: Readonly<Record<ProblemCode, string>>;
  /** What a field should have been: `{wanted}` of `wrong_shape`. */
  readonly wanted: Readonly<Record<Wanted, string>>;
  /** Says that a field was missing or empty: `{found}` of `wrong_shape`. */
  readonly nothing: string;
}

/** A text, or one text for each language: `{ "en": "…", "de-AT": "…" }`. */
export type Texts = string | Readonly<Record<string, string>>;

type HeaderRecord = Readonly<Record<string, string>>;

/** What a {@linkcode Problem} can carry besides its code. */
export interface ProblemOptions {
  /** Values for the placeholders of the code's message. */
  readonly params?: Readonly<Record<string, string>>;
  /** The admin's own text; it takes the place of the code's message. */
  readonly messages?: Texts;
  /** Headers of the answer, e.g. `Allow` or `Retry-After`. */
  readonly headers?: HeaderRecord;
  /** The error behind it, for the log alone. */
  readonly cause?: unknown;
}

const DEFAULT_HEADERS: Partial<Record<ProblemCode, HeaderRecord>> = {
  // What is left of an unfinished body would pin the connection: it can't carry another request.
  body_timeout: { Connection: "close" },
  body_too_large: { Connection: "close" },
  // Who is told to come back later is told when, even where the thrower gives no time.
  unavailable: { "Retry-After": "10" },
  service_failed: { "Retry-After": "10" },
  too_many_requests: { "Retry-After": "1" },
  overloaded: { "Retry-After": "1" },
};

/** Placeholders that the log may show; others hold what was sent, which may be about a person. */
const LOGGED: ReadonlySet<string> = new Set(["path", "wanted", "limit", "address", "setting"]);

/**
 * A request that gets an error for an answer.
 *
 * Its own `message` is for the log, so it holds nothing that the request held but the path of a
 * field; the text that is sent is made by `problemAnswer`.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly params: Readonly<Record<string, string>>;
  readonly messages?: Texts;
  readonly headers: HeaderRecord;

  /**
   * @param code Which error.
   * @param options Its placeholders, own texts and headers.
   */
  constructor(readonly code: ProblemCode, options: ProblemOptions = {}) {
    const { params = {}, messages, headers = DEFAULT_HEADERS[code] ?? {}, cause } = options;
    super(describe(code, params), cause === undefined ? undefined : { cause });
    this.params = params;
    this.headers = headers;
    if (messages !== undefined) this.messages = messages;
  }

  /** The HTTP status of the answer. */
  get status(): number {
    return PROBLEM_STATUSES[this.code];
  }
}

function describe(code: ProblemCode, params: Readonly<Record<string, string>>): string {
  const details = Object.entries(params)
    .filter(([name]) => LOGGED.has(name))
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const reason = details.length > 0 ? `${code} with ${details.join(", ")}` : code;
  return `Cannot answer the request: ${reason}`;
}

/**
 * Names the page that explains an error.
 *
 * @param code Which error.
 * @param docsUrl Where the pages of the documentation are served; `undefined` where nobody knows.
 * @returns The URL of its section, or else its place from the root of the repository.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   problemLink("not_json", "http://127.0.0.1:8081/docs"),
 *   "http://127.0.0.1:8081/docs/errors#not_json",
 * );
 * assertEquals(problemLink("not_json"), "docs/errors.md#not_json");
 * ```
 */
export function problemLink(code: ProblemCode, docsUrl?: string): string {
  return docsUrl === undefined ? `docs/errors.md#${code}` : `${docsUrl}/errors#${code}`;
}

/**
 * Makes the answer to a document whose field has the wrong type.
 *
 * @param error Which field, and what was wanted.
 * @returns A `wrong_shape` problem.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ShapeError } from "../../rules/cel/evaluation.ts";
 *
 * const problem = problemOfShape(new ShapeError("Order.Id", "nothing", "id"));
 * assertEquals(problem.params, { path: "Order.Id", found: "nothing", wanted: "id" });
 * ```
 */
export function problemOfShape(error: ShapeError): Problem {
  const { path, found, wanted } = error;
  return new Problem("wrong_shape", { params: { path, found, wanted }, cause: error });
}
