import * as z from "zod";
import { WrongAnswer } from "../../../lib/services/failure.ts";
import { readAnswer } from "../ask/read_answer.ts";
import type { AnswerForm } from "./settings.ts";

const object = z.record(z.string(), z.unknown());
const number = z.number().min(0);
const text = z.string().regex(/^\d{1,15}(?:\.\d{1,10})?$/);

/**
 * Writes the answer.
 *
 * @param form Its form.
 * @param tax The total tax.
 * @param decimals How many decimal places it has, when it is text.
 * @returns Its JSON text.
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
  const { success } = (as === "number" ? number : text).safeParse(found);
  // Its numbers with their own text: uStore gets what the service said.
  if (success) return object.parse(document);
  const wanted = as === "number" ? "a number from 0" : "a decimal from 0 as text";
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
    number.safeParse(value).success || text.safeParse(value).success;
  return Object.values(data).some(isAmount) ? undefined : "no field holds an amount";
}
