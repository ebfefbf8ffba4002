import type { OpenContext } from "../../../lib/config/endpoints/endpoint_kind.ts";
import type { Address } from "../views/address.ts";
import { countryCode, type Region, regionOf } from "../views/regions.ts";
import type { Rate } from "./settings.ts";

/** What is taxed, and where. Its fields are read when a row asks for them. */
export interface Taxable {
  readonly taxCode: string;
  readonly taxGroup: string;
  readonly place: Address;
}

/** A row that fits. */
export interface FoundRate {
  /** Where it stands in the config, e.g. `rates[0]`. */
  readonly name: string;
  readonly percent: number;
}

/** Finds the first row that fits; `undefined` when none does. */
export type FindRate = (taxable: Taxable) => FoundRate | undefined;

/**
 * Prepares a table of rates.
 *
 * @param rates The rows, in order.
 * @param context Where mistakes go.
 * @returns What finds the first row that fits.
 */
export function compileRates(
  rates: readonly Rate[],
  { report }: Pick<OpenContext, "report">,
): FindRate {
  const rows = rates.map((rate, index) => {
    if (rate.state !== undefined && rate.country === undefined) {
      const message = `found the state ${JSON.stringify(rate.state)} without a country`;
      report(["rates", index, "state"], message, 'For example: "country": "US"');
    }
    return { found: { name: `rates[${index}]`, percent: rate.percent }, fits: compileRow(rate) };
  });
  return (taxable) => rows.find(({ fits }) => fits(taxable))?.found;
}

function compileRow({ taxCode, taxGroup, country, state }: Rate): (taxable: Taxable) => boolean {
  const code = country === undefined ? undefined : countryCode(country);
  const region = state === undefined ? undefined : regionOf(state, code ?? "");
  return (taxable) =>
    (taxCode === undefined || taxable.taxCode.trim() === taxCode.trim()) &&
    (taxGroup === undefined || taxable.taxGroup.trim() === taxGroup.trim()) &&
    (code === undefined || taxable.place.country === code) &&
    (region === undefined || liesIn(taxable.place, region));
}

function liesIn({ stateCode, state }: Address, { code, name }: Region): boolean {
  if (code !== "") return stateCode === code;
  return state.toLowerCase() === name.toLowerCase();
}
