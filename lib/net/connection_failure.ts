/** What the runtime says of a failure, and what is to be said of it. */
interface Reason {
  readonly pattern: RegExp;
  /** The runtime's own words hold the whole URL. */
  readonly words: string;
  /** Whether the next attempt may well succeed. */
  readonly isPassing: boolean;
}

const REASONS: readonly Reason[] = [
  { pattern: /dns error|lookup/i, words: "its name is not known", isPassing: true },
  { pattern: /refused/i, words: "it refuses the connection", isPassing: true },
  { pattern: /proxy auth/i, words: "the proxy wants other credentials", isPassing: false },
  { pattern: /certificate expired/i, words: "its certificate has expired", isPassing: false },
  {
    pattern: /certificate not valid yet/i,
    words: "its certificate is not valid yet; or the clock of this machine is wrong",
    isPassing: false,
  },
  {
    pattern: /not valid for (?:any )?name|NotValidForName/i,
    words: "its certificate is for another name than the one in the URL",
    isPassing: false,
  },
  {
    pattern: /CaUsedAsEndEntity/i,
    words:
      "its certificate is self-signed and that of an authority: the server needs one that the " +
      "authority signed, and the authority in caFile",
    isPassing: false,
  },
  {
    pattern: /UnknownIssuer/i,
    words: "its certificate is self-signed or of an authority that is not known here: name the " +
      "authority in caFile",
    isPassing: false,
  },
  { pattern: /certificate/i, words: "its certificate is not accepted", isPassing: false },
  { pattern: /tls|handshake/i, words: "it does not speak TLS as expected", isPassing: false },
  { pattern: /unreachable|no route/i, words: "there is no way to it", isPassing: true },
  { pattern: /are blocked/i, words: "its port is not allowed for HTTP", isPassing: false },
  { pattern: /too large/i, words: "the head of its answer is too large", isPassing: false },
  {
    pattern: /invalid http|parse|invalid header/i,
    words: "it does not answer in HTTP",
    isPassing: false,
  },
  {
    pattern: /closed|reset|broken pipe|eof/i,
    words: "it closed the connection without an answer",
    isPassing: true,
  },
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
  return reasonOf(error)?.words ?? "the connection failed";
}

/**
 * Tells whether a connection failed in a way that the next attempt may not: refused, reset, closed
 * before an answer, or a name that could not be looked up.
 *
 * @param error What `fetch` threw.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isPassingFailure(new TypeError("tcp connect error: Connection refused")), true);
 * assertEquals(isPassingFailure(new TypeError("invalid peer certificate: UnknownIssuer")), false);
 * ```
 */
export function isPassingFailure(error: unknown): boolean {
  return reasonOf(error)?.isPassing ?? false;
}

function reasonOf(error: unknown): Reason | undefined {
  const words = wordsOf(error);
  return REASONS.find(({ pattern }) => pattern.test(words));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  // A URL could hold a word that is looked for, e.g. a host named `certificates`.
  const own = error.message.replaceAll(/\bhttps?:\/\/[^\s)]*/gi, "");
  return `${own} ${wordsOf(error.cause)}`;
}
