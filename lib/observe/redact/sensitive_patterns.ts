/** Patterns of what may not stand in a log, whatever it is called there. */

/** What else may stand before the @ separates values more often. */
const LOCAL_PART = "[\\w.!#$%*+^~\\u00a1-\\uffff-]";
const LABEL = "[\\w\\u00a1-\\uffff-]+";

/** Credentials, by their form. */
const CREDENTIALS: readonly string[] = [
  // Secrets of Standard Webhooks and Svix.
  "wh(?:sec|sk)_[\\w+/=-]{8,}",
  // JSON Web Tokens.
  "eyJ[\\w-]{8,}\\.[\\w-]+\\.[\\w-]*",
];

/** Credentials, by what stands before them, which is kept. */
const INTRODUCED: readonly (readonly [introduction: string, credential: string])[] = [
  // `Authorization`. An upper case letter, a digit or a sign tells a token from a word.
  ["[Bb](?:earer|asic) +", "(?=[a-z]*[^a-z\\s])[\\w.~+/=-]{8,}"],
  // The user and the password of a URL.
  ["://", "[^\\s/?#@\"'\\\\]+@"],
  // Who knows the address of an exported list can read it.
  ["/exports/", "[\\w-]{22}"],
  // Parameters of a URL that are named like a secret.
  [
    "[?&](?:access_|api_?|auth_?)?(?:key|token|secret|signature|sig|password)=",
    "[^\\s&#\"'\\\\]+",
  ],
];

const PERSONAL: readonly string[] = [
  // An e-mail address, also in a URL. It is looked for where a word begins, and there alone: else
  // a long word would be walked from each of its letters.
  `(?<!${LOCAL_PART})${LOCAL_PART}+(?:@|%40)${LABEL}(?:\\.${LABEL})+`,
  // A telephone number: with a country code, or as written in North America.
  "(?<![\\w.+])\\+\\d(?:[ ().\\/-]{0,2}\\d){7,14}(?!\\w)",
  "(?<![\\w.-])(?:\\(\\d{3}\\) ?|\\d{3}[ .-])\\d{3}[ .-]\\d{4}(?![\\w-])",
];

/** A card's number: in one piece, or in the groups in which it is printed. */
const CARD =
  "(?<![\\w.-])[2-6](?:\\d{12,18}|\\d{3}([ -])\\d{4}\\1\\d{4}\\1\\d{1,7}|\\d{3}([ -])\\d{6}\\2\\d{4,5})(?![\\w-])";

/** The sources of all patterns; the card's is the last, and the only one with groups. */
export const SENSITIVE_PATTERNS: readonly string[] = [
  ...CREDENTIALS,
  ...INTRODUCED.map((parts) => parts.join("")),
  ...PERSONAL,
  CARD,
];

const INTRODUCTION = new RegExp(`^(?:${INTRODUCED.map(([text]) => text).join("|")})`);

const CARD_FORM = /^[2-6][\d -]{12,}$/;

/**
 * Takes out what one of {@linkcode SENSITIVE_PATTERNS} found.
 *
 * @param found What it found.
 * @param replacement What stands in its place.
 * @returns The replacement, after what introduces a credential; a number that can't be a card's is
 * left as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const found = ["Bearer s3cret-token", "4111 1111 1111 1111", "4111111111111112"];
 * assertEquals(found.map((text) => takeOut(text, "…")), ["Bearer …", "…", "4111111111111112"]);
 * ```
 */
export function takeOut(found: string, replacement: string): string {
  if (CARD_FORM.test(found) && !hasCheckDigit(found)) return found;
  return (INTRODUCTION.exec(found)?.[0] ?? "") + replacement;
}

/** By Luhn, as the numbers of all cards. */
function hasCheckDigit(number: string): boolean {
  const digits = Array.from(number.replaceAll(/\D/g, ""), Number).reverse();
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit : digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
