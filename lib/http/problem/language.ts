import { acceptsLanguages } from "@std/http/negotiation";
import type { Wanted } from "../../rules/cel/evaluation.ts";
import type { ProblemCode } from "./problem.ts";

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
  const wish = headers.get("accept-language");
  if (wish === null) return fallback;

  // The negotiation takes the first of what suits equally well, for "*" too.
  const candidates = [fallback, ...available];
  const names = candidates.map(withoutOldCodes);
  const chosen = acceptsLanguages(
    { headers: new Headers({ "accept-language": withoutOldCodes(wish) }) },
    ...names,
  );
  return chosen === undefined ? fallback : candidates[names.indexOf(chosen)] ?? fallback;
}

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
