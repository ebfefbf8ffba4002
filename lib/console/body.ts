/** What is sent to the console: the fields of a query, a form or an object of JSON. */
import { Problem } from "../http/problem/problem.ts";
import type { ConsoleRoute } from "./api/route.ts";
import { ConsoleError } from "./errors.ts";

const MAX_BYTES = 65_536;
const TIMEOUT_MS = 10_000;
/** No page has a form with so many. */
const MOST_FIELDS = 2000;
const FORM = "application/x-www-form-urlencoded";

/**
 * Reads what a request sends.
 *
 * @param request The request.
 * @param at Where; with `GET` its query is what is sent.
 * @param route How much it may be.
 * @returns The fields. Of a field that stands twice in a form all values count, as a list.
 * @throws {Problem} `body_too_large`, `body_timeout`, `unsupported_media_type` or `not_json`.
 * @throws {ConsoleError} `wrong_input` for JSON that is no object, and a form of too many fields.
 */
export async function readInput(
  request: Request,
  at: URL,
  { maxBytes = MAX_BYTES }: Pick<ConsoleRoute, "maxBytes">,
): Promise<Readonly<Record<string, unknown>>> {
  if (request.method !== "POST") return fieldsOf(at.searchParams);
  const type = typeOf(request.headers);
  const bytes = await readAtMost(request, maxBytes);
  const text = new TextDecoder().decode(bytes);
  if (type === FORM) return fieldsOf(new URLSearchParams(withFewFields(text)));
  if (text === "") return {};
  if (type !== "application/json") {
    throw new Problem("unsupported_media_type", { params: { found: type } });
  }
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConsoleError("wrong_input", { path: "the body", reason: "wanted a JSON object" });
  }
  return { ...value };
}

/**
 * Tells whether what is sent is a form, as a page sends it.
 *
 * @param headers The request's headers.
 */
export function isForm(headers: Headers): boolean {
  return typeOf(headers) === FORM;
}

function typeOf(headers: Headers): string {
  return headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** A large form of empty fields would take the thread for long, and so would a page with them. */
function withFewFields(text: string): string {
  if (text.split("&", MOST_FIELDS + 1).length > MOST_FIELDS) {
    const reason = `wanted at most ${MOST_FIELDS} fields`;
    throw new ConsoleError("wrong_input", { path: "the body", reason });
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem("not_json", { cause: error });
  }
}

function fieldsOf(parameters: URLSearchParams): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, found] of Map.groupBy(parameters, ([name]) => name)) {
    const values = found.map(([, value]) => value);
    fields[name] = values.length === 1 ? values[0] : values;
  }
  return fields;
}

/** Nobody gets more memory or time than that, whatever was said of the length. */
async function readAtMost(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reader.cancel().catch(() => undefined);
  }, TIMEOUT_MS);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (isLate) throw new Problem("body_timeout");
      if (done) break;
      length += value.length;
      if (length > maxBytes) {
        reader.cancel().catch(() => undefined);
        throw new Problem("body_too_large", { params: { limit: String(maxBytes) } });
      }
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
