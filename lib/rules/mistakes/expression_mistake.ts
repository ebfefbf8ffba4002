/** What is wrong with the text of an expression. */
export interface ExpressionMistake {
  /** What was found and what is wanted, without a final period. */
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, on that line. */
  readonly column: number;
  /** How to fix it, in the form in which it is pasted between the double quotes of a config. */
  readonly hint?: string;
}

/** A mistake and where it begins, before lines are counted. */
export interface MistakeAtOffset {
  readonly message: string;
  /** Counted from 0, from the beginning of the text. */
  readonly offset: number;
  /** How to fix it, in the form of an expression. */
  readonly hint?: string | undefined;
}

/**
 * Finds the line and column of a finding.
 *
 * @param source The expression.
 * @param finding What is wrong with it.
 * @returns The mistake.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(locate("a &&\nb", { message: "Unknown name", offset: 5 }), {
 *   message: "Unknown name",
 *   line: 2,
 *   column: 1,
 * });
 * ```
 */
export function locate(source: string, finding: MistakeAtOffset): ExpressionMistake {
  const lines = source.slice(0, finding.offset).split("\n");
  return {
    message: finding.message,
    line: lines.length,
    column: (lines.at(-1) ?? "").length + 1,
    ...(finding.hint === undefined ? {} : { hint: JSON.stringify(finding.hint).slice(1, -1) }),
  };
}
