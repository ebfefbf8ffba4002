/** The settings of the tax webhook beside its rules. */
import * as z from "zod";

const text = z.string().min(1).regex(/\S/, "wanted text, found white space alone");

const rate = z.strictObject({
  taxCode: text.optional().meta({ description: "The tax code of the product's tax group." }),
  taxGroup: text.optional().meta({ description: "The name of the product's tax group." }),
  country: text.optional().meta({
    description: "The country, as a code or a name: US, USA and United States are the same.",
  }),
  state: text.optional().meta({
    description: "The state or province in that country, as a code or a name.",
  }),
  percent: z.number().min(0).max(1000).meta({
    description: "The tax, in percent of the amount: 7.25 for 7.25 %.",
  }),
});

/** A row of the table. */
export type Rate = z.output<typeof rate>;

/** The table of rates. */
export const rates = z.array(rate).default([]).meta({
  description: "The table of rates. The first row that fits an item gives its rate; what a row " +
    "leaves out fits everything. An item that no row fits refuses the order.",
});

/** How amounts are rounded. */
export const rounding = z.strictObject({
  per: z.enum(["total", "item"]).default("total").meta({
    description: "Whether the sum of all taxes is rounded, or the tax of each item.",
  }),
  decimals: z.int().min(0).max(6).optional().meta({
    description: "How many decimal places are kept, half up. Without it, those of the order's " +
      "currency after ISO 4217, and 2 where it has none.",
  }),
}).prefault({}).meta({ description: "How taxes are rounded." });

/** The shape of the answer. Everything in it is the admin's to set. */
export const answer = z.strictObject({
  total: text.default("TotalTax").meta({
    description: "The name of the answer's field that holds the total tax. The vendor publishes " +
      "no name: this default is a guess, so take the one that your store's documentation gives.",
  }),
  as: z.enum(["number", "text"]).default("number").meta({
    description: "Whether the total is a JSON number, 1.5, or text with all its decimal places, " +
      '"1.50". Not published either.',
  }),
}).prefault({}).meta({
  description: "The form of the answer, which the vendor does not publish.",
});

/** How the answer is written. */
export type AnswerForm = z.output<typeof answer>;

/** What is taxed beside the items' totals. */
export const base = {
  discounts: z.enum(["subtract", "ignore"]).default("subtract").meta({
    description: "Whether the discount that the order's DiscountInfo gives for an item lowers " +
      "the amount that is taxed.",
  }),
  taxShippingAs: text.optional().meta({
    description: "The name of the tax group whose rates the price of each delivery takes, at its " +
      "own address. Without it shipping is not taxed.",
  }),
} as const;
