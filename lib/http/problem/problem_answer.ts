/** An error as it is answered: its text in the language of who asks, and its response. */
import { requestIdOf } from "../context.ts";
import { chooseLanguage } from "../negotiation.ts";
import { type Language, type Messages, Problem } from "./problem.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { he } from "./he.ts";

/** A text and the language it is written in, `undefined` where nobody has said. */
export interface Picked {
  readonly text: string;
  readonly language: string | undefined;
}

/**
 * Picks one of the texts that an admin has given.
 *
 * @param messages One text for everyone, or texts by language: `{ "en": "…", "de-AT": "…" }`.
 * @param headers The request's headers.
 * @returns The text in the language of `Accept-Language`, in English, or the first.
 * @throws {RangeError} When `messages` holds no text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ "Accept-Language": "de-AT" });
 * const texts = { en: "Too expensive", de: "Zu teuer" };
 * assertEquals(pickMessage(texts, headers), { text: "Zu teuer", language: "de" });
 * ```
 */
export function pickMessage(
  messages: string | Readonly<Record<string, string>>,
  headers: Headers,
): Picked {
  if (typeof messages === "string") return { text: messages, language: undefined };
  const language = chooseLanguage(headers, Object.keys(messages));
  return { text: messages[language] ?? "", language };
}

/** An answer as it goes over the wire, before it is signed: that of a handler, or an error. */
export interface WrittenAnswer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Record<string, string>;
}

/** Longest value from the outside that a message repeats, in UTF-16 units. */
const LONGEST_VALUE = 80;
const PLACEHOLDER = /\{(\w+)\}/g;
const LANGUAGE_TAG = /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i;
const encoder = new TextEncoder();

/**
 * Writes the answer to a request that met a problem.
 *
 * @param problem What went wrong.
 * @param headers The request's headers; `Accept-Language` chooses the language.
 * @param requestId The request's id, which the log names too.
 * @returns Status, headers and the exact bytes of the body, ready to be signed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Problem } from "./problem.ts";
 *
 * const { status, body } = problemAnswer(new Problem("not_json"), new Headers(), "r1");
 * assertEquals(status, 400);
 * assertEquals(
 *   new TextDecoder().decode(body),
 *   '{"message":"The request cannot be read because it is not valid JSON.","code":"not_json","requestId":"r1"}',
 * );
 * ```
 */
export function problemAnswer(
  problem: Problem,
  headers: Headers,
  requestId: string,
): WrittenAnswer {
  const { text, language } = problemText(problem, headers);
  const answer = { message: text.toWellFormed(), code: problem.code, requestId };
  return {
    status: problem.status,
    body: encoder.encode(JSON.stringify(answer)),
    headers: {
      "Content-Type": "application/json",
      // What an admin calls a text need not be a language tag, and would break the header then.
      ...(language !== undefined && LANGUAGE_TAG.test(language)
        ? { "Content-Language": language }
        : {}),
      ...problem.headers,
    },
  };
}

/**
 * Writes what an error says to people.
 *
 * @param problem What went wrong.
 * @param headers The request's headers; `Accept-Language` chooses the language.
 * @returns The text and its language.
 */
export function problemText(problem: Problem, headers: Headers): Picked {
  return pickOwn(problem, headers) ?? pickStandard(problem, headers);
}

function pickOwn({ messages }: Problem, headers: Headers): Picked | undefined {
  if (messages === undefined || Object.keys(messages).length === 0) return undefined;
  return pickMessage(messages, headers);
}

function pickStandard({ code, params }: Problem, headers: Headers): Picked {
  const language = chooseLanguage(headers, LANGUAGES);
  const messages = MESSAGES[language];
  const words = code === "wrong_shape" ? inWords(params, messages) : params;
  return { text: fill(messages.problems[code], words), language };
}

/** Puts the two values of a shape error that are words of ours into the shopper's language. */
function inWords(
  params: Readonly<Record<string, string>>,
  { wanted, nothing }: Messages,
): Readonly<Record<string, string>> {
  const word = Object.entries(wanted).find(([key]) => key === params["wanted"])?.[1];
  return {
    ...params,
    ...(word === undefined ? {} : { wanted: word }),
    ...(params["found"] === "nothing" ? { found: nothing } : {}),
  };
}

function fill(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(PLACEHOLDER, (_, name: string) => shorten(params[name] ?? "?"));
}

function shorten(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  // A cut through a surrogate pair would leave half a character.
  return `${value.slice(0, LONGEST_VALUE).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * Answers a request that belongs to no endpoint with an error.
 *
 * @param request The request.
 * @param problem What is wrong with it.
 * @returns The answer, which is not signed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Problem } from "./problem.ts";
 *
 * assertEquals(refuse(new Request("http://host/a"), new Problem("not_found")).status, 404);
 * ```
 */
export function refuse(request: Request, problem: Problem): Response {
  const requestId = requestIdOf(request.headers);
  const { status, body, headers } = problemAnswer(problem, request.headers, requestId);
  return new Response(body, {
    status,
    headers: { ...headers, "X-Request-Id": requestId, "Cache-Control": "no-store" },
  });
}

/**
 * Answers a request whose method the path doesn't take.
 *
 * @param request The request.
 * @param allowed The methods that it takes, as `Allow` lists them.
 * @returns The answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://host/livez", { method: "PUT" });
 * assertEquals(refuseMethod(request, "GET, HEAD").headers.get("Allow"), "GET, HEAD");
 * ```
 */
export function refuseMethod(request: Request, allowed: string): Response {
  return refuse(request, new Problem("method_not_allowed", { headers: { Allow: allowed } }));
}

/** The texts of every language. */
export const MESSAGES: Readonly<Record<Language, Messages>> = { en, de, fr, es, he };

/** The languages of {@linkcode MESSAGES}. */
export const LANGUAGES: readonly Language[] = ["en", "de", "fr", "es", "he"];
