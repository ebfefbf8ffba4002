import { type ServiceAnswer, ServiceFailure } from "./exchange.ts";
import { Problem } from "../http/problem/problem.ts";
import { decodeExactJson } from "../http/json.ts";

/** What is wanted of a service. */
export interface Question<Said> {
  /**
   * Reads the answer of a 200.
   *
   * @param document Its parsed JSON.
   * @returns What it says.
   * @throws {WrongAnswer} When it is none that can be used.
   */
  read(document: unknown): Said;
  /** About which parts of the delivery it is asked: ids of items. None where it is about all. */
  readonly about?: readonly string[];
}

/** A service answered in another form, or something that the config does not know. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";

  /** @param reason What is wrong, for a sentence such as `it answered …`, without personal data. */
  constructor(readonly reason: string) {
    super(`Cannot use the answer: ${reason}`);
  }
}

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

/** A message that is longer than this is none for a shopper. */
const LONGEST_MESSAGE = 1000;

/**
 * Reads the document of a 400: uStore's webhooks refuse an order with `{"message": "…"}`.
 *
 * @param document The parsed JSON.
 * @returns The message to the shopper, `undefined` when there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(refusalOf({ message: "Your budget is used up." }), "Your budget is used up.");
 * assertEquals(refusalOf({ error: "bad request" }), undefined);
 * ```
 */
export function refusalOf(document: unknown): string | undefined {
  if (typeof document !== "object" || document === null || !("message" in document)) {
    return undefined;
  }
  const { message } = document;
  if (typeof message !== "string" || message.trim() === "") return undefined;
  return message.length <= LONGEST_MESSAGE ? message.toWellFormed() : undefined;
}
