import * as jsonc from "jsonc-parser";

/** What is wrong with the writing of a config, and how to fix it. */
export interface SyntaxWords {
  readonly message: string;
  readonly hint?: string;
}

/**
 * Puts a syntax error into words. Of the text itself it shows no more than a sign or a word that it
 * knows: the text may hold a key.
 *
 * @param error What the parser found.
 * @param text The whole text.
 * @returns The message and the hint, in the form in which it stands in the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeSyntaxError } from "./syntax.ts";
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
  return habitAt(code, text, error.offset) ?? WORDS[code] ??
    { message: "found text that is no JSON" };
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
  UnexpectedEndOfString: {
    message: "found text without its closing quote",
    hint: 'Write the closing " on the same line; \\n stands for a line break in text',
  },
  UnexpectedEndOfNumber: { message: "found a number that ends too early" },
  InvalidUnicode: { message: "found \\u without four hexadecimal digits" },
  InvalidEscapeCharacter: {
    message: "found a backslash before a character that can't follow it",
    hint: "Write a backslash twice, as in C:\\\\Storehook, and a pattern of a rule as raw text: " +
      "r'^\\\\d+$'",
  },
  InvalidCharacter: {
    message: "found a control character inside text",
    hint: "Write a tab as \\t and a line break as \\n",
  },
};

/** What people write who know another notation or whose editor writes for them. */
interface Habit {
  /** The codes of the parser under which it shows; any unless given. */
  readonly codes?: readonly string[];
  /** What stands before the mistake on its line. */
  readonly before?: RegExp;
  /** What stands where the parser stumbles. */
  readonly at: RegExp;
  readonly message: string | ((found: string) => string);
  readonly hint?: string;
}

const CURLY_QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2033\u2036";
const SPACES = "\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff\u00ad";
const ANY = /[\s\S]/y;

/** The first that fits explains the mistake. */
const HABITS: readonly Habit[] = [
  {
    at: /\0/y,
    message: "found a zero byte, as a file has that was damaged when the machine went down",
    hint: "Take the file from a backup, or write it anew",
  },
  {
    codes: ["PropertyNameExpected"],
    before: /,\s*$|^\s*$/,
    at: /\{/y,
    message: "found { where a key is wanted",
    hint: "Close the object before it with } first",
  },
  { at: /```/y, message: "found ``` around the config", hint: "Take it out, before and behind" },
  {
    before: new RegExp(`"[^"]*[${CURLY_QUOTES}][^"]*"$`),
    codes: ["InvalidSymbol", "CommaExpected", "ColonExpected"],
    at: ANY,
    message: "found a curly quote in the text before this, where it probably was to end",
    hint: 'Write straight quotes: "',
  },
  {
    at: new RegExp(`[${CURLY_QUOTES}]`, "y"),
    message: (found) => `found a curly quote ${found}, wanted a straight one`,
    hint: 'Write straight quotes: "',
  },
  {
    codes: ["InvalidSymbol", "CommaExpected", "ColonExpected", "PropertyNameExpected"],
    before: /"$/,
    at: /[^\s,:\]}]/y,
    message: "found more right behind a closing quote",
    hint: "Inside a rule write text in single quotes, as in order.currency == 'EUR'; " +
      'elsewhere write \\" for a double quote inside text',
  },
  {
    at: new RegExp(`[${SPACES}]`, "y"),
    message: (found) => `found ${spaceInWords(found)}, wanted a plain space`,
    hint: "Delete it and type a space: it often comes with text copied from a page or a chat",
  },
  {
    at: /#/y,
    message: "found a comment that begins with #",
    hint: "Begin a comment with //",
  },
  {
    at: /--/y,
    message: "found a comment that begins with --",
    hint: "Begin a comment with //",
  },
  {
    at: /<!--/y,
    message: "found a comment that begins with <!--",
    hint: "Begin a comment with //",
  },
  { at: /'/y, message: "found a single quote, wanted a double quote" },
  { at: /`/y, message: "found a backtick, wanted a double quote" },
  { at: /=/y, message: "found = after the key, wanted a colon", hint: "Write :" },
  { at: /;/y, message: "found a semicolon, wanted a comma", hint: "Write ," },
  {
    codes: ["PropertyNameExpected"],
    before: /[:[,]\s*-?\d+,$/,
    at: /\d/y,
    message: "found a number with a comma in it",
    hint: "Write a decimal point, as in 12.5, and nothing between thousands",
  },
  {
    at: /(?:True|TRUE|yes|Yes|on|On)\b/y,
    message: (found) => `found ${found}, wanted true`,
    hint: "Write true",
  },
  {
    at: /(?:False|FALSE|no|No|off|Off)\b/y,
    message: (found) => `found ${found}, wanted false`,
    hint: "Write false",
  },
  {
    at: /(?:None|NULL|Null|nil|undefined)\b/y,
    message: (found) => `found ${found}, wanted null or nothing`,
    hint: "Take the key out where there is no value",
  },
  {
    at: /[+.]\d|NaN\b|-?Infinity\b/y,
    message: "found a number in a form that JSON does not have",
    hint: "Write digits, with a 0 before a decimal point, as in 0.5",
  },
  {
    before: /\d$/,
    at: /[\dxX_]/y,
    message: "found a number in a form that JSON does not have",
    hint: "Write decimal digits alone, without a 0 before them and without _",
  },
  {
    codes: ["CommaExpected"],
    at: /[}]/y,
    message: "found } while a list is open",
    hint: "Close the list with ] first, or take the } out",
  },
  {
    codes: ["CommaExpected"],
    at: /\]/y,
    message: "found ] while an object is open",
    hint: "Close the object with } first, or take the ] out",
  },
  {
    codes: ["EndOfFileExpected"],
    at: /[:,]/y,
    message: "found more after the end, wanted the end of the file",
    hint: "Put { before everything and } behind it",
  },
  {
    codes: ["EndOfFileExpected"],
    at: /[{[]/y,
    message: "found a second value after the first, wanted the end of the file",
    hint: "A config is one object: put its keys into the first one",
  },
  {
    codes: ["InvalidSymbol"],
    before: /^\s*$/,
    at: /[\w-]+:(?=\s)/y,
    message: "found a key without quotes",
    hint: 'A config is JSON, not YAML: write { "key": value }, with each key in double quotes',
  },
  {
    codes: ["InvalidSymbol"],
    at: /<[\w?!]/y,
    message: "found a tag, wanted JSON",
    hint: "A config is JSON: start with { and end with }",
  },
];

function habitAt(code: string, text: string, offset: number): SyntaxWords | undefined {
  const lineStart = Math.max(
    text.lastIndexOf("\n", offset - 1),
    text.lastIndexOf("\r", offset - 1),
  );
  const before = text.slice(lineStart + 1, offset);
  for (const habit of HABITS) {
    if (habit.codes !== undefined && !habit.codes.includes(code)) continue;
    if (habit.before !== undefined && !habit.before.test(before)) continue;
    habit.at.lastIndex = offset;
    const found = habit.at.exec(text)?.[0];
    if (found === undefined) continue;
    const { message, hint } = habit;
    const words = typeof message === "string" ? message : message(found);
    return hint === undefined ? { message: words } : { message: words, hint };
  }
  return undefined;
}

const SPACE_NAMES: ReadonlyMap<string, string> = new Map([
  ["\u00a0", "a no-break space"],
  ["\u202f", "a narrow no-break space"],
  ["\u200b", "an invisible space"],
  ["\u2028", "a line separator"],
  ["\u3000", "a wide space"],
  ["\ufeff", "a byte order mark"],
]);

function spaceInWords(sign: string): string {
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `${SPACE_NAMES.get(sign) ?? "an invisible character"} (U+${code})`;
}
