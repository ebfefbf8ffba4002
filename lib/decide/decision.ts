/** What a rule did with one subject: see {@linkcode RuleTrace}. */
export type RuleState = "matched" | "not matched" | "failed";

/** One line of the explanation of a decision. */
export interface RuleTrace {
  /** The rule's name, as the config gives it. */
  readonly rule: string;
  readonly state: RuleState;
  /** Why it failed: the runtime error, in words. Only with `failed`. */
  readonly reason?: string;
}

/** An answer's reason: which rule gave which outcome, and what every rule before it said. */
export interface Decision {
  /** What was decided when a delivery holds several subjects: the id of the order item. */
  readonly subject?: string;
  /** The name of the rule that matched, `otherwise`, or `null` when nothing decided. */
  readonly rule: string | null;
  /** The outcome, as the config writes it; `null` when nothing decided. */
  readonly outcome: Readonly<Record<string, unknown>> | null;
  /** Every rule that was tried, in order. */
  readonly trace: readonly RuleTrace[];
}
