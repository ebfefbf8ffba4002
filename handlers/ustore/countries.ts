/**
 * The codes of countries by all that they are called: a store writes addresses in the language of
 * its shoppers.
 *
 * Sources: ISO 3166-1 for codes, Kosovo by common usage; the runtime's Unicode CLDR data for names.
 */

/** A code and the English name; `""` where it is not known. */
export interface NamedCode {
  readonly code: string;
  readonly name: string;
}

/** The two letters of each country, then its three. */
const ALPHA_3 =
  `AD AND|AE ARE|AF AFG|AG ATG|AI AIA|AL ALB|AM ARM|AO AGO|AQ ATA|AR ARG|AS ASM|AT AUT|
AU AUS|AW ABW|AX ALA|AZ AZE|BA BIH|BB BRB|BD BGD|BE BEL|BF BFA|BG BGR|BH BHR|BI BDI|
BJ BEN|BL BLM|BM BMU|BN BRN|BO BOL|BQ BES|BR BRA|BS BHS|BT BTN|BV BVT|BW BWA|BY BLR|
BZ BLZ|CA CAN|CC CCK|CD COD|CF CAF|CG COG|CH CHE|CI CIV|CK COK|CL CHL|CM CMR|CN CHN|
CO COL|CR CRI|CU CUB|CV CPV|CW CUW|CX CXR|CY CYP|CZ CZE|DE DEU|DJ DJI|DK DNK|DM DMA|
DO DOM|DZ DZA|EC ECU|EE EST|EG EGY|EH ESH|ER ERI|ES ESP|ET ETH|FI FIN|FJ FJI|FK FLK|
FM FSM|FO FRO|FR FRA|GA GAB|GB GBR|GD GRD|GE GEO|GF GUF|GG GGY|GH GHA|GI GIB|GL GRL|
GM GMB|GN GIN|GP GLP|GQ GNQ|GR GRC|GS SGS|GT GTM|GU GUM|GW GNB|GY GUY|HK HKG|HM HMD|
HN HND|HR HRV|HT HTI|HU HUN|ID IDN|IE IRL|IL ISR|IM IMN|IN IND|IO IOT|IQ IRQ|IR IRN|
IS ISL|IT ITA|JE JEY|JM JAM|JO JOR|JP JPN|KE KEN|KG KGZ|KH KHM|KI KIR|KM COM|KN KNA|
KP PRK|KR KOR|KW KWT|KY CYM|KZ KAZ|LA LAO|LB LBN|LC LCA|LI LIE|LK LKA|LR LBR|LS LSO|
LT LTU|LU LUX|LV LVA|LY LBY|MA MAR|MC MCO|MD MDA|ME MNE|MF MAF|MG MDG|MH MHL|MK MKD|
ML MLI|MM MMR|MN MNG|MO MAC|MP MNP|MQ MTQ|MR MRT|MS MSR|MT MLT|MU MUS|MV MDV|MW MWI|
MX MEX|MY MYS|MZ MOZ|NA NAM|NC NCL|NE NER|NF NFK|NG NGA|NI NIC|NL NLD|NO NOR|NP NPL|
NR NRU|NU NIU|NZ NZL|OM OMN|PA PAN|PE PER|PF PYF|PG PNG|PH PHL|PK PAK|PL POL|PM SPM|
PN PCN|PR PRI|PS PSE|PT PRT|PW PLW|PY PRY|QA QAT|RE REU|RO ROU|RS SRB|RU RUS|RW RWA|
SA SAU|SB SLB|SC SYC|SD SDN|SE SWE|SG SGP|SH SHN|SI SVN|SJ SJM|SK SVK|SL SLE|SM SMR|
SN SEN|SO SOM|SR SUR|SS SSD|ST STP|SV SLV|SX SXM|SY SYR|SZ SWZ|TC TCA|TD TCD|TF ATF|
TG TGO|TH THA|TJ TJK|TK TKL|TL TLS|TM TKM|TN TUN|TO TON|TR TUR|TT TTO|TV TUV|TW TWN|
TZ TZA|UA UKR|UG UGA|UM UMI|US USA|UY URY|UZ UZB|VA VAT|VC VCT|VE VEN|VG VGB|VI VIR|
VN VNM|VU VUT|WF WLF|WS WSM|YE YEM|YT MYT|ZA ZAF|ZM ZMB|ZW ZWE|
XK XKX`;

const COUNTRY_ALIASES = `US USA|US United States of America|GB UK|GB Great Britain|GB England|
GB Scotland|GB Wales|GB Northern Ireland|CZ Czech Republic|KR South Korea|KR Republic of Korea|
RU Russian Federation|VN Viet Nam|TR Turkey|NL The Netherlands|NL Holland|HK Hong Kong|
MO Macao|MO Macau|IE Republic of Ireland|MK Macedonia|CI Ivory Coast|AE UAE`;

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

/** Codes that name a group of countries or none. */
const NO_COUNTRY = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);
/** Longer ones are no names of countries. */
const LONGEST_NAME = 100;
let countriesByWord: ReadonlyMap<string, NamedCode> | undefined;
let codesByForeignName: ReadonlyMap<string, string> | undefined;

/**
 * Finds a country's code.
 *
 * @param text A code of ISO 3166-1, or a name in English or in one of some forty other languages, e.g.
 * `US`, `USA`, `840`, `United States`, `États-Unis`.
 * @returns The ISO 3166-1 alpha-2 code, or the text as it is when no country is called so.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(countryCode("United States"), "US");
 * assertEquals(countryCode("Österreich"), "AT");
 * assertEquals(countryCode("Atlantis"), "Atlantis");
 * ```
 */
export function countryCode(text: string): string {
  const known = knownCountries();
  const word = text.trim();
  const country = known.get(word) ?? known.get(foldName(word)) ?? known.get(codeOfNumber(word));
  return country?.code ?? codeOfForeignName(word) ?? word;
}

/** Read when the first name comes that is not English: it takes a tenth of a second, once. */
function codeOfForeignName(word: string): string | undefined {
  if (word.length > LONGEST_NAME) return undefined;
  codesByForeignName ??= foreignCountryNames(countries().map(({ code }) => code));
  return codesByForeignName.get(foldName(word));
}

/** Whether {@linkcode countryCode} gave this, or left a text as it was. */
export function isCountry(code: string): boolean {
  return knownCountries().get(code)?.code === code;
}

function knownCountries(): ReadonlyMap<string, NamedCode> {
  return countriesByWord ??= byWordOf(countries(), `${COUNTRY_ALIASES}|${ALPHA_3}`);
}

/** Every two-letter code to which the runtime gives a country's name, canonical codes alone. */
function countries(): readonly NamedCode[] {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return codes.flatMap((code) => {
    const name = names.of(code);
    const canonical = Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
    return name === undefined || !canonical || NO_COUNTRY.has(code) ? [] : [{ code, name }];
  });
}

/** What CLDR knows by three digits of ISO 3166-1: `US` for `840`; else the text. */
function codeOfNumber(text: string): string {
  return /^\d{3}$/.test(text) ? new Intl.Locale(`und-${text}`).region ?? text : text;
}

/** Reads a table: a code and its name, then `|` and the next. */
export function namedCodes(table: string): readonly NamedCode[] {
  return table.split("|").map((entry) => {
    const [code = "", ...name] = entry.trim().split(" ");
    return { code, name: name.join(" ") };
  });
}

/** Finds by code, by name and by what else people write; names as `foldName()` writes them. */
export function byWordOf(
  regions: readonly NamedCode[],
  aliases: string,
): ReadonlyMap<string, NamedCode> {
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const byWord = new Map<string, NamedCode>();
  for (const region of regions) {
    byWord.set(region.code, region);
    byWord.set(foldName(region.name), region);
  }
  for (const alias of namedCodes(aliases)) {
    const region = byCode.get(alias.code);
    if (region !== undefined) byWord.set(foldName(alias.name), region);
  }
  // As they are mostly written, they need not be folded first.
  for (const region of regions) {
    byWord.set(region.name, byWord.get(foldName(region.name)) ?? region);
  }
  return byWord;
}

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
function foreignCountryNames(codes: readonly string[]): ReadonlyMap<string, string> {
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
