/**
 * What countries are called in other languages than English, by the runtime's Unicode CLDR data: a
 * store writes addresses in the language of its shoppers.
 */

const LANGUAGES = `de fr es it pt nl da sv nb fi is pl cs sk sl hr sr bs hu ro bg el tr ru uk lt lv
et ga mt ca eu gl sq mk he ar fa ja zh zh-TW ko th id ms`;

/** What people write beside what CLDR says. */
const OTHER_NAMES: readonly (readonly [name: string, code: string])[] = [
  ["Vereinigte Staaten von Amerika", "US"],
  ["États-Unis d'Amérique", "US"],
  ["Estados Unidos de América", "US"],
  ["Stati Uniti d'America", "US"],
  ["Verenigde Staten van Amerika", "US"],
  ["EE. UU.", "US"],
  ["Großbritannien", "GB"],
  ["Grande-Bretagne", "GB"],
  ["Gran Bretaña", "GB"],
  ["Gran Bretagna", "GB"],
  ["Grã-Bretanha", "GB"],
  ["Groot-Brittannië", "GB"],
  ["Holanda", "NL"],
  ["Tschechische Republik", "CZ"],
  ["République tchèque", "CZ"],
  ["República Checa", "CZ"],
  ["Россия", "RU"],
  ["Российская Федерация", "RU"],
  ["ארצות הברית של אמריקה", "US"],
  ['ארה"ב', "US"],
  ["אנגליה", "GB"],
];

/** How umlauts are written where there is no key for them. */
const UMLAUTS: Readonly<Record<string, string>> = { "ä": "ae", "ö": "oe", "ü": "ue" };

/** Shorter ones may be codes. */
const SHORTEST_IN_LATIN = 4;

/**
 * Writes a name as it is compared: upper case without accents, punctuation and white space.
 *
 * @param text The name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(foldName("Côte d’Ivoire"), "COTEDIVOIRE");
 * ```
 */
export function foldName(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/&/g, " AND ")
    .replace(/[^\p{L}\p{N}]+/gu, "").toUpperCase();
}

/**
 * Lists what countries are called in other languages than English. What two of them are called, in
 * whatever languages, is left out.
 *
 * @param codes The codes of the countries.
 * @returns The codes by the names, as `foldName()` writes them.
 */
export function foreignCountryNames(codes: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  function add(name: string, code: string): void {
    const word = foldName(name);
    if (word.length < SHORTEST_IN_LATIN && /^\p{Script=Latin}*$/u.test(word)) return;
    found.set(word, found.has(word) && found.get(word) !== code ? undefined : code);
  }
  for (const language of LANGUAGES.split(/\s+/)) {
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const code of codes) {
      const name = names.of(code);
      if (name === undefined) continue;
      add(name, code);
      const spelled = name.toLowerCase().replace(/[äöü]/g, (letter) => UMLAUTS[letter] ?? letter);
      if (language === "de" && spelled !== name.toLowerCase()) add(spelled, code);
    }
  }
  for (const [name, code] of OTHER_NAMES) found.set(foldName(name), code);
  return new Map([...found].flatMap(([name, code]) => code === undefined ? [] : [[name, code]]));
}
