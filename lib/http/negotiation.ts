/** What a client wishes for, as far as it is read: in which language and which form it is answered. */
import { accepts, acceptsLanguages } from "@std/http/negotiation";

/**
 * Longest text of wishes that is read, in UTF-16 units. Each wish is compared with all there is to
 * choose from: a head full of them, which anybody may send, would take a second. Browsers send 200.
 */
const LONGEST_WISHES = 1024;

/**
 * Reads what a client wishes for.
 *
 * @param headers The request's headers.
 * @param name The header.
 * @returns The whole wishes that fit, an empty text where none does; `null` without the header.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ "Accept-Language": `de${", xx".repeat(1000)}` });
 * assertEquals(wishesOf(headers, "accept-language")?.length, 1022);
 * ```
 */
export function wishesOf(headers: Headers, name: "accept" | "accept-language"): string | null {
  const text = headers.get(name);
  if (text === null || text.length <= LONGEST_WISHES) return text;
  return text.slice(0, Math.max(0, text.lastIndexOf(",", LONGEST_WISHES)));
}

/** The code of Hebrew until 1989; older systems still send it. */
const OLD_HEBREW = /(^|[\s,])iw(?=$|[\s,;-])/gi;

function withoutOldCodes(codes: string): string {
  return codes.replace(OLD_HEBREW, "$1he");
}

/**
 * Chooses the language of an answer by the request's `Accept-Language`.
 *
 * @param headers The request's headers.
 * @param available The codes to choose from, e.g. `de` or `de-AT`, in any case.
 * @returns One of `available`; English where nothing fits, and the first where there is no English.
 * @throws {RangeError} When none is available.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ "Accept-Language": "fr-FR, de;q=0.8" });
 * assertEquals(chooseLanguage(headers, ["en", "de", "fr"]), "fr");
 * assertEquals(chooseLanguage(new Headers(), ["de", "en"]), "en");
 * ```
 */
export function chooseLanguage<Code extends string>(
  headers: Headers,
  available: readonly Code[],
): Code {
  const fallback = available.find((code) => /^en(-|$)/i.test(code)) ?? available[0];
  if (fallback === undefined) throw new RangeError("Cannot choose a language: none is available");
  const wishes = wishesOf(headers, "accept-language");
  if (wishes === null) return fallback;

  // The negotiation takes the first of what suits equally well, for "*" too.
  const candidates = [fallback, ...available];
  const names = candidates.map(withoutOldCodes);
  const chosen = acceptsLanguages(
    { headers: new Headers({ "accept-language": withoutOldCodes(wishes) }) },
    ...names,
  );
  return chosen === undefined ? fallback : candidates[names.indexOf(chosen)] ?? fallback;
}

/**
 * Chooses the form of an answer by the request's `Accept`.
 *
 * @param headers The request's headers.
 * @param available The media types to choose from.
 * @returns One of `available`, the first where everything suits; `undefined` where nothing does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ Accept: "text/csv, text/html;q=0.8" });
 * assertEquals(chooseMediaType(headers, ["text/html", "text/csv"]), "text/csv");
 * ```
 */
export function chooseMediaType(
  headers: Headers,
  available: readonly string[],
): string | undefined {
  const wishes = wishesOf(headers, "accept");
  return accepts({ headers: new Headers(wishes === null ? {} : { accept: wishes }) }, ...available);
}
