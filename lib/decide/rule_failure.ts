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
