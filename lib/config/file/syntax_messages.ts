import * as jsonc from "jsonc-parser";

/** What is wrong with the writing of a config, and how to mend it. */
export interface SyntaxWords {
  readonly message: string;
  readonly hint?: string;
}

/** By the names of jsonc-parser: its numbers are a `const enum`, which only its own build can read. */
const WORDS: Readonly<Record<string, SyntaxWords>> = {
  InvalidSymbol: {
    message: "found a bare word or a sign, wanted a value of JSON",
    hint: "Write names and text between double quotes",
  },
  InvalidNumberFormat: { message: "found a number that ends too early" },
  PropertyNameExpected: {
    message: "wanted a key here",
    hint: "Write the key between double quotes, or take out a comma that is too many",
  },
  ValueExpected: { message: "wanted a value here" },
  ColonExpected: { message: "wanted a colon after the key" },
  CommaExpected: { message: "wanted a comma before this" },
  CloseBraceExpected: {
    message: "found the end of the file, wanted a closing brace }",
  },
  CloseBracketExpected: {
    message: "found the end of the file, wanted a closing bracket ]",
  },
  EndOfFileExpected: {
    message: "found more after the end, wanted the end of the file",
    hint: "Look for a closing brace that is too many",
  },
  UnexpectedEndOfComment: { message: "found a comment without its closing */" },
  UnexpectedEndOfString: { message: "found text without its closing quote" },
  UnexpectedEndOfNumber: { message: "found a number that ends too early" },
  InvalidUnicode: { message: "found \\u without four hexadecimal digits" },
  InvalidEscapeCharacter: {
    message: "found a backslash before a character that can't follow it",
    hint: "Write a backslash twice, as in C:\\\\Storehook",
  },
  InvalidCharacter: {
    message: "found a control character inside text",
    hint: "Write a tab as \\t and a line break as \\n",
  },
};

/**
 * Puts a syntax error into words. Never shows the text itself: it may hold a key.
 *
 * @param error What the parser found.
 * @param text The whole text.
 * @returns The message and the hint.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeSyntaxError } from "./syntax_messages.ts";
 *
 * assertEquals(describeSyntaxError({ error: 6, offset: 7, length: 3 }, '{"a":1 "b":2}'), {
 *   message: "wanted a comma before this",
 * });
 * ```
 */
export function describeSyntaxError(error: jsonc.ParseError, text: string): SyntaxWords {
  if (text.trim() === "") {
    return {
      message: "found an empty file, wanted an object",
      hint: "Start with { and end with }",
    };
  }
  const code = jsonc.printParseErrorCode(error.error);
  if (code === "InvalidSymbol" && text.startsWith("'", error.offset)) {
    return { message: "found a single quote, wanted a double quote" };
  }
  return WORDS[code] ?? { message: "found text that is no JSON" };
}
