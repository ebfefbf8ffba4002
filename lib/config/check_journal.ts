import { resolve } from "@std/path";
import { isSameFile } from "../util/files.ts";
import { journalFiles } from "../journal/journal_files.ts";
import { valueAt } from "./file/config_path.ts";
import type { Mistake } from "./mistake.ts";
import { configSchema } from "./schema.ts";
import type { FilledIn } from "./values/fill_in.ts";

const DEFAULTS = configSchema.shape.journal.parse({}, { jitless: true });

const HINT = "The journal needs a file that nothing else uses, nor those beside it that end in " +
  "-wal, -shm and -lock";

/**
 * Finds what else would use the files of the journal, and limits that contradict each other. While a server runs that is worse than it
 * looks: to close any descriptor of a file drops the locks of the process on it, on Linux and macOS.
 *
 * @param filled The config, filled in.
 * @param folder Where relative paths start.
 * @param opened What was read to load the config, itself included.
 * @returns Every mistake.
 */
export function checkJournal(
  { value }: Pick<FilledIn, "value">,
  folder: string,
  opened: readonly string[],
): readonly Mistake[] {
  const path = valueAt(value, ["journal", "path"]) ?? DEFAULTS.path;
  if (typeof path !== "string" || path === "") return checkLimits(value);
  const files = journalFiles(resolve(folder, path));
  const isOfJournal = (file: string) => files.some((one) => isSameFile(one, resolve(folder, file)));
  const read = opened.find(isOfJournal);
  const logFile = valueAt(value, ["log", "file"]);
  return [
    ...checkLimits(value),
    ...(read === undefined ? [] : [{
      path: ["journal", "path"],
      message: `found ${JSON.stringify(path)}, while the config reads ${JSON.stringify(read)}`,
      hint: HINT,
    }]),
    ...(typeof logFile !== "string" || !isOfJournal(logFile) ? [] : [{
      path: ["log", "file"],
      message: `found ${JSON.stringify(logFile)}, which is a file of the journal`,
      hint: HINT,
    }]),
  ];
}

/** What waits is a part of the journal. A variable gives its number as a text. */
function checkLimits(value: unknown): readonly Mistake[] {
  const path = ["journal", "maxWaitingBytes"];
  const most = Number(valueAt(value, ["journal", "maxBytes"]) ?? DEFAULTS.maxBytes);
  const waiting = Number(valueAt(value, path) ?? 0);
  return waiting > most
    ? [{
      path,
      message: `found ${waiting}, wanted no more than journal.maxBytes, which is ${most}`,
    }]
    : [];
}
