/**
 * Replaces what a document says of a person by what looks alike: letters by letters, digits by
 * digits, the same word by the same word. What it was cannot be told from what it became: that
 * depends on a random number that is kept nowhere.
 */
import { isSensitiveName } from "../../observe/sensitive_fields.ts";
import { hash } from "../../util/hash.ts";
import { isExactNumber, isJsonNumber, numberOfText, textOfNumber } from "../../util/json_text.ts";

/** A scalar of a document that may be about a person. */
export interface PersonalPlace {
  /** Where it stands, without places in lists: `Order.User.Email`. */
  readonly group: string;
  /** Whether it tells where somebody lives no closer than to a town. */
  readonly isCoarse: boolean;
}

/** How much of a place is kept. */
export type Keep = "nothing" | "domain" | "all";

/** What replaces the parts of a document that are about a person. */
export interface Pseudonyms {
  /**
   * Replaces them in a copy of a document.
   *
   * @param document The parsed JSON.
   * @param keep How much is kept of each place.
   */
  replaceIn(document: unknown, keep: (place: PersonalPlace) => Keep): unknown;
  /** The places of the document, each group once. */
  placesOf(document: unknown): readonly PersonalPlace[];
}

/** Whatever stands below is about a person. */
const PERSON =
  /user|customer|shopper|buyer|client|addres|contact|recipient|billing|shipping(?!price|tax)|bill_?to|ship_?to|person|member|orderer|approver|employee|owner/i;
/** Of a person, but as good as nothing about one. */
const HARMLESS = /country|state|region|currency|language|locale|culture|^@?type$|^@_|price|amount/i;
const COARSE = /^@?(?:city|town|zip|zipcode|zip_?code|post(?:al)?_?code)$/i;
/** What people write, and numbers by which somebody can be found. */
const FREE =
  /note|comment|remark|nickname|greeting|(?:gift|personal)_?message|instruction|attention|care_?of|^@?attn$|^@?(?:display)?order_?(?:id|number)$|^@?(?:cart|user|customer|member)_?id$|token|^ip|_ip$|vat_?id|reference/i;
/** The values of a customized product, such as the name on a business card. */
const CUSTOMIZED = /^(?:property|dial)values?$/i;

const EMAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const HAS_EMAIL = /\S@\S/;

/**
 * Makes what replaces personal data.
 *
 * @param literals Texts that rules compare with: what stands in them stays, for the config says it.
 * @param salt What nobody else knows; random unless given.
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 *
 * const { replaceIn } = createPseudonyms(["@vip.example"]);
 * const document = { User: { FirstName: "Ann", Email: "ann@vip.example" } };
 * const replaced = JSON.stringify(replaceIn(document, () => "nothing"));
 * assertMatch(replaced, /"FirstName":"[A-Z][a-z]{2}","Email":"[a-z]{3}@vip\.example"/);
 * ```
 */
export function createPseudonyms(
  literals: readonly string[],
  salt: string = crypto.randomUUID(),
): Pseudonyms {
  const kept = literals.map((text) => text.toLowerCase()).filter((text) => text.length > 1);

  function replaceText(text: string, keep: Keep): string {
    if (keep === "all") return text;
    const spans = keptSpans(text, kept);
    for (const { index, 0: address } of text.matchAll(EMAIL)) {
      const at = index + address.lastIndexOf("@");
      if (keep === "domain") spans.push([at, index + address.length]);
      else if (!spans.some(([from, to]) => from < index + address.length && to > at)) {
        // Another made-up domain could be somebody's.
        const name = text.slice(at + 1, index + address.length).replace(/\.[^.]*$/, "");
        const domain = `@${replaceWords(name, [], salt)}.example`;
        const before = replaceWords(text.slice(0, at), spans, salt);
        return `${before}${domain}${replaceText(text.slice(index + address.length), keep)}`;
      }
    }
    return replaceWords(text, spans, salt);
  }

  function replace(
    value: unknown,
    path: readonly string[],
    keep: (place: PersonalPlace) => Keep,
  ): unknown {
    if (typeof value === "object" && value !== null && !isExactNumber(value)) {
      if (Array.isArray(value)) return value.map((one) => replace(one, path, keep));
      const entries = Object.entries(value);
      return Object.fromEntries(
        entries.map(([name, member]) => [name, replace(member, [...path, name], keep)]),
      );
    }
    const text = scalarText(value);
    if (text === undefined || text.trim() === "" || !isPersonal(path, text)) return value;
    const replaced = replaceText(text, keep(placeOf(path)));
    return isJsonNumber(value) ? numberOfText(replaced) ?? value : replaced;
  }

  return {
    replaceIn: (document, keep) => replace(document, [], keep),
    placesOf(document) {
      const places = new Map<string, PersonalPlace>();
      replace(document, [], (place) => {
        places.set(place.group, place);
        return "all";
      });
      return [...places.values()];
    },
  };
}

function placeOf(path: readonly string[]): PersonalPlace {
  return { group: path.join("."), isCoarse: COARSE.test(nameIn(path)) };
}

function scalarText(value: unknown): string | undefined {
  if (isJsonNumber(value)) return textOfNumber(value);
  return typeof value === "string" ? value : undefined;
}

/** `#text` is the text of what it stands in. */
function nameIn(path: readonly string[]): string {
  return path.findLast((name) => name !== "#text") ?? "";
}

function isPersonal(path: readonly string[], text: string): boolean {
  const name = nameIn(path);
  if (HAS_EMAIL.test(text) && text.match(EMAIL) !== null) return true;
  if (/^(?:true|false)$/i.test(text)) return false;
  if (FREE.test(name) || isSensitiveName(name.replace(/^@/, ""))) return true;
  if (CUSTOMIZED.test(path.at(-2) ?? "") && name === "Value") return !/^\d{1,5}$/.test(text);
  if (HARMLESS.test(name)) return false;
  // A field of its own, as RecipientName is; how many recipients there are is nothing about one.
  if (PERSON.test(name) && /\p{L}/u.test(text)) return true;
  return path.slice(0, -1).some((one) => PERSON.test(one));
}

function keptSpans(text: string, literals: readonly string[]): [from: number, to: number][] {
  const lower = text.toLowerCase();
  // Of some letters the small one is longer: then the places would not be those of the text.
  if (lower.length !== text.length) return [];
  return literals.flatMap((literal) => {
    const spans: [number, number][] = [];
    for (let at = lower.indexOf(literal); at >= 0; at = lower.indexOf(literal, at + 1)) {
      spans.push([at, at + literal.length]);
    }
    return spans;
  });
}

function replaceWords(
  text: string,
  spans: readonly (readonly [from: number, to: number])[],
  salt: string,
): string {
  return text.replace(/\p{L}+|\p{N}+/gu, (word, index: number) => {
    const isKept = spans.some(([from, to]) => from < index + word.length && to > index);
    if (!isKept) return wordFor(word, salt);
    // What stands around what is kept is another word.
    return Array.from(
      word,
      (sign, offset) =>
        spans.some(([from, to]) => from <= index + offset && index + offset < to)
          ? sign
          : wordFor(sign, `${salt}${offset}`),
    ).join("");
  });
}

const VOWELS = "aeiou";
const CONSONANTS = "bcdfghjklmnpqrstvwxyz";

/** A word that looks alike: the same for the same one, however it is written. */
function wordFor(word: string, salt: string): string {
  let bytes = hash("sha256", salt, word.toLowerCase());
  let index = 0;
  return Array.from(word, (sign) => {
    if (index === bytes.length) {
      bytes = hash("sha256", bytes);
      index = 0;
    }
    return signFor(sign, bytes[index++] ?? 0);
  }).join("");
}

function signFor(sign: string, byte: number): string {
  if (/^[1-9]$/.test(sign)) return String(1 + byte % 9);
  if (/^\d$/.test(sign)) return sign;
  const plain = sign.normalize("NFD").charAt(0).toLowerCase();
  if (VOWELS.includes(plain)) return cased(VOWELS.charAt(byte % VOWELS.length), sign);
  if (CONSONANTS.includes(plain)) return cased(CONSONANTS.charAt(byte % CONSONANTS.length), sign);
  // Of another script: a letter that stands near it.
  const near = String.fromCodePoint(((sign.codePointAt(0) ?? 0) & ~0xf) | (byte & 0xf));
  if (/^\p{L}$/u.test(sign)) return /^\p{L}$/u.test(near) ? near : "x";
  return /^\p{N}$/u.test(near) ? near : "1";
}

function cased(letter: string, like: string): string {
  return like === like.toLowerCase() ? letter : letter.toUpperCase();
}
