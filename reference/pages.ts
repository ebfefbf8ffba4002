/** The pages of `docs/` of which a part is written by this program. */
import { handlers } from "../handlers/mod.ts";
import { COMMANDS } from "../lib/cli/commands.ts";
import { commandReference } from "./commands.ts";
import { configurationReference } from "./configuration.ts";
import { cartListFields, orderFields } from "./fields.ts";

/** A page with the part that is written by this program. */
export interface WrittenPage {
  /** Where it stands, from the root of the repository. */
  readonly path: string;
  /** Writes the page anew. */
  rewrite(page: string): Promise<string>;
}

/** Every such page. */
export const writtenPages: readonly WrittenPage[] = [
  {
    path: "docs/configuration.md",
    rewrite: (page) => Promise.resolve(replacePart(page, "keys", configurationReference(handlers))),
  },
  {
    path: "docs/commands.md",
    rewrite: async (page) => replacePart(page, "commands", await commandReference(COMMANDS)),
  },
  {
    path: "docs/rules.md",
    rewrite: (page) => {
      const withOrder = replacePart(page, "order", orderFields());
      return Promise.resolve(replacePart(withOrder, "cart list", cartListFields()));
    },
  },
];

/**
 * Puts a text between the two markers of a page that say that it is written by a program. What
 * stands around them is written by hand and stays.
 *
 * @param page The page.
 * @param name The part's name, as its markers give it.
 * @param text What shall stand there.
 * @returns The page with the text.
 * @throws {RangeError} When the page does not have each marker once, in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const page = "Before\n\n<!-- begin: keys -->\n\nold\n\n<!-- end: keys -->\n\nAfter\n";
 * assertEquals(replacePart(page, "keys", "new"), page.replace("old", "new"));
 * ```
 */
export function replacePart(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, inside, ...more] = page.split(begin);
  const [, after, ...rest] = inside?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length + rest.length > 0) {
    throw new RangeError(
      `Cannot write the part "${name}": wanted "${begin}" and "${end}" once each`,
    );
  }
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}
