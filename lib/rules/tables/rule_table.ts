/** A table of the config, read: whatever rules make of it. */
import * as z from "zod";
import { lazy } from "../../util/memory.ts";
import { filePath } from "../../util/settings.ts";
import { SHEET_ENCODINGS } from "./encoding.ts";
import type { Sheet } from "./sheet.ts";

/** A table of `tables`. */
export const tableSettings = lazy(() =>
  z.strictObject({
    file: filePath.meta({
      description: "The CSV with its rows. A relative path starts at the folder of the config.",
    }),
    hit: z.enum(["first", "unique"]).default("first").meta({
      description:
        "Whether the first row that fits decides, or two that can both fit are a mistake.",
    }),
    inputs: z.record(z.string().min(1), z.string().min(1)).default({}).meta({
      description: "What the cells of a column are compared with: a CEL expression for each.",
    }),
    key: z.string().min(1).optional().meta({
      description: "The column in which lookup() looks; the first one unless given.",
    }),
    encoding: z.enum(SHEET_ENCODINGS).optional().meta({
      description:
        "The encoding of a file that is not UTF-8 and begins with no mark. Without it: " +
        "windows-1252.",
    }),
  })
);

/** A table. */
export interface RuleTable {
  /** Its name in the config. */
  readonly name: string;
  /** Its file, as the config names it. */
  readonly file: string;
  /** Whether the first row that fits decides, or no two may fit. */
  readonly hit: "first" | "unique";
  /** What the cells of each column are compared with. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Of a table that is looked up: the name of the column by which; the first one unless given. */
  readonly key?: string | undefined;
  /** The sheet; absent where it could not be read, which was told. */
  readonly sheet?: Sheet;
}

/** Something to tell of a table. */
export interface TableFinding {
  /** Where, from the root of the config. */
  readonly at: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where it stands in the table's file. */
  readonly place?: { readonly file: string; readonly line: number };
}

/** Takes what is to be told of a table. */
export type TellOfTable = (finding: TableFinding) => void;

/**
 * Makes what is to be told of a line of a table.
 *
 * @param table The table.
 * @param line The line of its file.
 * @param message What is to be told.
 * @param hint What to write.
 */
export function ofLine(
  { name, file }: Pick<RuleTable, "name" | "file">,
  line: number,
  message: string,
  hint?: string,
): TableFinding {
  return {
    at: ["tables", name],
    message: `line ${line}, ${message}`,
    ...(hint !== undefined && { hint }),
    place: { file, line },
  };
}
