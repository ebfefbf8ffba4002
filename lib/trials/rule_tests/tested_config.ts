/** A config with its tests: one whose tests fail is as wrong as one with a mistake. */
import { dirname, resolve } from "@std/path";
import { loadConfig, type Loaded, type LoadOptions, type NotLoaded } from "../../config/load.ts";
import type { LocatedMistake } from "../../config/mistake.ts";
import { openConfiguredJournal } from "../../journal/configured.ts";
import { JournalNotOpened } from "../../journal/errors.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { Journal } from "../../journal/journal.ts";
import { decodeText, readSource } from "../../config/source.ts";
import { lazy } from "../../util/memory.ts";
import { readSmallFile } from "../../util/files.ts";
import { listFolder as listFolderOnDisk } from "../../util/watch_files.ts";
import type { ListFolder } from "./find_files.ts";
import type { LoadedTests, RuleTest } from "./load.ts";
import type { RuleTestResult } from "./run.ts";

/** What to load, and what its tests are read with. */
export interface TestedLoadOptions extends LoadOptions {
  /** Lists the folders of tests; from the disk unless given. */
  readonly listFolder?: ListFolder;
  /** Finds recorded deliveries, where this process has the journal open already. */
  readonly findDelivery?: (id: string) => Promise<StoredDelivery | undefined>;
}

/** A config and what became of its tests. */
export interface TestedConfig<Config> {
  readonly loaded: Config;
  /** None where the config or its tests have mistakes. */
  readonly results: readonly RuleTestResult[];
}

/**
 * Loads a config and runs its tests.
 *
 * @param options What to load.
 * @returns The config, or all mistakes: those of the config, else those in files of tests, else the
 * tests that fail. A test that cannot be run now is a warning.
 */
export async function loadTestedConfig(
  options: TestedLoadOptions,
): Promise<TestedConfig<Loaded | NotLoaded>> {
  const loaded = await loadConfig(options);
  if ("mistakes" in loaded || loaded.config.tests.length === 0) return { loaded, results: [] };
  const { tests, mistakes, warnings: found } = await loadTestsOf(loaded, options);
  const { runRuleTests } = await import("./run.ts");
  const warnings = [...loaded.warnings, ...found];
  if (mistakes.length > 0) return { loaded: { mistakes, warnings }, results: [] };
  const results = await runRuleTests(tests);
  const failed = results.filter(({ state }) => state === "failed").map(failureOf);
  if (failed.length > 0) return { loaded: { mistakes: failed, warnings }, results };
  return { loaded: { ...loaded, warnings: [...warnings, ...skippedOf(tests)] }, results };
}

/**
 * Loads the tests of a config that has no mistakes.
 *
 * @param loaded The config.
 * @param options What it was loaded with.
 * @returns The tests, and every mistake in them.
 */
export async function loadTestsOf(
  { config, endpoints }: Pick<Loaded, "config" | "endpoints">,
  { file, kinds, readFile = readSmallFile, listFolder = listFolderOnDisk, findDelivery }:
    TestedLoadOptions,
): Promise<LoadedTests> {
  // Loaded when there are tests: most servers start without.
  const { loadRuleTests } = await import("./load.ts");
  const recorded = findDelivery === undefined ? lendJournal(config.journal) : undefined;
  try {
    const { mistakes, warnings, ...found } = await loadRuleTests({
      ...{ endpoints, kinds, readFile, listFolder },
      patterns: config.tests,
      folder: dirname(resolve(file)),
      findDelivery: findDelivery ?? recorded?.find,
    });
    const place = lazy(async () => readSource(decodeText(await readFile(file))));
    /** Those of a pattern stand in the config itself. */
    const placed = (all: readonly LocatedMistake[]) =>
      Promise.all(
        all.map(async (one) =>
          one.file === undefined ? { ...one, position: (await place()).position(one.path) } : one
        ),
      );
    return { ...found, mistakes: await placed(mistakes), warnings: await placed(warnings) };
  } finally {
    await recorded?.end();
  }
}

/** Opens the journal when the first recorded delivery is asked for. */
function lendJournal(place: Loaded["config"]["journal"]) {
  let opened: Promise<Journal | undefined> | undefined;
  return {
    async find(id: string): Promise<StoredDelivery | undefined> {
      opened ??= openOrNone(place);
      return await (await opened)?.get(id.toLowerCase());
    },
    end: async () => await (await opened)?.close(),
  };
}

/** Without a journal there is no delivery in it, which each test says. */
async function openOrNone(place: Loaded["config"]["journal"]): Promise<Journal | undefined> {
  try {
    return await openConfiguredJournal(place, "read");
  } catch (error) {
    if (error instanceof JournalNotOpened) return undefined;
    throw error;
  }
}

/** A test that fails, as a mistake. */
function failureOf({ test, differences }: RuleTestResult): LocatedMistake {
  const [first, ...others] = differences;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  const difference = first === undefined
    ? ""
    : `: ${first.what}: expected ${first.expected}, got ${first.got}${more}`;
  return {
    ...test.place(),
    message: `Test ${JSON.stringify(test.name)} fails${difference}`,
    hint: `Try it with: storehook test --filter ${JSON.stringify(test.name)}`,
  };
}

function skippedOf(tests: readonly RuleTest[]): readonly LocatedMistake[] {
  return tests.flatMap((test) =>
    test.skipped === undefined ? [] : [{
      ...test.place(),
      message: `Test ${JSON.stringify(test.name)} is skipped: ${test.skipped}`,
    }]
  );
}
