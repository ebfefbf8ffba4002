import { ALPHA_3, codeOfNumber } from "./country_codes.ts";
import { foldName, foreignCountryNames } from "./country_names.ts";

/**
 * Names and codes of countries, US states and Canadian provinces.
 *
 * Sources: USPS Publication 28, Appendix B (states, territories, armed forces); Canada Post's
 * addressing guidelines (provinces); country names from the runtime's Unicode CLDR data.
 */

/** A state or province: its postal code and its English name, `""` where it is not known. */
export interface Region {
  readonly code: string;
  readonly name: string;
}

const UNITED_STATES = `AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|
CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|
IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|
MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|
NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|
ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|
SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|
WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|AS American Samoa|GU Guam|
MP Northern Mariana Islands|PR Puerto Rico|VI U.S. Virgin Islands|AA Armed Forces Americas|
AE Armed Forces Europe|AP Armed Forces Pacific`;

const CANADA = `AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|
NL Newfoundland and Labrador|NS Nova Scotia|NT Northwest Territories|NU Nunavut|ON Ontario|
PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon`;

/** Other names that people and shops write. */
const STATE_ALIASES = `DC Washington DC|NL Newfoundland|NL Newfoundland Labrador|NL NF|QC PQ|
QC Province of Quebec|PE PEI|YT Yukon Territory|YT YK|NT NWT|VI Virgin Islands|
BC Colombie-Britannique|NB Nouveau-Brunswick|NS Nouvelle-Écosse|PE Île-du-Prince-Édouard|
NL Terre-Neuve-et-Labrador|NT Territoires du Nord-Ouest`;

const COUNTRY_ALIASES = `US USA|US United States of America|GB UK|GB Great Britain|GB England|
GB Scotland|GB Wales|GB Northern Ireland|CZ Czech Republic|KR South Korea|KR Republic of Korea|
RU Russian Federation|VN Viet Nam|TR Turkey|NL The Netherlands|NL Holland|HK Hong Kong|
MO Macao|MO Macau|IE Republic of Ireland|MK Macedonia|CI Ivory Coast|AE UAE`;

function entries(table: string): readonly Region[] {
  return table.split("|").map((entry) => {
    const [code = "", ...name] = entry.trim().split(" ");
    return { code, name: name.join(" ") };
  });
}

function index(regions: readonly Region[], aliases: string): ReadonlyMap<string, Region> {
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const byWord = new Map<string, Region>();
  for (const region of regions) {
    byWord.set(region.code, region);
    byWord.set(foldName(region.name), region);
  }
  for (const alias of entries(aliases)) {
    const region = byCode.get(alias.code);
    if (region !== undefined) byWord.set(foldName(alias.name), region);
  }
  return byWord;
}

/** Every two-letter code to which the runtime gives a country's name, canonical codes alone. */
function countries(): readonly Region[] {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return codes.flatMap((code) => {
    const name = names.of(code);
    const canonical = Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
    return name === undefined || !canonical || NO_COUNTRY.has(code) ? [] : [{ code, name }];
  });
}

/** Codes that name a group of countries or none. */
const NO_COUNTRY = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);
/** Longer ones are no names of countries. */
const LONGEST_NAME = 100;
/** Of states, with the old ones among the aliases. */
const LONGEST_CODE = 3;
const CANADIAN = new Set(entries(CANADA).map(({ code }) => code));
let statesByWord: ReadonlyMap<string, Region> | undefined;
let countriesByWord: ReadonlyMap<string, Region> | undefined;
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
  countriesByWord ??= index(countries(), `${COUNTRY_ALIASES}|${ALPHA_3}`);
  const word = text.trim();
  const country = countriesByWord.get(word) ?? countriesByWord.get(foldName(word)) ??
    countriesByWord.get(codeOfNumber(word));
  return country?.code ?? codeOfForeignName(word) ?? word;
}

/** Read when the first name comes that is not English: it takes a tenth of a second, once. */
function codeOfForeignName(word: string): string | undefined {
  if (word.length > LONGEST_NAME) return undefined;
  codesByForeignName ??= foreignCountryNames(countries().map(({ code }) => code));
  return codesByForeignName.get(foldName(word));
}

/** Whether {@linkcode countryCode} gave this, or left a text as it was. */
function isCountry(code: string): boolean {
  countryCode(code);
  return countriesByWord?.get(code)?.code === code;
}

/**
 * Finds a US state or a Canadian province by its code or name.
 *
 * @param text What the address says, e.g. `PA`, `Pennsylvania`, `Québec`.
 * @param country The address's country as {@linkcode countryCode} gives it; `""` when unknown. Where
 * it is no country that is known, a state's name tells, a code does not.
 * @returns Code and name. Elsewhere a word of up to three capitals counts as the code, all else as
 * the name, and the other one is `""`: the postal usage of other countries is not known here.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(regionOf("pennsylvania", "US"), { code: "PA", name: "Pennsylvania" });
 * assertEquals(regionOf("Bayern", "DE"), { code: "", name: "Bayern" });
 * ```
 */
export function regionOf(text: string, country: string): Region {
  const word = text.trim();
  if (word === "") return { code: "", name: "" };
  statesByWord ??= index([...entries(UNITED_STATES), ...entries(CANADA)], STATE_ALIASES);
  const region = statesByWord.get(word) ?? statesByWord.get(foldName(word));
  if (region !== undefined && liesIn(region, country, word)) return region;
  return /^[A-Z0-9]{1,3}$/.test(word) ? { code: word, name: "" } : { code: "", name: word };
}

/** The territories have country codes of their own, so any of the two names may stand there. */
function liesIn(region: Region, country: string, word: string): boolean {
  if (country === "") return true;
  if (!isCountry(country)) return foldName(word).length > LONGEST_CODE;
  if (CANADIAN.has(region.code)) return country === "CA";
  return country === "US" || country === region.code;
}
