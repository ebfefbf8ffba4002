import { type Element, readText } from "./fields.ts";
import { countryCode, type Region, regionOf } from "./regions.ts";

/** One shape for the two that uStore sends. Missing text is `""`. */
export interface Address {
  readonly name: string;
  readonly company: string;
  readonly address1: string;
  readonly address2: string;
  readonly city: string;
  /** The state's or province's name, as sent where it is neither American nor Canadian. */
  readonly state: string;
  /** The postal code of a US state or Canadian province, e.g. `PA`. */
  readonly stateCode: string;
  readonly zip: string;
  /** ISO 3166-1 alpha-2 where the country is known, else as sent. */
  readonly country: string;
  readonly phone: string;
}

/** The fields of {@linkcode Address}, as rules see them. */
export const ADDRESS_FIELDS = {
  name: "string",
  company: "string",
  address1: "string",
  address2: "string",
  city: "string",
  state: "string",
  stateCode: "string",
  zip: "string",
  country: "string",
  phone: "string",
} as const;

/**
 * Reads an address when its fields are read.
 *
 * Stores, billing and manufacturers write `State`, `ZipCode`, `Country`; the deliveries of the
 * manufacturer webhook write `StateName`, `Zip`, `CountryName` and have no city.
 *
 * @param element The address element; one without children for a missing address.
 * @param path Where it stands, e.g. `Order.BillingAddress`.
 */
export function viewAddress(element: Element, path: string): Address {
  return new AddressView(element, path);
}

class AddressView implements Address {
  readonly #element: Element;
  readonly #path: string;
  #region: Region | undefined;

  constructor(element: Element, path: string) {
    this.#element = element;
    this.#path = path;
  }

  get name() {
    return this.#text("Name");
  }

  get company() {
    return this.#text("Company");
  }

  get address1() {
    return this.#text("Address1");
  }

  get address2() {
    return this.#text("Address2");
  }

  get city() {
    return this.#text("City");
  }

  get state() {
    const { code, name } = this.#findRegion();
    return name === "" ? code : name;
  }

  get stateCode() {
    return this.#findRegion().code;
  }

  get zip() {
    return this.#text("ZipCode", "Zip");
  }

  get country() {
    return countryCode(this.#text("Country", "CountryName", "CountryCode"));
  }

  get phone() {
    return this.#text("Phone");
  }

  /** Found once: rules like to ask for one state after the other. */
  #findRegion(): Region {
    this.#region ??= regionOf(this.#text("State", "StateName", "StateCode"), this.country);
    return this.#region;
  }

  /** The first of the names that has text. */
  #text(...names: readonly string[]): string {
    for (const name of names) {
      const value = readText(this.#element[name], `${this.#path}.${name}`);
      if (value !== "") return value;
    }
    return "";
  }
}
