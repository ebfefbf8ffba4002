/** Tells whether a text or bytes hold the address. */
export type MentionTest = (content: string | Uint8Array) => boolean;

/**
 * Makes a test for an e-mail address that sees through the usual disguises: letter case, JSON and
 * percent escapes, UTF-16. An address that merely ends or begins with it is another one.
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
  const address = email.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
    throw new SyntaxError(`Cannot erase "${email}": it is not an e-mail address`);
  }
  const escaped = address.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}._+-])${escaped}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    "u",
  );
  const domain = address.slice(address.indexOf("@") + 1);
  return (content) => {
    const text = plain(content);
    // Most content does not hold even the domain, in no disguise that keeps its letters.
    if (!text.includes(domain) && !text.includes("\\u") && !text.includes("%")) return false;
    return pattern.test(text) || pattern.test(withoutJsonEscapes(text)) ||
      pattern.test(withoutPercentEscapes(text));
  };
}

function plain(content: string | Uint8Array): string {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  // UTF-16 of ASCII letters is the letters with NULs between them.
  return text.replaceAll("\0", "").toLowerCase();
}

function withoutJsonEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, code: string | undefined, character) => {
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16)).toLowerCase();
    return "bfnrt".includes(character) ? " " : character;
  });
}

function withoutPercentEscapes(text: string): string {
  return text.replace(
    /%([0-7][0-9a-f])/g,
    (_, code: string) => String.fromCharCode(parseInt(code, 16)).toLowerCase(),
  );
}
