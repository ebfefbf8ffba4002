/** The settings of the tax webhook beside its rules, and the answer in the form that they give. */
import * as z from "zod";
import { WrongAnswer } from "../../lib/services/exchange.ts";
import { readAnswer } from "./ask.ts";

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

const object = z.record(z.string(), z.unknown());
const number = z.number().min(0);
const amountText = z.string().regex(/^\d{1,15}(?:\.\d{1,10})?$/);

/**
 * Writes the answer.
 *
 * @param form Its form.
 * @param tax The total tax.
 * @param decimals How many decimal places it has, when it is amountText.
 * @returns Its JSON amountText.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(writeTax({ total: "TotalTax", as: "number" }, 1.5, 2), '{"TotalTax":1.5}');
 * assertEquals(writeTax({ total: "Tax", as: "text" }, 1.5, 2), '{"Tax":"1.50"}');
 * ```
 */
export function writeTax({ total, as }: AnswerForm, tax: number, decimals: number): string {
  return JSON.stringify({ [total]: as === "number" ? tax : tax.toFixed(decimals) });
}

/**
 * Reads a service's answer to a tax webhook.
 *
 * @param form Its form.
 * @param document The parsed JSON.
 * @returns The whole answer: what stands beside the total is for uStore to read.
 * @throws {WrongAnswer} When it has no total of that form.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const answer = { TotalTax: 1.5, Note: "reduced rate" };
 * assertEquals(readTax({ total: "TotalTax", as: "number" }, answer), answer);
 * ```
 */
export function readTax({ total, as }: AnswerForm, document: unknown): object {
  const answer = readAnswer(object, document);
  const found = Object.hasOwn(answer, total) ? answer[total] : undefined;
  const { success } = (as === "number" ? number : amountText).safeParse(found);
  // Its numbers with their own amountText: uStore gets what the service said.
  if (success) return object.parse(document);
  const wanted = as === "number" ? "a number from 0" : "a decimal from 0 as amountText";
  throw new WrongAnswer(`answered without ${wanted} as ${JSON.stringify(total)}`);
}

/**
 * Says what is wrong with an answer, whatever its field is called.
 *
 * @param document The parsed JSON.
 * @returns What is wrong; `undefined` when it holds an amount.
 */
export function checkTaxAnswer(document: unknown): string | undefined {
  const { data, error } = object.safeParse(document);
  if (error !== undefined) return z.prettifyError(error);
  const isAmount = (value: unknown) =>
    number.safeParse(value).success || amountText.safeParse(value).success;
  return Object.values(data).some(isAmount) ? undefined : "no field holds an amount";
}
