/** A rule could not be evaluated: it neither matches nor is it false. */
export class RuleFailure extends Error {
  override readonly name = "RuleFailure";

  /**
   * @param reason Why, in words for the one who wrote the rule, e.g. `division by zero`.
   */
  constructor(readonly reason: string) {
    super(`Cannot evaluate the rule: ${reason}`);
  }
}

/** What follows a colon, and text in quotes, also where it was cut: there stand values. */
const VALUE = /(?<=: ).*$|"(?:[^"\\]|\\.)*(?:"|$)/gs;

/**
 * Writes why a rule could not be evaluated without what the document held: for a log, whose
 * readers need not know the customers.
 *
 * @param reason The reason, of a {@linkcode RuleFailure}.
 * @returns The reason with `…` in the place of each value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withoutValues('cannot read "Jane" as a number'), "cannot read … as a number");
 * assertEquals(withoutValues("invalid duration string: Jane"), "invalid duration string: …");
 * ```
 */
export function withoutValues(reason: string): string {
  return reason.replaceAll(VALUE, "…");
}
