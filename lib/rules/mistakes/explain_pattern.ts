/** What to write in place of what other dialects of patterns have and RE2 does not. */
const CURES: readonly (readonly [sign: RegExp, cure: string])[] = [
  [/\(\?[=!]/, "RE2 has no lookahead: ask twice, e.g. x.matches('A') && !x.matches('B')"],
  [/\(\?<[=!]/, "RE2 has no lookbehind: ask twice, e.g. x.matches('A') && !x.matches('B')"],
  [/\\[1-9]|\\k|\(\?P=/, "RE2 has no back references: write out what is to stand there"],
  [/\(\?>|[*+?}]\+/, "Write a plain + or *: no pattern takes long here"],
  [/\(\?#|\(\?x/, "A pattern holds no comments: write // behind the condition"],
  [/\\Z/, "Write \\z for the end of the text"],
  [/\\u/, "Write a character by its number as \\x{05D0}, or the character itself"],
  [/\\h/, "Write [ \\t] for blanks"],
  [/\\R/, "Write \\r?\\n for the end of a line"],
  [
    /\\[pP]/,
    "Write a script as \\p{Hebrew}, letters as \\p{L}, digits as \\p{Nd}",
  ],
  [/\[:/, "The classes are [:alpha:], [:digit:], [:alnum:], [:space:], [:upper:], [:lower:] …"],
  [/\{\d/, "A repetition goes up to 1000, those within each other multiplied"],
];

const ESCAPE = "Put a backslash before a sign that stands for itself, in raw text: r'\\('";

/**
 * Says what to write in place of a pattern that can't be read.
 *
 * @param pattern The pattern.
 * @param reason What RE2 says of it; it ends with the part that it stumbled over.
 * @returns The hint, with backslashes as a config in JSON holds them.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const hint = cureOfPattern("^(?!a)", 'invalid or unsupported Perl syntax: "(?!"');
 * assertStringIncludes(hint, "RE2 has no lookahead");
 * ```
 */
export function cureOfPattern(pattern: string, reason: string): string {
  const [, part = pattern] = /"(.*)"$/s.exec(reason) ?? [];
  // Of a class without its bracket RE2 shows all that follows.
  if (reason.startsWith("missing") || reason.startsWith("unexpected")) return ESCAPE;
  return CURES.find(([sign]) => sign.test(part))?.[1] ?? ESCAPE;
}
