import { PROBLEM_STATUSES, type ProblemCode } from "../../http/problem/problem.ts";

/**
 * Names the command that explains an answer which is an error.
 *
 * @param answer The answer's JSON.
 * @returns The command, `undefined` when the answer is none of the program's errors.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linkOfAnswer } from "./answer_link.ts";
 *
 * assertEquals(linkOfAnswer({ code: "not_json" }), "storehook help not_json");
 * assertEquals(linkOfAnswer({ code: "teapot" }), undefined);
 * ```
 */
export function linkOfAnswer(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("code" in answer)) return undefined;
  return isCode(answer.code) ? `storehook help ${answer.code}` : undefined;
}

function isCode(code: unknown): code is ProblemCode {
  return typeof code === "string" && Object.hasOwn(PROBLEM_STATUSES, code);
}
