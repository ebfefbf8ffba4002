/** The pages of `docs/` of which a part is written by this program. */
import { handlers } from "../handlers/mod.ts";
import { COMMANDS } from "../lib/cli/commands.ts";
import { commandReference } from "./commands.ts";
import { configurationReference } from "./configuration.ts";
import { cartListFields, orderFields } from "./fields.ts";
import { replacePart } from "./written_part.ts";

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
