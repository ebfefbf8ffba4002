import { dirname, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { readEnvironment } from "../../config/environment.ts";
import { resolveJournal } from "../../config/files.ts";
import { type FilledIn, fillIn } from "../../config/fill_in.ts";
import { coerce } from "../../config/messages/fit.ts";
import { type ConfigPath, formatPath, valueAt } from "../../config/mistake.ts";
import { type Config, configSchema } from "../../config/schema.ts";
import { locateConfig } from "../../config/locate.ts";
import { decodeText, readSource } from "../../config/source.ts";
import {
  describeJournalError,
  type JournalPlace,
  type JournalUse,
  openConfiguredJournal,
} from "../../journal/configured.ts";
import type { Journal } from "../../journal/journal.ts";
import { readSmallFile } from "../../util/files.ts";
import { loadOrComplain } from "../config/load.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Works with an open journal and gives the exit code. */
type Work = (journal: Journal) => Promise<number> | number;

/**
 * Opens a journal to look into it, also beside a running server, and closes it afterwards.
 *
 * @param place Where it is.
 * @param terminal Where it is told when it can't be opened or read.
 * @param look What is done with it.
 * @returns The exit code.
 */
export async function lookInto(
  place: JournalPlace,
  terminal: Terminal,
  look: Work,
): Promise<number> {
  return await workWith(place, "read", terminal, look);
}

/**
 * Opens a journal to change it, also beside a running server, and closes it afterwards.
 *
 * @param place Where it is.
 * @param terminal Where it is told when it can't be opened or changed.
 * @param change What is done with it.
 * @returns The exit code.
 */
export async function changeJournal(place: JournalPlace, terminal: Terminal, change: Work) {
  return await workWith(place, "change", terminal, change);
}

async function workWith(
  place: JournalPlace,
  use: JournalUse,
  terminal: Terminal,
  work: Work,
): Promise<number> {
  let journal: Journal | undefined;
  try {
    journal = await openConfiguredJournal(place, use);
    return await work(journal);
  } catch (error) {
    const reason = describeJournalError(error, place);
    if (reason === undefined) throw error;
    terminal.err(`${reason}\n`);
    return 1;
  } finally {
    await journal?.close();
  }
}

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
  const filled = await fillPart(file, terminal, {
    take: (value) => ({ journal: valueAt(value, PATH) ?? {} }),
    isIn: ([section]) => section === "journal",
  });
  if (filled === undefined) return undefined;
  const schema = configSchema.shape.journal;
  const section = coerce(
    valueAt(filled.value, PATH),
    schema,
    (path) => filled.origins.has(formatPath([...PATH, ...path])),
  );
  const { data } = schema.safeParse(section);
  return data === undefined ? undefined : resolveJournal(data, dirname(file));
}

/** A part of a config that is read without the rest, which may have mistakes. */
interface ConfigPart {
  /** Takes it out of what the file says. */
  readonly take: (value: unknown) => unknown;
  /** Whether what stands there belongs to it. */
  readonly isIn: (path: ConfigPath) => boolean;
}

/**
 * Reads a part of a config, with what the environment says of it.
 *
 * @param which Which config.
 * @param terminal Where the environment is.
 * @param part The part.
 * @returns What stands there, or `undefined` when it can't be read or filled in.
 */
export async function readPart(
  { config }: WhichJournal,
  terminal: Pick<Terminal, "env">,
  part: ConfigPart,
): Promise<unknown> {
  const file = await locateConfig({ flag: config, env: terminal.env });
  return (await fillPart(file, terminal, part))?.value;
}

async function fillPart(
  file: string,
  terminal: Pick<Terminal, "env">,
  { take, isIn }: ConfigPart,
): Promise<FilledIn | undefined> {
  const value = await readValue(file);
  if (value === undefined) return undefined;
  const environment = readEnvironment({ get: terminal.env, names: [] }, value, []);
  const folder = dirname(file);
  const filled = await fillIn(
    take(value),
    environment.overrides.filter(({ path }) => isIn(path)),
    {
      env: terminal.env,
      file: async (path) => decodeText(await readSmallFile(resolve(folder, path))),
    },
  );
  return filled.mistakes.length > 0 ? undefined : filled;
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
