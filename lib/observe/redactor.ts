import { REDACTED } from "./sensitive_fields.ts";

/** Takes secrets and what is about people out of finished log lines. */
export interface Redactor {
  /** Takes it out of a line for people. */
  text(line: string): string;
  /** Takes it out of a line of JSON, which remains JSON with the same keys. */
  json(line: string): string;
}

/** What is shorter is no secret, and taking it out would make words unreadable. */
const SHORTEST_SECRET = 4;

/**
 * Makes a redactor. A line is looked through once, whatever the number of secrets.
 *
 * @param secrets The secrets of the config.
 * @returns The redactor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { text, json } = createRedactor(["hunter2"]);
 * assertEquals(text("hunter2 of jane@example.com"), "[removed] of [removed]");
 * assertEquals(json('{"level":"INFO","message":"hunter2"}\n'), '{"level":"INFO","message":"[removed]"}\n');
 * ```
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const ofConfig = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // Of two secrets that begin alike, the longer one.
    .toSorted((a, b) => b.length - a.length)
    .map(secretPattern);
  const found = new RegExp([...ofConfig, ...CREDENTIAL_PATTERNS, EMAIL_SIGN, ...NUMBERS].join("|"));
  const secret = ofConfig.length === 0 ? undefined : new RegExp(ofConfig.join("|"), "g");

  // Secrets go first: what else is found in a line could begin before one and end within it.
  function clean(text: string): string {
    const withoutSecrets = secret === undefined ? text : text.replace(secret, REDACTED);
    return withoutSecrets.replace(SENSITIVE, (match) => takeOut(match, REDACTED));
  }
  return {
    text: (line) => found.test(line) ? clean(line) : line,
    json: (line) => found.test(line) ? `${JSON.stringify(cleanJson(line, clean))}\n` : line,
  };
}

/** Values alone are changed: a secret that is a word like `level` would make the line useless. */
function cleanJson(line: string, clean: (text: string) => string): unknown {
  const parsed: unknown = JSON.parse(line, (_, value: unknown) => {
    if (typeof value === "string") return clean(value);
    if (typeof value !== "number") return value;
    return clean(String(value)) === String(value) ? value : REDACTED;
  });
  return parsed;
}

/** What else may stand before the @ separates values more often. */
const LOCAL_PART = "[\\w.!#$%*+^~\\u00a1-\\uffff-]";
const LABEL = "[\\w\\u00a1-\\uffff-]+";

/** Credentials, by their form. */
const CREDENTIALS: readonly string[] = [
  // Secrets of Standard Webhooks and Svix.
  "wh(?:sec|sk)_[\\w+/=-]{8,}",
  // JSON Web Tokens.
  "eyJ[\\w-]{8,}\\.[\\w-]+\\.[\\w-]*",
];

/** Credentials, by what stands before them, which is kept. */
const INTRODUCED: readonly (readonly [introduction: string, credential: string])[] = [
  // `Authorization`. An upper case letter, a digit or a sign tells a token from a word.
  ["[Bb](?:earer|asic) +", "(?=[a-z]*[^a-z\\s])[\\w.~+/=-]{8,}"],
  // The user and the password of a URL.
  ["://", "[^\\s/?#@\"'\\\\]+@"],
  // Who knows the address of an exported list can read it.
  ["/exports/", "[\\w-]{22}"],
  // Parameters of a URL that are named like a secret.
  [
    "[?&](?:access_|api_?|auth_?)?(?:key|token|secret|signature|sig|password)=",
    "[^\\s&#\"'\\\\]+",
  ],
];

/** What follows the name in an e-mail address, also in a URL. */
const AT_DOMAIN = `(?:@|%40)${LABEL}(?:\\.${LABEL})+`;

/**
 * An e-mail address. It is looked for where a word begins, and there alone: else a long word would be
 * walked from each of its letters.
 */
const EMAIL = `(?<!${LOCAL_PART})${LOCAL_PART}+${AT_DOMAIN}`;

/** Finds the same, without saying where it begins: no word is walked in which there is none. */
const EMAIL_SIGN = `(?<=${LOCAL_PART})${AT_DOMAIN}`;

const NUMBERS: readonly string[] = [
  // A telephone number: with a country code, or as written in North America.
  "(?<![\\w.+])\\+\\d(?:[ ().\\/-]{0,2}\\d){7,14}(?!\\w)",
  "(?<![\\w.-])(?:\\(\\d{3}\\) ?|\\d{3}[ .-])\\d{3}[ .-]\\d{4}(?![\\w-])",
  // A card's number: in one piece, or in the groups in which it is printed.
  "(?<![\\w.-])[2-6](?:\\d{12,18}|\\d{3}([ -])\\d{4}\\1\\d{4}\\1\\d{1,7}|\\d{3}([ -])\\d{6}\\2\\d{4,5})(?![\\w-])",
];

const CREDENTIAL_PATTERNS: readonly string[] = [
  ...CREDENTIALS,
  ...INTRODUCED.map((parts) => parts.join("")),
];

/** The sources of all patterns; the last alone has groups. */
const SENSITIVE_PATTERNS: readonly string[] = [...CREDENTIAL_PATTERNS, EMAIL, ...NUMBERS];

const SENSITIVE = new RegExp(SENSITIVE_PATTERNS.join("|"), "g");

const INTRODUCTION = new RegExp(`^(?:${INTRODUCED.map(([text]) => text).join("|")})`);

const CARD_FORM = /^[2-6][\d -]{12,}$/;

/**
 * Takes out what one of {@linkcode SENSITIVE_PATTERNS} found.
 *
 * @param found What it found.
 * @param replacement What stands in its place.
 * @returns The replacement, after what introduces a credential; a number that can't be a card's is
 * left as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const found = ["Bearer s3cret-token", "4111 1111 1111 1111", "4111111111111112"];
 * assertEquals(found.map((text) => takeOut(text, "…")), ["Bearer …", "…", "4111111111111112"]);
 * ```
 */
export function takeOut(found: string, replacement: string): string {
  if (CARD_FORM.test(found) && !hasCheckDigit(found)) return found;
  return (INTRODUCTION.exec(found)?.[0] ?? "") + replacement;
}

/** By Luhn, as the numbers of all cards. */
function hasCheckDigit(number: string): boolean {
  const digits = Array.from(number.replaceAll(/\D/g, ""), Number).reverse();
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit : digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** Characters that no notation writes in another way. */
const PLAIN = /^[A-Za-z\d_.-]$/;

const BACKSLASH = "(?:\\\\|%5[cC])";

/** Before these stand backslashes in JSON, more of them in JSON inside of JSON, and so on. */
const QUOTES: ReadonlySet<string> = new Set(['"', "'", "`"]);

/** How JSON, and languages like it, write control characters. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\b", "b"],
  ["\t", "t"],
  ["\n", "n"],
  ["\f", "f"],
  ["\r", "r"],
]);

/**
 * Writes the pattern of a secret so that it finds it however it was written: as it is, in JSON at
 * any depth, and in a URL.
 *
 * @param secret The secret.
 * @returns The source of a regular expression without flags.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = new RegExp(`^${secretPattern('a"b/c')}$`);
 * const written = ['a"b/c', 'a\\"b/c', 'a\\\\\\"b/c', "a%22b%2Fc"];
 * assertEquals(written.map((text) => pattern.test(text)), [true, true, true, true]);
 * ```
 */
export function secretPattern(secret: string): string {
  // The pattern of one backslash finds all that follow each other.
  return Array.from(secret.replaceAll(/\\+/g, "\\"), characterPattern).join("");
}

function characterPattern(character: string): string {
  if (character === "\\") return `${BACKSLASH}+`;
  if (PLAIN.test(character)) return RegExp.escape(character);
  const ways = [...writtenPatterns(character), ...percentPatterns(character)];
  return `(?:${ways.join("|")})`;
}

function writtenPatterns(character: string): readonly string[] {
  if (QUOTES.has(character)) return [`${BACKSLASH}*(?:${character}|${percentCodes(character)})`];
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(4, "0");
  const unicode = `\\\\+u${anyCase(hex)}`;
  const escape = ESCAPES.get(character);
  return [
    RegExp.escape(character),
    ...(escape === undefined ? [] : [`\\\\+${escape}`]),
    // Beyond the control characters and halves of a pair, nobody has to write it so.
    ...(character.length === 1 ? [unicode] : []),
  ];
}

function percentPatterns(character: string): readonly string[] {
  // Half of a pair has no bytes.
  if (!character.isWellFormed()) return [];
  return [percentCodes(character), ...(character === " " ? ["\\+"] : [])];
}

function percentCodes(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${anyCase(byte.toString(16).padStart(2, "0"))}`).join("");
}

function anyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
