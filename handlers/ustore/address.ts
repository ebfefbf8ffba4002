/**
 * Addresses, and the states and provinces in them.
 *
 * Sources: USPS Publication 28, Appendix B (states, territories, armed forces); Canada Post's
 * addressing guidelines (provinces).
 */
import {
  byWordOf,
  countryCode,
  foldName,
  isCountry,
  type NamedCode,
  namedCodes,
} from "./countries.ts";
import { defineView, type ElementView, oncePerView, textField } from "./views.ts";

const stateText = textField(
  ["State", "StateName", "StateCode"],
  "The name of the state or province; where it is neither American nor Canadian, as sent.",
);
const countryText = textField(
  ["Country", "CountryName", "CountryCode"],
  "The two letters of ISO 3166-1 where the country is known, else as sent.",
);

function countryOf(address: ElementView): string {
  return countryCode(countryText.read(address));
}

/** Found once: rules like to ask for one state after the other. */
const regionOfAddress = oncePerView((address): NamedCode =>
  regionOf(stateText.read(address), countryOf(address))
);

/** One shape for the two that uStore sends. */
export const AddressView = defineView("Address", {
  name: textField("Name"),
  company: textField("Company"),
  address1: textField("Address1"),
  address2: textField("Address2"),
  city: textField("City"),
  state: {
    ...stateText,
    read(address) {
      const { code, name } = regionOfAddress(address);
      return name === "" ? code : name;
    },
  },
  stateCode: {
    ...stateText,
    about: "The postal code of an American state or a Canadian province, e.g. `PA`.",
    read: (address) => regionOfAddress(address).code,
  },
  zip: textField(["ZipCode", "Zip"]),
  country: { ...countryText, read: countryOf },
  phone: textField("Phone"),
}, {
  id: "UStoreAddress",
  description: "Stores and billing say State, ZipCode and Country; deliveries of the " +
    "manufacturer webhook say StateName, Zip and CountryName.",
});

/** An address, see {@linkcode AddressView}. */
export type Address = InstanceType<typeof AddressView>;

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

/** Of states, with the old ones among the aliases. */
const LONGEST_CODE = 3;
const STATE_CODE = /^[A-Z0-9]{1,3}$/;
const CANADIAN = new Set(namedCodes(CANADA).map(({ code }) => code));
let statesByWord: ReadonlyMap<string, NamedCode> | undefined;

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
export function regionOf(text: string, country: string): NamedCode {
  const word = text.trim();
  if (word === "") return { code: "", name: "" };
  statesByWord ??= byWordOf([...namedCodes(UNITED_STATES), ...namedCodes(CANADA)], STATE_ALIASES);
  const region = statesByWord.get(word) ?? statesByWord.get(foldName(word));
  if (region !== undefined && liesIn(region, country, word)) return region;
  return STATE_CODE.test(word) ? { code: word, name: "" } : { code: "", name: word };
}

/**
 * Says what `stateCode` is where a text is sent, wherever that is.
 *
 * @param text The text.
 * @returns The text itself where that may be a code somewhere.
 */
export function stateCodeOf(text: string): string {
  return STATE_CODE.test(text) ? text : regionOf(text, "").code;
}

/** The territories have country codes of their own, so any of the two names may stand there. */
function liesIn(region: NamedCode, country: string, word: string): boolean {
  if (country === "") return true;
  if (!isCountry(country)) return foldName(word).length > LONGEST_CODE;
  if (CANADIAN.has(region.code)) return country === "CA";
  return country === "US" || country === region.code;
}
