import { dirname, resolve } from "@std/path";
import { coerce } from "../../config/messages/fit.ts";
import { type Config, configSchema } from "../../config/schema.ts";
import { formatPath, valueAt } from "../../config/mistake.ts";
import { decodeText, locateConfig, readSource } from "../../config/source.ts";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { readEnvironment } from "../../config/environment.ts";
import { fillIn } from "../../config/fill_in.ts";
import { readSmallFile } from "../../util/files.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { loadOrComplain } from "../config/load.ts";

type JournalSection = Config["journal"];

/** Which config a command was told to use, and what may stand in it. */
export interface WhichJournal {
  /** The value of `--config`. */
  readonly config: string | undefined;
  readonly kinds: readonly EndpointKind[];
}

/**
 * Finds the journal of a config. A mistake elsewhere in the config, a broken rule for example, is
 * no reason not to look into the journal: only this section is read.
 *
 * @param which Which config.
 * @param terminal Where the environment is, and where mistakes are told.
 * @returns The section, or `undefined` when it has mistakes, which were told.
 */
export async function findJournal(
  { config, kinds }: WhichJournal,
  terminal: Terminal,
): Promise<JournalSection | undefined> {
  const file = await locateConfig({ flag: config, env: terminal.env });
  const section = await readSection(file, terminal);
  if (section !== undefined) return section;
  // Whatever is wrong, loading all of it tells it best.
  return (await loadOrComplain({ config, kinds }, terminal))?.config.journal;
}

const PATH = ["journal"] as const;

async function readSection(file: string, terminal: Terminal): Promise<JournalSection | undefined> {
  const value = await readValue(file);
  if (value === undefined) return undefined;
  const environment = readEnvironment({ get: terminal.env, names: [] }, value, []);
  const folder = dirname(file);
  const filled = await fillIn(
    { journal: valueAt(value, PATH) ?? {} },
    environment.overrides.filter(({ path }) => path[0] === "journal"),
    {
      env: terminal.env,
      file: async (path) => decodeText(await readSmallFile(resolve(folder, path))),
    },
  );
  if (filled.mistakes.length > 0) return undefined;
  const schema = configSchema.shape.journal;
  const section = coerce(
    valueAt(filled.value, PATH),
    schema,
    (path) => filled.origins.has(formatPath([...PATH, ...path])),
  );
  const { data } = schema.safeParse(section);
  return data === undefined ? undefined : { ...data, path: resolve(folder, data.path) };
}

/** What the file says; `undefined` when it can't be read or has no sound shape. */
async function readValue(file: string): Promise<unknown> {
  try {
    const source = readSource(decodeText(await readSmallFile(file)));
    return source.sound ? source.value : undefined;
  } catch {
    return undefined;
  }
}
