import { Problem } from "../http/problem/problem.ts";
import { decodeExactJson } from "../http/json.ts";
import type { ServiceAnswer } from "./exchange.ts";
import { ServiceFailure, WrongAnswer } from "./failure.ts";
import { refusalOf } from "./refusal.ts";
import type { Question } from "./reply.ts";

/** What an answer says. */
export type Understood<Said> = { readonly said: Said } | { readonly refusal: string };

/**
 * Understands an answer: the outcome of a 200, the refusal of a 400.
 *
 * @param answer The answer, its signature verified where there is a key.
 * @param question What was asked.
 * @returns What it says.
 * @throws {ServiceFailure} When it says nothing that can be used.
 */
export function understand<Said>(
  { status, body }: ServiceAnswer,
  question: Question<Said>,
): Understood<Said> {
  const document = readJson(body, status);
  if (status === 400) {
    const refusal = refusalOf(document);
    if (refusal !== undefined) return { refusal };
    throw new ServiceFailure("status", "answered 400 without a message", { status });
  }
  try {
    return { said: question.read(document) };
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    throw new ServiceFailure("wrong_answer", error.reason, { status });
  }
}

function readJson(body: Uint8Array, status: number): unknown {
  try {
    return decodeExactJson(body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const words = status === 400 ? "answered 400 without a message" : "answered no valid JSON";
    throw new ServiceFailure(status === 400 ? "status" : "not_json", words, { status });
  }
}
