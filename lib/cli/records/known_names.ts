import { isObject, valueAt } from "../../config/mistake.ts";
import type { Journal } from "../../journal/journal.ts";
import { nearest } from "../../util/words.ts";
import type { Options } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { readPart, type WhichJournal } from "./open_journal.ts";

/** What an option calls by a name of the config. */
interface NamedThing {
  /** The option, whose name is what it is called, too. */
  readonly noun: "endpoint" | "kind" | "destination";
  /** The names that there are; `undefined` where the config can't be read that far. */
  readonly known: (
    which: WhichJournal,
    terminal: Terminal,
  ) => Promise<readonly string[] | undefined>;
  /** Whether the journal has anything of it: it may have gone from the config since. */
  readonly isKept: (journal: Journal, name: string) => Promise<boolean>;
}

const THINGS: readonly NamedThing[] = [
  { noun: "endpoint", known: pathsOfEndpoints, isKept: isEndpointKept },
  {
    noun: "kind",
    known: ({ kinds }) => Promise.resolve(kinds.map(({ kind }) => kind)),
    isKept: async (journal, kind) => (await journal.list({ kind, limit: 1 })).deliveries.length > 0,
  },
  { noun: "destination", known: namesOfDestinations, isKept: isDestinationKept },
];

/**
 * Refuses options that name what neither the config nor the journal has. Whoever misspelt a name
 * would be told that nothing came, or that nothing is left to do.
 *
 * @param journal The journal; `undefined` where only what the config has is of use.
 * @param options The command's arguments.
 * @param which The config in which names are looked up.
 * @param terminal Where the environment is.
 * @throws {UsageError} When there is no such endpoint, kind or destination.
 */
export async function needKnownNames(
  journal: Journal | undefined,
  options: Options,
  which: WhichJournal,
  terminal: Terminal,
): Promise<void> {
  for (const { noun, known, isKept } of THINGS) {
    const name = options.given.get(noun);
    if (typeof name !== "string") continue;
    const names = await known(which, terminal);
    if (names === undefined || names.includes(name)) continue;
    if (journal === undefined) throw unknownName(noun, name, names);
    if (!await isKept(journal, name)) {
      throw unknownName(noun, name, names, "config and journal");
    }
  }
}

/**
 * Says that there is no such name, and which there are.
 *
 * @param noun What has the name.
 * @param name The name.
 * @param known The names of the config.
 * @param places Where it was looked for.
 */
export function unknownName(
  noun: string,
  name: string,
  known: readonly string[],
  places: "config" | "config and journal" = "config",
): UsageError {
  if (known.length === 0) {
    const besides = places === "config" ? "" : `, and the journal has nothing of "${name}"`;
    return new UsageError(`The config has no ${noun}s${besides}`);
  }
  const near = nearest(name, known);
  const hint = near === undefined ? `wanted one of ${known.join(", ")}` : `did you mean "${near}"?`;
  const nowhere = places === "config"
    ? "The config has no"
    : "Neither the config nor the journal has the";
  return new UsageError(`${nowhere} ${noun} "${name}", ${hint}`);
}

async function pathsOfEndpoints(
  which: WhichJournal,
  terminal: Terminal,
): Promise<readonly string[] | undefined> {
  const config = await readPart(which, terminal, {
    take: (value) => ({
      endpoints: listOf(value, "endpoints").map((one) => ({ path: valueAt(one, ["path"]) })),
    }),
    isIn: ([section, , key]) => section === "endpoints" && key === "path",
  });
  if (config === undefined) return undefined;
  const paths = listOf(config, "endpoints").map((one) => valueAt(one, ["path"]));
  return paths.filter((path) => typeof path === "string");
}

async function namesOfDestinations(
  which: WhichJournal,
  terminal: Terminal,
): Promise<readonly string[] | undefined> {
  const config = await readPart(which, terminal, {
    take(value) {
      const destinations = valueAt(value, ["destinations"]);
      return { names: isObject(destinations) ? Object.keys(destinations) : [] };
    },
    isIn: () => false,
  });
  if (config === undefined) return undefined;
  return listOf(config, "names").filter((name) => typeof name === "string");
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, [key]);
  return Array.isArray(list) ? list : [];
}

async function isEndpointKept(journal: Journal, endpoint: string): Promise<boolean> {
  const only = { endpoint, limit: 1 };
  if ((await journal.list(only)).deliveries.length > 0) return true;
  return (await journal.events.list(only)).events.length > 0;
}

async function isDestinationKept({ outbox }: Journal, destination: string): Promise<boolean> {
  if ((await outbox.list({ destination, limit: 1 })).forwards.length > 0) return true;
  const held = await Promise.all([outbox.disabled(), outbox.paused()]);
  return held.some((names) => names.has(destination));
}
