/** Names of what may not stand in a log, whatever it holds. */

const SECRET = /auth|cookie|signature|secret|token|passw|credential|session|jwt|(?:^|[-_])keys?$/i;
/** `signatureKey` and `apiKeys`, but not `monkey`. */
const KEY = /[a-z]Keys?$|^(?:api|private)-?keys?$/;
const REACHED = /e-?mail|phone|^(?:fax|mobile)/i;
const NAMED = /^(?:first|last|full|sur|given|family|middle|user|customer|company)[-_]?name$/i;
const LIVES =
  /street|^(?:(?:billing|shipping|postal|home)[-_]?)?address(?:[-_]?(?:line[-_]?)?\d)?$|^(?:zip|post(?:al)?)[-_]?code$|^zip$/i;
const OTHER = /^birth|^(?:credit[-_]?)?card(?:[-_]?number)?$|^iban$|^ssn$/i;
const SENSITIVE = [SECRET, KEY, REACHED, NAMED, LIVES, OTHER];

/** The names are those that the program's own code gives, so there are few. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 1000;

/**
 * Tells whether what has such a name is secret or about a person.
 *
 * @param name The name of a property or a header.
 * @returns Whether its value may not be logged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["signatureKey", "X-Api-Key", "email", "lastName", "billingAddress"];
 * assertEquals(names.filter(isSensitiveName), names);
 * assertEquals(["endpoint", "remoteAddress", "name", "key1"].some(isSensitiveName), false);
 * ```
 */
export function isSensitiveName(name: string): boolean {
  const found = known.get(name);
  if (found !== undefined) return found;
  const isSensitive = SENSITIVE.some((pattern) => pattern.test(name));
  if (known.size < MOST_KNOWN) known.set(name, isSensitive);
  return isSensitive;
}
