import { type MentionTest, mentionTest } from "./mentions.ts";
import { unpackMarked } from "./mention_decoders.ts";

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
const MAX_DEPTH = 64;

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
    const [inner] = path.length < MAX_DEPTH ? documentsIn(value) : [];
    if (typeof inner === "object") yield* rolesOf(inner, [...path, "text"], mentions);
    else yield roleAt(path);
  } else if (typeof value === "object" && value !== null) {
    if (path.length >= MAX_DEPTH) {
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
