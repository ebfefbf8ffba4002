import type { Handler } from "../../../handlers/handler.ts";
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
  if (status === handler.sample.sender.status) {
    return { shape: judgeGoodAnswer(handler, text), link: undefined };
  }
  const answer = readJson(text);
  if (answer === undefined) return { shape: NO_JSON, link: undefined };
  const hasMessage = typeof answer === "object" && answer !== null && "message" in answer &&
    typeof answer.message === "string";
  const shape = hasMessage ? undefined : 'an error\'s body needs a "message"';
  return { shape, link: linkOfAnswer(answer) };
}

/**
 * Judges the body of an answer whose status is the one of a good answer.
 *
 * @param handler What answered.
 * @param text The answer.
 * @returns What is wrong, in one line; `undefined` when nothing is.
 */
export function judgeGoodAnswer(handler: Handler, text: string): string | undefined {
  if (handler.sample.sender.status === 204) return text === "" ? undefined : "wanted no body";
  const answer = readJson(text);
  return answer === undefined ? NO_JSON : checkShape(handler, answer);
}

const NO_JSON = "the answer is not JSON";

/** What a JSON text says; `undefined` when it is none. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with the document of a 200, in one line. */
function checkShape({ sample }: Pick<Handler, "sample">, answer: unknown) {
  return sample.check(answer)?.replace(/^✖\s*/, "").replace(/\s*\n\s*✖\s*/g, "; ")
    .replace(/\s*\n\s*→\s*/g, " ").replace(/\s*\n\s*/g, " ");
}
