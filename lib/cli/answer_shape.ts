import type { Handler } from "../../handlers/handler.ts";
import { linkOfAnswer } from "./answer_link.ts";
import type { Played } from "./play.ts";

/** What is to be said of an answer. */
export interface Judged {
  /** What is wrong with its shape; `undefined` when nothing is. */
  readonly shape: string | undefined;
  /** Where an error is explained; `undefined` when it is none of the program's errors. */
  readonly link: string | undefined;
}

/**
 * Judges the shape of an answer.
 *
 * @param handler What answered.
 * @param played What came back.
 */
export function judgeAnswer(handler: Handler, { status, text, location }: Played): Judged {
  if (location !== null) {
    const shape = `redirected to ${location}; it is not followed, for what uStore does then is ` +
      "not known";
    return { shape, link: undefined };
  }
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return { shape: "the answer is not JSON", link: undefined };
  }
  if (status === 200) return { shape: checkShape(handler, answer), link: undefined };
  const hasMessage = typeof answer === "object" && answer !== null && "message" in answer &&
    typeof answer.message === "string";
  const shape = hasMessage ? undefined : 'an error\'s body needs a "message"';
  return { shape, link: linkOfAnswer(answer) };
}

/**
 * Checks the document of a 200 by its handler.
 *
 * @param handler What answered.
 * @param answer The document.
 * @returns What is wrong, in one line; `undefined` when nothing is.
 */
export function checkShape({ sample }: Pick<Handler, "sample">, answer: unknown) {
  return sample.check(answer)?.replace(/^✖\s*/, "").replace(/\s*\n\s*✖\s*/g, "; ")
    .replace(/\s*\n\s*→\s*/g, " ").replace(/\s*\n\s*/g, " ");
}
