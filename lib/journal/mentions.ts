import { domainToUnicode } from "node:url";
import {
  type Decoder,
  DECODERS,
  findBase64,
  type FoundBase64,
  unpackMarked,
  unpackUnmarked,
} from "./mention_decoders.ts";

/** Tells whether a text or bytes hold the address. */
export type MentionTest = (content: string | Uint8Array) => boolean;

/** How often escapes within escapes are taken out. */
const MAX_PASSES = 8;
/** How often packed or Base64 bytes within such bytes are taken out. */
const MAX_DEPTH = 8;
/** How many characters are looked at for one content, so that no content costs long. */
const MAX_CHARACTERS = 256 * 1024 * 1024;
/** A longer reading is looked at again rather than remembered. */
const MAX_REMEMBERED_CHARACTERS = 65_536;
/** The part of an address before its `@` is no longer: RFC 5321, 4.5.3.1. */
const MAX_LOCAL_LENGTH = 64;

/**
 * What makes it the end of another address. Signs alone, as in `_ann@example.com_`, belong to the
 * text around it, and an escape says nothing until it is taken out: another reading tells.
 */
const GOES_ON_BEFORE =
  /[\p{L}\p{N}][._+-]*$|&(?:amp;)*(?:#x?[\da-f]{1,9}|period|hyphen|dash|lowbar|plus);$|=[ \t]*\r?\n$/iu;
/** What makes it the beginning of another address, or may once it is taken out. */
const GOES_ON_AFTER = new RegExp(
  [
    "^(?:(?:\\.|-+)?[\\p{L}\\p{N}]",
    "\\\\+(?:u[\\da-f]{4}|u\\{[\\da-f]|x[\\da-f]{2})",
    "%(?:25)*(?:u[\\da-f]{4}|[\\da-f]{2})",
    "&(?:amp;)*(?:#|period;|hyphen;|dash;)",
    "=(?:[\\da-f]{2}|[ \\t]*\\r?\\n))",
  ].join("|"),
  "iu",
);

/** Characters that nobody sees, and that stand within words. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;

/**
 * Makes a test for an e-mail address that sees through what stands between it and a reader: letter
 * case, escapes of JSON, URLs, forms, HTML and mail, Base64, gzip, deflate, Brotli, UTF-16, and
 * each of them within another. An address that merely ends or begins with it is another one.
 *
 * @param email The address.
 * @returns The test.
 * @throws {SyntaxError} When it is not an address.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mentionTest } from "./mentions.ts";
 *
 * const mentions = mentionTest("ann@example.com");
 * assertEquals(mentions('{"email":"Ann\\u0040example.com"}'), true);
 * assertEquals(mentions('{"email":"joann@example.com"}'), false);
 * ```
 */
export function mentionTest(email: string): MentionTest {
  const address = email.trim().normalize("NFKC");
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
    throw new SyntaxError(`Cannot erase "${email}": it is not an e-mail address`);
  }
  const isMentioned = plainTest(address);
  const leastBase64 = Math.floor(address.length * 4 / 3);
  return (content) => {
    const isNew = newWithin(MAX_CHARACTERS);

    function inText(text: string, depth: number): boolean {
      return someReading(text, (reading) => {
        if (!isNew(reading)) return false;
        if (isMentioned(reading)) return true;
        if (depth === 0) return false;
        for (const found of findBase64(reading, leastBase64)) {
          if (inBase64(found, depth - 1)) return true;
        }
        return false;
      });
    }
    /**
     * Nearly every long word reads as Base64 of something: what is neither text nor marked is none.
     * A reading may end it too early, such as one in which a plus is a blank: what it then holds of
     * an address may be the beginning of another.
     */
    function inBase64({ bytes, isLast }: FoundBase64, depth: number): boolean {
      const text = textOf(bytes);
      if (!text.includes(NO_TEXT) && inText(text, depth)) return true;
      return depth > 0 &&
        unpackMarked(bytes, isLast).some((unpacked) => inBytes(unpacked, depth - 1));
    }
    function inBytes(bytes: Uint8Array, depth: number): boolean {
      const text = textOf(bytes);
      if (inText(text, depth)) return true;
      if (depth === 0) return false;
      const marked = unpackMarked(bytes);
      const isPlain = marked.length > 0 || !text.includes(NO_TEXT);
      return (isPlain ? marked : unpackUnmarked(bytes))
        .some((unpacked) => inBytes(unpacked, depth - 1));
    }

    return typeof content === "string"
      ? inText(content.replaceAll("\0", ""), MAX_DEPTH)
      : inBytes(content, MAX_DEPTH);
  };
}

const utf8 = new TextDecoder();
/** Stands in the place of bytes that are no UTF-8. */
const NO_TEXT = "\ufffd";

/** UTF-16 of ASCII letters is the letters with NULs between them. */
function textOf(bytes: Uint8Array): string {
  return utf8.decode(bytes).replaceAll("\0", "");
}

/** Tells whether a reading is looked at for the first time, and may still be. */
function newWithin(maxCharacters: number): (reading: string) => boolean {
  const seen = new Set<string>();
  let remaining = maxCharacters;
  return (reading) => {
    if (reading === "" || seen.has(reading)) return false;
    if (reading.length <= MAX_REMEMBERED_CHARACTERS) seen.add(reading);
    remaining -= reading.length;
    return remaining >= 0;
  };
}

/** A test for the address as it is, in a text without escapes. */
function plainTest(address: string): (text: string) => boolean {
  const at = address.indexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const domains = new Set([domain, asciiOf(domain), domainToUnicode(domain) || domain]);
  const all = Array.from(
    domains,
    (each) => `${RegExp.escape(`${local}@${each}`)}|${RegExp.escape(`"${local}"@${each}`)}`,
  ).join("|");
  const pattern = new RegExp(all, "giu");
  return (text) => {
    if (!text.includes("@") && !/[\u0080-\uffff]/.test(text)) return false;
    const plain = /[\u0080-\uffff]/.test(text)
      ? text.normalize("NFKC").replace(INVISIBLE, "")
      : text;
    for (const { 0: found, index } of plain.matchAll(pattern)) {
      const before = plain.slice(Math.max(0, index - MAX_LOCAL_LENGTH), index);
      const after = plain.slice(index + found.length, index + found.length + MAX_LOCAL_LENGTH);
      if (!GOES_ON_BEFORE.test(before) && !GOES_ON_AFTER.test(after)) return true;
    }
    return false;
  };
}

/**
 * Reads a text in each way that its escapes allow, until one reading is what was looked for. What
 * looks like an escape may be none, so each kind is also left alone.
 */
function someReading(text: string, isFound: (reading: string) => boolean): boolean {
  if (isFound(text)) return true;
  const useful = new Set<Decoder>();

  function decode(decoders: readonly Decoder[]): boolean {
    let reading = text;
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const before = reading;
      for (const decoder of decoders) {
        const decoded = decoder(reading);
        if (decoded === reading) continue;
        useful.add(decoder);
        reading = decoded;
        if (isFound(reading)) return true;
      }
      if (reading === before) return false;
    }
    return false;
  }

  return decode(DECODERS) || subsets([...useful]).some(decode);
}

/** Every choice of some, but neither of all nor of none. */
function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from(
    { length: 2 ** all.length },
    (_, chosen) => all.filter((_, index) => (chosen >> index) % 2 === 1),
  )
    .filter(({ length }) => length > 0 && length < all.length);
}

function asciiOf(domain: string): string {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return domain;
  }
}

/**
 * As whom an address is named: the one who orders, or the store itself and those who work for it.
 * An address that is named as both, or where nothing tells, is the shopper's.
 */
export type MentionRole = "shopper" | "store";

/** Tells as whom contents that belong together name an address; `null` when none of them does. */
export type RoleTest = (contents: readonly (string | Uint8Array)[]) => MentionRole | null;

/** Words in the names of fields; the one next to the address decides. */
const WORDS: Readonly<Record<MentionRole, ReadonlySet<string>>> = {
  store: new Set(
    ("store stores shop shops staff approver approvers employee employees manager managers " +
      "merchant seller vendor supplier tenant operator operators").split(" "),
  ),
  shopper: new Set(
    ("user shopper customer buyer client contact recipient billing shipping person account " +
      "member orderer").split(" "),
  ),
};

/** Deeper documents are taken as a whole. */
const MAX_NESTING = 64;

/**
 * Makes a test that tells as whom an address is named, by the fields of JSON in which it stands.
 *
 * @param email The address.
 * @returns The test.
 * @throws {SyntaxError} When it is not an address.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const roleOf = roleTest("ann@example.com");
 * assertEquals(roleOf(['{"Order":{"User":{"Email":"ann@example.com"}}}']), "shopper");
 * assertEquals(roleOf(['{"Order":{"Store":{"Id":"ann@example.com"}}}']), "store");
 * assertEquals(roleOf(["{}", "nobody"]), null);
 * ```
 */
export function roleTest(email: string): RoleTest {
  const mentions = mentionTest(email);
  return (contents) => {
    let found: MentionRole | null = null;
    for (const content of contents) {
      if (!mentions(content)) continue;
      found = roleIn(content, mentions);
      if (found === "shopper") break;
    }
    return found;
  };
}

function roleIn(content: string | Uint8Array, mentions: MentionTest): MentionRole {
  const [document] = documentsIn(content);
  const roles = document === undefined ? [] : [...rolesOf(document, [], mentions)];
  return roles.length > 0 && roles.every((role) => role === "store") ? "store" : "shopper";
}

/** What the content is as JSON, in a list; an empty one when it is none. */
function documentsIn(content: string | Uint8Array): readonly unknown[] {
  if (typeof content !== "string") {
    const [unpacked] = unpackMarked(content);
    return unpacked === undefined
      ? documentsIn(new TextDecoder().decode(content))
      : documentsIn(unpacked);
  }
  try {
    return /^\s*[[{"]/.test(content) ? [JSON.parse(content)] : [];
  } catch {
    return [];
  }
}

function* rolesOf(
  value: unknown,
  path: readonly string[],
  mentions: MentionTest,
): Generator<MentionRole> {
  if (typeof value === "string") {
    if (!mentions(value)) return;
    const [inner] = path.length < MAX_NESTING ? documentsIn(value) : [];
    if (typeof inner === "object") yield* rolesOf(inner, [...path, "text"], mentions);
    else yield roleAt(path);
  } else if (typeof value === "object" && value !== null) {
    if (path.length >= MAX_NESTING) {
      if (mentions(JSON.stringify(value))) yield "shopper";
      return;
    }
    for (const [name, field] of Object.entries(value)) {
      if (mentions(name)) yield roleAt(path);
      yield* rolesOf(field, [...path, name], mentions);
    }
  }
}

function roleAt(path: readonly string[]): MentionRole {
  for (const name of path.toReversed()) {
    const words = name.replace(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, " ").toLowerCase().split(
      /[^\p{L}]+/u,
    );
    if (words.some((word) => WORDS.store.has(word))) return "store";
    if (words.some((word) => WORDS.shopper.has(word))) return "shopper";
  }
  return "shopper";
}
