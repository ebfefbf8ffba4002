import type { OpenContext } from "../../lib/config/endpoints/endpoint_kind.ts";
import {
  multiplyDecimals,
  roundDecimal,
  subtractDecimals,
  sumDecimals,
} from "../../lib/rules/cel/decimal.ts";
import type { Decision } from "../../lib/rules/decision.ts";
import type { Rate } from "./tax_settings.ts";
import { type Address, regionOf } from "./address.ts";
import { countryCode, type NamedCode } from "./countries.ts";
import { isEmpty, readDecimal, readElement, readMany, readText } from "./elements.ts";
import type { Item, Order } from "./order.ts";

/** What is taxed, and how its tax is rounded. */
export interface TaxBase {
  readonly discounts: "subtract" | "ignore";
  readonly taxShippingAs?: string | undefined;
  readonly findRate: FindRate;
  /** Whether each tax is rounded, or their sum. */
  readonly per: "item" | "total";
  readonly decimals: number;
}

/** The tax of an order. */
export interface TaxTotal {
  /** `undefined` when something has no rate. */
  readonly tax: number | undefined;
  /** One for each item, and for shipping: the row of the table that gave its rate. */
  readonly decisions: readonly Decision[];
}

interface Position extends Taxable {
  /** What decisions call it. */
  readonly subject: string;
  /** Absent of shipping. */
  readonly item?: Item;
  readonly amount: number;
}

/**
 * Computes the tax of an order by a table of rates, on decimals.
 *
 * @param document The parsed body.
 * @param order The order in it.
 * @param base What is taxed, and how it is rounded.
 * @returns The total and how it came about.
 * @throws {ShapeError} When a field that is read has another form.
 */
export function computeTax(document: unknown, order: Order, base: TaxBase): TaxTotal {
  const { per, decimals, findRate } = base;
  const taxes: number[] = [];
  const decisions = positionsOf(document, order, base).map((position): Decision => {
    const { subject, amount } = position;
    const { rate, failures = [] } = findRate(position, position.item);
    if (rate === undefined) return { subject, rule: null, outcome: null, tried: 0, failures };
    const { name: rule, percent, row } = rate;
    const exact = multiplyDecimals(multiplyDecimals(amount, percent), 0.01);
    const tax = per === "item" ? roundDecimal(exact, decimals) : exact;
    taxes.push(tax);
    const outcome = { percent, amount, tax };
    return { subject, rule, ...(row && { row }), outcome, tried: 0, failures };
  });
  const isComplete = taxes.length === decisions.length;
  return { tax: isComplete ? roundDecimal(sumDecimals(taxes), decimals) : undefined, decisions };
}

function positionsOf(
  document: unknown,
  order: Order,
  { discounts, taxShippingAs }: TaxBase,
): readonly Position[] {
  const discountOf = discounts === "subtract" ? readDiscounts(document) : new Map<string, number>();
  const items = order.items.map((item) =>
    new ItemPosition(item, {
      subject: item.id || `#${item.position}`,
      // More than an item costs can't be taken off it.
      amount: Math.max(0, subtractDecimals(item.total, discountOf.get(item.id) ?? 0)),
      place: placeOf(item.shipTo, order),
    })
  );
  if (taxShippingAs === undefined) return items;
  const shipping = order.deliveries.filter(({ price }) => price !== 0).map((
    { price, shipTo },
    index,
  ): Position => ({
    subject: `shipping ${index + 1}`,
    amount: price,
    place: placeOf(shipTo, order),
    taxCode: "",
    taxGroup: taxShippingAs,
  }));
  return [...items, ...shipping];
}

/** Reads the codes of an item when a row of the table asks: what none asks for is never judged. */
class ItemPosition implements Position {
  readonly item: Item;
  readonly subject: string;
  readonly amount: number;
  readonly place: Address;

  constructor(item: Item, { subject, amount, place }: Omit<Position, "taxCode" | "taxGroup">) {
    this.item = item;
    this.subject = subject;
    this.amount = amount;
    this.place = place;
  }

  get taxCode() {
    return this.item.product.taxCode;
  }

  get taxGroup() {
    return this.item.product.taxGroup;
  }
}

/** What is shipped nowhere is taxed where the bill goes. */
function placeOf(shipTo: Address, { billTo }: Order): Address {
  return shipTo.country === "" && shipTo.state === "" ? billTo : shipTo;
}

/** What is taxed, and where. Its fields are read when a row asks for them. */
export interface Taxable {
  readonly taxCode: string;
  readonly taxGroup: string;
  readonly place: Address;
}

/** A row that fits. */
export interface FoundRate extends Pick<Decision, "row"> {
  /** Where it stands in the config, e.g. `rates[0]`; or the name of a rule, or of a row. */
  readonly name: string;
  readonly percent: number;
}

/** What was found for an item or for shipping. */
export interface Rating extends Partial<Pick<Decision, "failures">> {
  /** `undefined` when there is no rate. */
  readonly rate: FoundRate | undefined;
}

/** Finds the rate of what is taxed. */
export type FindRate = (taxable: Taxable, item?: Item) => Rating;

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
  return (taxable) => ({ rate: rows.find(({ fits }) => fits(taxable))?.found });
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

function liesIn({ stateCode, state }: Address, { code, name }: NamedCode): boolean {
  if (code !== "") return stateCode === code;
  return state.toLowerCase() === name.toLowerCase();
}

/**
 * Reads what an order takes off its items.
 *
 * `DiscountInfo` stands beside the order or in it: both are accepted.
 *
 * @param document The parsed body.
 * @returns The discount by the item's id; 0 is left out.
 * @throws {ShapeError} When it has another form.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const items = [{ OrderProductId: 3087, Discount: 0.5 }, { OrderProductId: "3088", Discount: 0 }];
 * assertEquals(readDiscounts({ Order: {}, DiscountInfo: { Items: items } }), new Map([["3087", 0.5]]));
 * ```
 */
export function readDiscounts(document: unknown): ReadonlyMap<string, number> {
  const root = readElement(document, "the body");
  const isBeside = !isEmpty(root.DiscountInfo);
  const path = isBeside ? "DiscountInfo" : "Order.DiscountInfo";
  const order = readElement(root.Order, "Order");
  const info = readElement(isBeside ? root.DiscountInfo : order.DiscountInfo, path);
  const discounts = new Map<string, number>();
  for (const item of readMany(info.Items, "Item", `${path}.Items`)) {
    const id = readText(item.element.OrderProductId, `${item.path}.OrderProductId`);
    const discount = readDecimal(item.element.Discount, `${item.path}.Discount`) ?? 0;
    if (discount !== 0) discounts.set(id, discount);
  }
  return discounts;
}

const USUAL = 2;

/**
 * Tells how many decimal places an amount of a currency has.
 *
 * @param currency Its code after ISO 4217, e.g. `USD`.
 * @returns The places of its smallest unit; 2 for what is no code.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["USD", "JPY", "KWD", "$"].map(decimalsOfCurrency), [2, 0, 3, 2]);
 * ```
 */
export function decimalsOfCurrency(currency: string): number {
  const code = currency.trim();
  if (!/^[A-Za-z]{3}$/.test(code)) return USUAL;
  const { maximumFractionDigits = USUAL } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: code,
  }).resolvedOptions();
  return maximumFractionDigits;
}
