/** The names and tables of a config, read for its rules. */
import { resolve } from "@std/path";
import type { EndpointKind } from "./endpoints/endpoint_kind.ts";
import { isObject, type LocatedMistake, type Mistake, valueAt } from "./mistake.ts";
import { blank, secretTexts, type ValueWithOrigins } from "./secrets.ts";
import type { ConfigSource } from "./source.ts";
import { EVENT_VOCABULARY } from "../events/filter.ts";
import { createRuleLibrary, type RuleLibrary } from "../rules/names/library.ts";
import { decodeSheet, type EncodingGuess } from "../rules/tables/encoding.ts";
import {
  ofLine,
  type RuleTable,
  type TableFinding,
  tableSettings,
} from "../rules/tables/rule_table.ts";
import { readSheet, type Sheet } from "../rules/tables/sheet.ts";
import { describeReadFailure } from "../util/files.ts";
import { inPieces } from "../util/waiting.ts";

/** The library of a config; what was found in its files is among its findings. */
export interface OpenedLibrary extends RuleLibrary {
  readonly notes: readonly TableFinding[];
}

/**
 * Opens the library of a config: reads its tables.
 *
 * @param value The config, filled in; what is wrong with the settings themselves is told elsewhere.
 * @param folder Where relative paths start.
 * @param kinds The kinds of endpoints, whose rules use it.
 * @param readFile Reads a file.
 */
export async function openRuleLibrary(
  value: unknown,
  folder: string,
  kinds: readonly EndpointKind[],
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<OpenedLibrary> {
  const [named, defined] = [valueAt(value, ["tables"]), valueAt(value, ["define"])];
  const fileMistakes: TableFinding[] = [];
  const fileNotes: TableFinding[] = [];
  const fileWarnings: TableFinding[] = [];
  const tables = await Promise.all(
    Object.entries(isObject(named) ? named : {}).map(async ([name, raw]): Promise<RuleTable> => {
      const { data } = tableSettings().safeParse(raw);
      if (data === undefined) return { name, file: name, hit: "first", inputs: {} };
      const { file, hit, inputs, key, encoding } = data;
      const table: RuleTable = { name, file, hit, inputs, key };
      const at = ["tables", name, "file"];
      let bytes: Uint8Array;
      try {
        bytes = await readFile(resolve(folder, file));
      } catch (error) {
        const message = `Cannot read ${JSON.stringify(file)}: ${describeReadFailure(error)}`;
        const hint = "A relative path starts at the folder of the config file";
        fileMistakes.push({ at, message, hint });
        return table;
      }
      const decoded = decodeSheet(bytes, encoding);
      if ("message" in decoded) {
        const message = `Cannot read ${JSON.stringify(file)}: it ${decoded.message}`;
        fileMistakes.push({ at, message, hint: decoded.hint });
        return table;
      }
      const { guess } = decoded;
      if (guess !== undefined) (guess.isOdd ? fileWarnings : fileNotes).push(guessed(table, guess));
      return { ...table, sheet: await soundSheet(table, decoded.text, fileMistakes) };
    }),
  );
  const vocabularies = kinds.flatMap(({ sight }) => sight?.vocabulary ?? []);
  const library = createRuleLibrary({
    tables,
    defines: textsIn(defined),
    vocabularies: [...new Set([...vocabularies, EVENT_VOCABULARY])],
  });
  await inPieces(library.openLookups(textsBelow(value)));
  return {
    ...library,
    findings() {
      const { mistakes, warnings } = library.findings();
      return {
        mistakes: [...fileMistakes, ...mistakes],
        warnings: [...fileWarnings, ...warnings],
      };
    },
    notes: fileNotes,
  };
}

/** Every text of a value. */
function* textsBelow(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) { for (const one of value) yield* textsBelow(one); }
  else if (isObject(value)) { for (const one of Object.values(value)) yield* textsBelow(one); }
}

async function soundSheet(
  table: RuleTable,
  text: string,
  mistakes: TableFinding[],
): Promise<Sheet> {
  const sheet = await inPieces(readSheet(text));
  for (const { line, message, hint } of sheet.mistakes) {
    mistakes.push(ofLine(table, line, message, hint));
  }
  return sheet;
}

function guessed(
  table: RuleTable,
  { line, sample }: EncodingGuess,
): TableFinding {
  return ofLine(
    table,
    line,
    `found ${JSON.stringify(sample)}, read as Windows-1252: which encoding it is cannot be known`,
    'If the word looks wrong, name the "encoding" of the table, or save it as CSV UTF-8',
  );
}

function textsIn(section: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isObject(section) ? section : {}).flatMap(([name, text]) =>
      typeof text === "string" && text !== "" ? [[name, text]] : []
    ),
  );
}

/** The most that is told of one table: a file of another kind has a mistake in every line. */
const MOST_OF_TABLE = 200;

/**
 * Gives what was found in tables its place.
 *
 * @param findings What was found.
 * @param source The text of the config.
 * @param filled The config, whose secrets may not be shown.
 */
export function locateFindings(
  findings: readonly TableFinding[],
  source: Pick<ConfigSource, "position">,
  filled: ValueWithOrigins,
): readonly LocatedMistake[] {
  const secrets = secretTexts(filled.value, filled.origins);
  const counts = new Map<string, number>();
  const located = findings.flatMap((finding): readonly LocatedMistake[] => {
    const { at: path, message, hint, place } = finding;
    const mistake: Mistake = {
      path,
      message: blank(message, secrets),
      ...(hint !== undefined && { hint: blank(hint, secrets) }),
    };
    if (place === undefined) return [{ ...mistake, position: source.position(path) }];
    const { file, line } = place;
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    return count > MOST_OF_TABLE ? [] : [{ ...mistake, file, position: { line, column: 1 } }];
  });
  const more = [...counts].filter(([, count]) => count > MOST_OF_TABLE).map(([file, count]) => ({
    path: ["tables"],
    message: `and ${count - MOST_OF_TABLE} more like these in ${file}`,
    file,
  }));
  return [...located, ...more];
}
