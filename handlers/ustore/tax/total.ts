import {
  multiplyDecimals,
  roundDecimal,
  subtractDecimals,
  sumDecimals,
} from "../../../lib/rules/cel/decimal.ts";
import type { Decision } from "../../../lib/rules/decision.ts";
import type { Address } from "../views/address.ts";
import type { ItemView } from "../views/item.ts";
import type { OrderView } from "../views/order.ts";
import { readDiscounts } from "./discounts.ts";
import type { FindRate, Taxable } from "./rates.ts";

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
export function computeTax(document: unknown, order: OrderView, base: TaxBase): TaxTotal {
  const { per, decimals, findRate } = base;
  const taxes: number[] = [];
  const decisions = positionsOf(document, order, base).map((position): Decision => {
    const { subject, amount } = position;
    const rate = findRate(position);
    if (rate === undefined) return { subject, rule: null, outcome: null, tried: 0, failures: [] };
    const { name: rule, percent } = rate;
    const exact = multiplyDecimals(multiplyDecimals(amount, percent), 0.01);
    const tax = per === "item" ? roundDecimal(exact, decimals) : exact;
    taxes.push(tax);
    return { subject, rule, outcome: { percent, amount, tax }, tried: 0, failures: [] };
  });
  const isComplete = taxes.length === decisions.length;
  return { tax: isComplete ? roundDecimal(sumDecimals(taxes), decimals) : undefined, decisions };
}

function positionsOf(
  document: unknown,
  order: OrderView,
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
  readonly #item: ItemView;
  readonly subject: string;
  readonly amount: number;
  readonly place: Address;

  constructor(item: ItemView, { subject, amount, place }: Omit<Position, "taxCode" | "taxGroup">) {
    this.#item = item;
    this.subject = subject;
    this.amount = amount;
    this.place = place;
  }

  get taxCode() {
    return this.#item.product.taxCode;
  }

  get taxGroup() {
    return this.#item.product.taxGroup;
  }
}

/** What is shipped nowhere is taxed where the bill goes. */
function placeOf(shipTo: Address, { billTo }: OrderView): Address {
  return shipTo.country === "" && shipTo.state === "" ? billTo : shipTo;
}
