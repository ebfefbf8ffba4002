import type { ParseError } from "@marcbachmann/cel-js";

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

/**
 * Explains why an expression can't be parsed.
 *
 * @param error What the parser threw.
 * @param source The expression.
 * @returns What is wrong, and what was probably meant.
 */
export function explainSyntax(error: ParseError, source: string): MistakeAtOffset {
  const offset = error.range?.start ?? 0;
  const token = tokenAt(source, offset);
  const found = token === "" ? "the end" : JSON.stringify(token);
  const hint = habitAt(source, offset, token);
  const wanted = /^Expected (\w+)/.exec(error.summary)?.[1];
  if (error.code === "expected_token" && wanted !== undefined) {
    return { message: `Expected ${TOKENS.get(wanted) ?? wanted}, found ${found}`, offset, hint };
  }
  if (error.code === "unexpected_token" && token === "") {
    return { message: "The expression ends too early", offset, hint };
  }
  if (error.code === "reserved_identifier") {
    return { message: `${found} is a reserved word`, offset, hint };
  }
  if (error.code === "unexpected_token" || error.code === "unexpected_character") {
    return { message: `Unexpected ${found}`, offset, hint };
  }
  if (error.code === "invalid_escape_sequence") {
    return { message: error.summary, offset, hint: rawText(source, offset) };
  }
  return { message: MESSAGES.get(error.code) ?? error.summary, offset, hint };
}

/** The text around a backslash, as raw text. */
function rawText(source: string, backslash: number): string | undefined {
  const quote = /'[^']*$/.test(source.slice(0, backslash)) ? "'" : '"';
  const start = source.lastIndexOf(quote, backslash);
  const end = source.indexOf(quote, backslash);
  const text = source.slice(start + 1, end);
  if (start < 0 || end < 0 || /['"\n]/.test(text)) return undefined;
  return `Write raw text: r'${text}'`;
}

/** The parser's names of tokens. */
const TOKENS: ReadonlyMap<string, string> = new Map([
  ["EOF", "the end"],
  ["LPAREN", '"("'],
  ["RPAREN", '")"'],
  ["LBRACKET", '"["'],
  ["RBRACKET", '"]"'],
  ["LBRACE", '"{"'],
  ["RBRACE", '"}"'],
  ["COMMA", '","'],
  ["COLON", '":"'],
  ["IDENTIFIER", "a name"],
]);

const MESSAGES: ReadonlyMap<string, string> = new Map([
  ["unterminated_string", "The text has no closing quote"],
  ["unterminated_triple_quoted_string", "The text has no closing quotes"],
  ["newline_in_string", "The text has no closing quote on its line"],
  ["invalid_number", "The number is out of range"],
  ["invalid_integer", "The number is out of range"],
  ["limit_exceeded", "The expression is too long or nests too deeply"],
  ["invalid_macro_argument", "The first argument names the element, e.g. i in exists(i, …)"],
]);

/** What people write who know another language, by the word or sign the parser stumbles over. */
const HABITS: ReadonlyMap<string, string> = new Map([
  ["=", "Write == to compare"],
  ["<>", "Write != for not equal"],
  ["and", "Write && for and"],
  ["or", "Write || for or"],
  ["&", "Write && for and"],
  ["|", "Write || for or"],
  ["not", "Write ! before what shall not be, e.g. !(a in b)"],
  ["like", "Write text.contains('part'), startsWith or endsWith"],
  ["contains", "Write text.contains('part')"],
  ["startswith", "Write text.startsWith('part')"],
  ["endswith", "Write text.endsWith('part')"],
  ["matches", "Write text.matches('pattern')"],
  ["is", "Write == to compare; missing text is ''"],
  ["between", "Write a >= 1 && a <= 9"],
  ["in", "Write in with small letters and a list in brackets: a in ['x', 'y']"],
  ["#", "Begin a comment with //, outside the text of the rule"],
  ["\u00a0", "Delete the no-break space and type a plain one"],
  ["\u202f", "Delete the no-break space and type a plain one"],
  ["\u200b", "Delete the invisible space"],
  ["\u00ab", "Write straight single quotes: '"],
  ["\u00bb", "Write straight single quotes: '"],
  [";", "Write && between conditions, and nothing at the end"],
  ["\u2260", "Write != for not equal"],
  ["\u2264", "Write <="],
  ["\u2265", "Write >="],
  ["\u2212", "Write - for minus"],
  ["\u2013", "Write - for minus"],
  ["\u2014", "Write - for minus"],
  ["`", "Write straight single quotes: '"],
  ["@", "Put text between single quotes: 'text'"],
  ["~", "Write text.matches('pattern')"],
  ["$", "Write names without $, as in order.total"],
  ["gt", "Write >"],
  ["ge", "Write >="],
  ["lt", "Write <"],
  ["le", "Write <="],
  ["eq", "Write == to compare"],
  ["ne", "Write != for not equal"],
  ["then", "Write condition ? yes : no"],
  ["if", "Write condition ? yes : no"],
  ["?", "Ask first: 'Paper' in item.properties ? item.properties['Paper'] : ''"],
  ["\u201c", "Write straight single quotes: '"],
  ["\u201d", "Write straight single quotes: '"],
  ["\u201e", "Write straight single quotes: '"],
  ["\u2018", "Write straight single quotes: '"],
  ["\u2019", "Write straight single quotes: '"],
]);

/** The number that a comma between thousands, or before decimals, has cut. */
function numberAt(source: string, comma: number): string | undefined {
  const whole = /(?<![\w.])\d+(?:\.\d{3})*$/.exec(source.slice(0, comma))?.[0];
  const decimals = /^,(\d{1,2})(?![\w,.])/.exec(source.slice(comma))?.[1];
  if (whole !== undefined && decimals !== undefined) {
    return `${whole.replaceAll(".", "")}.${decimals}`;
  }
  const before = /\b\d{1,3}$/.exec(source.slice(0, comma))?.[0];
  const after = /^(?:,\d{3})+(?:\.\d+)?(?![\w,])/.exec(source.slice(comma))?.[0];
  if (before === undefined || after === undefined) return undefined;
  return `${before}${after.replaceAll(",", "")}`;
}

function habitAt(source: string, start: number, found: string): string | undefined {
  const before = source.slice(0, start).trimEnd();
  if (found === ">" && before.endsWith("<")) return HABITS.get("<>");
  if (found === "," && /\bin\s*\([^()]*$/i.test(before)) return HABITS.get("in");
  const number = found === "," ? numberAt(source, start) : undefined;
  if (number !== undefined) return `Write ${number}`;
  if (/^\w/.test(found) && before.endsWith("''")) return "Write one quote on each side: 'text'";
  if (/^\w/.test(found) && source.slice(0, start).endsWith("'")) {
    return "Text ends at the next quote: write \\' for one within it";
  }
  if (/[€$£%]/.test(found) && /\d$/.test(before)) return "Write the number alone";
  const previous = /\w+$/.exec(before)?.[0].toLowerCase();
  return HABITS.get(found.toLowerCase()) ??
    (previous === undefined || /^\W/.test(found) ? undefined : HABITS.get(previous));
}

/** The word or sign that stands at a place. */
function tokenAt(source: string, start: number): string {
  return /^(?:\w+|[\s\S])/u.exec(source.slice(start))?.[0] ?? "";
}
