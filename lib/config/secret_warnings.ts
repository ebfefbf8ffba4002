import { type ConfigPath, formatPath, isObject, type Mistake } from "./mistake.ts";
import type { FilledIn } from "./fill_in.ts";

/** The settings whose text has to be the same here and elsewhere, to the last character. */
const EXACT_KEYS: ReadonlySet<string> = new Set([
  "apikey",
  "password",
  "pathtoken",
  "secret",
  "secrets",
  "signaturekey",
  "signaturekeys",
  "token",
  "username",
]);
/** Of these a short one is as good as any other. */
const GUESSED_FREELY: ReadonlySet<string> = new Set(["headers", "username"]);

/** Whoever guesses at a signature of a delivery needs no server to try on. */
const SHORTEST_SECRET = 6;

/** Characters that nobody sees: of control, of format, and spaces that are none of the keyboard's. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u034f\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0]/u;

const NAMES: ReadonlyMap<string, string> = new Map([
  ["\t", "a tab"],
  ["\n", "a line end"],
  ["\r", "a carriage return"],
  ["\u00a0", "a no-break space"],
  ["\u200b", "a zero-width space"],
  ["\u200d", "a zero-width joiner"],
  ["\u200e", "a mark of the direction of writing"],
  ["\u200f", "a mark of the direction of writing"],
  ["\ufeff", "a byte order mark"],
]);

/** How other programs write that a variable is meant; its name is no secret. */
const PLACEHOLDERS: readonly RegExp[] = [
  /(?:^|\s)%([A-Z_]\w*)%$/i,
  /(?:^|\s)\$([A-Z_][A-Z0-9_]{2,})$/,
  /(?:^|\s)\$env:([A-Z_]\w*)$/i,
  /(?:^|\s)\$?\{\{\s*(?:env\.|secrets\.)?([A-Z_]\w*)\s*\}\}$/i,
  /(?:^|\s)\$\(([A-Z_]\w*)\)$/i,
];

/** What instructions write where a secret belongs, and what is typed until there is one. */
const STAND_INS =
  /^(?:(?:the|your|my|some)[-_ ](?:\w+[-_ ])*(?:key|secret|password|token)(?:[-_ ]\w+)*|change[-_ ]?(?:me|it|this)|secret|password|signature[-_ ]?key|placeholder|to[-_ ]?do|(.)\1{5,})$/i;

/**
 * Finds secrets that work as they stand and are hardly meant so: with characters that nobody sees,
 * with the name of a variable in their place, or of a few characters. No word of what it says holds
 * any part of a secret.
 *
 * @param filled The config, filled in.
 * @returns Every warning.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const value = { endpoints: [{ signatureKeys: ["a-long-enough-key\u200b"] }] };
 * assertEquals(findSecretWarnings({ value, origins: new Map() }).map(({ message }) => message), [
 *   "found a zero-width space (U+200B) at the end of the secret, where it counts",
 * ]);
 * ```
 */
export function findSecretWarnings(
  { value, origins }: Pick<FilledIn, "value" | "origins">,
): readonly Mistake[] {
  return secretsBelow(value, [], undefined).flatMap(({ path, kind, text }) => {
    const origin = origins.get(formatPath(path));
    const from = origin === undefined ? "" : ` from ${origin}`;
    return [
      ...findUnseen(text, from),
      ...(kind === "username" ? [] : findPlaceholder(text, from)),
      ...(GUESSED_FREELY.has(kind) ? [] : findShort(text, from)),
    ].map((found) => ({ path, ...found }));
  });
}

interface FoundSecret {
  readonly path: ConfigPath;
  /** The setting, in small letters. */
  readonly kind: string;
  readonly text: string;
}

function secretsBelow(value: unknown, path: ConfigPath, kind: string | undefined): FoundSecret[] {
  if (typeof value === "string") {
    return kind === undefined || value === "" ? [] : [{ path, kind, text: value }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => secretsBelow(item, [...path, index], kind));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    secretsBelow(item, [...path, key], kind === "headers" ? kind : kindOfKey(key))
  );
}

function kindOfKey(key: string): string | undefined {
  const small = key.toLowerCase();
  return small === "headers" || EXACT_KEYS.has(small) ? small : undefined;
}

type Found = Pick<Mistake, "message" | "hint">;

function findUnseen(text: string, from: string): readonly Found[] {
  const characters = [...text];
  const first = characters.findIndex((one) => UNSEEN.test(one));
  const character = characters[first];
  if (character === undefined) return findBlanks(text, from);
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  const name = NAMES.get(character) ?? "a character that nobody sees";
  const place = first === characters.length - 1
    ? "at the end of"
    : first === 0
    ? "at the start of"
    : `as character ${first + 1} of`;
  return [{
    message: `found ${name} (U+${code}) ${place} the secret${from}, where it counts`,
    hint: "Take it out, or type the secret anew: it comes along when one copies from a page, a " +
      "mail or a file",
  }];
}

function findBlanks(text: string, from: string): readonly Found[] {
  if (text.trim() === text || text.trim() === "") return [];
  return [{
    message: `found white space at the start or the end of the secret${from}, where it counts`,
    hint: "Take it out, unless the other side has it too",
  }];
}

function findPlaceholder(text: string, from: string): readonly Found[] {
  const name = PLACEHOLDERS.map((pattern) => pattern.exec(text)?.[1]).find((one) =>
    one !== undefined
  );
  if (name === undefined) {
    if (STAND_INS.test(text)) {
      return [{
        message:
          `found a word that stands for a secret${from}, which is taken as the secret itself`,
        hint: "Make a long one at random and enter it on both sides",
      }];
    }
    if (/^(['"`])[^]*\1$/.test(text)) {
      return [{
        message: `found quotes around the secret${from}, which count`,
        hint: "Take them out, unless the other side has them too",
      }];
    }
    return /(?:^|\s)<[^<>]+>$/.test(text)
      ? [{
        message:
          `found a placeholder in angle brackets${from}, which is taken as the secret itself`,
        hint: "Write the secret without < and >",
      }]
      : [];
  }
  return [{
    message: `found the name of a variable${from}, which is taken as the secret itself`,
    hint: `Write "\${${name}}" to have the value of the environment variable ${name}`,
  }];
}

function findShort(text: string, from: string): readonly Found[] {
  const { length } = [...text];
  if (length >= SHORTEST_SECRET) return [];
  const count = length === 1 ? "1 character" : `${length} characters`;
  return [{
    message: `found a secret of ${count}${from}, which anybody can guess`,
    hint: "Make a long one at random and enter it on both sides",
  }];
}
