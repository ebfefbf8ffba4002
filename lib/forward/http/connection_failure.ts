/** What the runtime says, and what may be said of it: its own words hold the whole URL. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/dns error|lookup/i, "its name is not known"],
  [/refused/i, "it refuses the connection"],
  [/certificate|UnknownIssuer/i, "its certificate is not trusted"],
  [/tls|handshake/i, "it does not speak TLS as expected"],
  [/unreachable|no route/i, "there is no way to it"],
  [/are blocked/i, "its port is not allowed for HTTP"],
  [/invalid http|parse|invalid header/i, "it does not answer in HTTP"],
  [/closed|reset|broken pipe|eof/i, "it closed the connection without an answer"],
];

/**
 * Says why there was no answer, in words that hold nothing of the request.
 *
 * @param error What `fetch` threw.
 * @returns The reason, for a sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new TypeError("fetch failed", {
 *   cause: new Error("http://user:password@host/: Connection refused (os error 111)"),
 * });
 * assertEquals(connectionFailure(error), "it refuses the connection");
 * ```
 */
export function connectionFailure(error: unknown): string {
  const words = wordsOf(error);
  return REASONS.find(([pattern]) => pattern.test(words))?.[1] ?? "the connection failed";
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  // A URL could hold a word that is looked for, e.g. a host named `certificates`.
  const own = error.message.replaceAll(/\bhttps?:\/\/[^\s)]*/gi, "");
  return `${own} ${wordsOf(error.cause)}`;
}
