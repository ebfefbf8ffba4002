/** Files of rule tests: found, read and judged, each mistake with its line. */
import { basename, dirname, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { judgeSettings } from "../../config/messages/judge.ts";
import {
  type ConfigPath,
  isObject,
  type LocatedMistake,
  type Mistake,
} from "../../config/mistake.ts";
import { type ConfigSource, decodeText, readSource } from "../../config/source.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { describeReadFailure, isFolder } from "../../util/files.ts";
import { nextTurn } from "../../util/waiting.ts";
import { findByPattern, isPattern, type ListFolder } from "./find_files.ts";
import { type DocumentSource, readTestBody } from "./test_body.ts";
import { findTestEndpoint, troublesOfExpectation } from "./test_endpoint.ts";
import { ruleTest, ruleTestFile, type RuleTestSettings } from "./schema.ts";

/** A test that can be run. */
export interface RuleTest extends Omit<RuleTestSettings, "name" | "order" | "endpoint"> {
  readonly name: string;
  /** The path of its file. */
  readonly file: string;
  /** Where it stands in the file, to find its line: that is looked for when somebody wants it. */
  readonly place: () => Pick<LocatedMistake, "file" | "path" | "position">;
  readonly endpoint: Endpoint;
  /** Where it would be sent: the endpoint's path, or one below it. */
  readonly path: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** What its document is, when that is a recorded delivery. */
  readonly delivery?: StoredDelivery;
  /** Why it cannot be run now, for no fault of its own; nothing else of it counts then. */
  readonly skipped?: string;
}

/** Where tests are, and what they are about. */
export interface TestPlaces {
  /** As the config names them. */
  readonly patterns: readonly string[];
  /** Where relative ones start. */
  readonly folder: string;
  readonly endpoints: readonly Endpoint[];
  readonly kinds: readonly EndpointKind[];
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly listFolder: ListFolder;
  /** Finds a recorded delivery; absent where no journal is at hand. */
  readonly findDelivery?: ((id: string) => Promise<StoredDelivery | undefined>) | undefined;
}

/** What stands in the files. */
export interface LoadedTests {
  /** Those without a mistake, in the order of the files. */
  readonly tests: readonly RuleTest[];
  /** The files that were read. */
  readonly files: readonly string[];
  readonly mistakes: readonly LocatedMistake[];
  readonly warnings: readonly LocatedMistake[];
}

const MOST_TESTS = 10_000;
/** A file with as many orders as anybody tests. */
const MOST_FILE_BYTES = 4_194_304;
const MOST_BYTES = 33_554_432;
/** What the documents of all tests may take. */
const MOST_BODY_BYTES = 134_217_728;
/** Others wait no longer than this for their turn: a running server loads tests, too. */
const PIECE_MS = 10;
/** Who has more is helped by none of them. */
const MOST_MISTAKES = 100;

/**
 * Loads the tests of a config.
 *
 * @param places Where they are, and what they are about.
 * @returns The tests, with every mistake in them.
 */
export async function loadRuleTests(places: TestPlaces): Promise<LoadedTests> {
  const { patterns, folder, listFolder } = places;
  const collected: Collected = {
    ...{ tests: [], mistakes: [], warnings: [] },
    ...{ bytes: 0, bodyBytes: 0 },
  };
  const files = new Set<string>();
  for (const [index, pattern] of patterns.entries()) {
    const { files: found, trouble, hint } = await findByPattern(pattern, folder, listFolder);
    for (const file of found) files.add(file);
    if (trouble === undefined) continue;
    const message = `found ${JSON.stringify(pattern)}, but ${trouble}`;
    const mistake = { path: ["tests", index], message, ...(hint !== undefined && { hint }) };
    // Whoever has written no test yet may say already where they will stand.
    (isPattern(pattern) && found.length === 0 ? collected.warnings : collected.mistakes)
      .push(mistake);
  }
  for (const file of files) await loadFile(file, places, collected);
  return { ...collected, files: [...files] };
}

interface Collected {
  readonly tests: RuleTest[];
  readonly mistakes: LocatedMistake[];
  readonly warnings: LocatedMistake[];
  /** What was read of files, and what the documents take. */
  bytes: number;
  bodyBytes: number;
}

async function loadFile(file: string, places: TestPlaces, collected: Collected): Promise<void> {
  const { tests, mistakes } = collected;
  const source = await readTestFile(file, places, collected);
  if ("message" in source) {
    mistakes.push({ ...source, path: [], file });
    return;
  }
  const report = (mistake: Mistake) => {
    if (mistakes.length >= MOST_MISTAKES) return;
    mistakes.push({ ...mistake, file, position: source.position(mistake.path) });
  };
  for (const mistake of source.mistakes.slice(0, MOST_MISTAKES)) {
    mistakes.push({ ...mistake, file });
  }
  if (!source.sound) return;
  const { list, endpoint } = testsIn(source.value, report);
  let startedAt = performance.now();
  for (const [index, { raw, path }] of list.entries()) {
    if (performance.now() - startedAt > PIECE_MS) {
      await nextTurn();
      startedAt = performance.now();
    }
    if (mistakes.length >= MOST_MISTAKES) return;
    if (tests.length === MOST_TESTS || collected.bodyBytes > MOST_BODY_BYTES) {
      const message = tests.length === MOST_TESTS
        ? `found more than ${MOST_TESTS} tests, wanted fewer`
        : `the documents of all tests have more than ${MOST_BODY_BYTES} bytes, wanted fewer`;
      report({ path, message });
      return;
    }
    const judged = judgeSettings(ruleTest, raw, { path, origins: new Map() });
    if ("mistakes" in judged) { for (const mistake of judged.mistakes) report(mistake); }
    else {
      const name = judged.data.name ?? `test ${index + 1} of ${basename(file)}`;
      const settings = { endpoint, ...judged.data, ...exactParts(source, path, judged.data) };
      const test = await prepare({ ...settings, name }, { file, path, source, report }, places);
      collected.bodyBytes += test?.body.length ?? 0;
      if (test !== undefined) tests.push(test);
    }
  }
}

async function readTestFile(
  file: string,
  { readFile }: TestPlaces,
  collected: Collected,
): Promise<ConfigSource | Pick<Mistake, "message" | "hint">> {
  try {
    const bytes = await readFile(file);
    collected.bytes += bytes.length;
    if (bytes.length > MOST_FILE_BYTES || collected.bytes > MOST_BYTES) {
      const hint = 'Put large orders into files of their own: "order": { "file": "order.json" }';
      const message = bytes.length > MOST_FILE_BYTES
        ? `has ${bytes.length} bytes, wanted at most ${MOST_FILE_BYTES}`
        : `all files of tests have more than ${MOST_BYTES} bytes`;
      return { message, hint };
    }
    return readSource(decodeText(bytes));
  } catch (error) {
    if (error instanceof TypeError) return { message: "Cannot read it: it is no text in UTF-8" };
    const message = `Cannot read it: ${describeReadFailure(error)}`;
    return isFolder(file)
      ? { message, hint: `Write ${JSON.stringify(`${basename(file)}/*.json`)}` }
      : {
        message,
      };
  }
}

interface RawTest {
  readonly raw: unknown;
  readonly path: ConfigPath;
}

/** A file holds one test, a list of them, or tests that share an endpoint. */
function testsIn(
  value: unknown,
  report: (mistake: Mistake) => void,
): { readonly list: readonly RawTest[]; readonly endpoint?: string | undefined } {
  if (Array.isArray(value)) return { list: value.map((raw: unknown, at) => ({ raw, path: [at] })) };
  if (isObject(value) && !("tests" in value)) return { list: [{ raw: value, path: [] }] };
  const judged = judgeSettings(ruleTestFile, value, { path: [], origins: new Map() });
  if ("mistakes" in judged) {
    for (const mistake of judged.mistakes) report(mistake);
    return { list: [] };
  }
  const { tests, endpoint } = judged.data;
  return { endpoint, list: tests.map((raw, at) => ({ raw, path: ["tests", at] })) };
}

/** What is put into documents or compared with answers keeps the text of its numbers. */
function exactParts(source: ConfigSource, path: ConfigPath, test: RuleTestSettings) {
  const { order, services, expect } = test;
  const exact = (...below: ConfigPath) => source.exact([...path, ...below]);
  const change = exact("order", "change");
  return {
    order: {
      ...order,
      ...("document" in order && { document: exact("order", "document") }),
      ...(isObject(change) && { change }),
    },
    services: Object.fromEntries(
      Object.entries(services).map(([name, said]) =>
        "answer" in said
          ? [name, { ...said, answer: exact("services", name, "answer") }]
          : [name, said]
      ),
    ),
    expect: "answer" in expect ? { ...expect, answer: exact("expect", "answer") } : expect,
  };
}

interface PlaceInFile {
  readonly file: string;
  readonly path: ConfigPath;
  readonly source: ConfigSource;
  readonly report: (mistake: Mistake) => void;
}

/** Makes a test of its settings, or reports what is wrong with them. */
async function prepare(
  { name, order, endpoint: wanted, ...settings }: RuleTestSettings & { readonly name: string },
  { file, path, source, report }: PlaceInFile,
  { endpoints, kinds, folder: _, ...tools }: TestPlaces,
): Promise<RuleTest | undefined> {
  const found = findTestEndpoint(endpoints, kinds, wanted, order.sample);
  if ("message" in found) {
    report({ ...found, path: [...path, "endpoint"] });
    return undefined;
  }
  const { endpoint } = found;
  const troubles = troublesOfExpectation(settings.expect, endpoint);
  for (const { at, ...trouble } of troubles) {
    report({ ...trouble, path: [...path, "expect", ...at] });
  }
  const from: DocumentSource = { order, at: settings.at, kind: endpoint.kind, kinds };
  const made = await readTestBody(from, { ...tools, folder: dirname(resolve(file)) });
  if ("message" in made) {
    const { at, message, hint } = made;
    report({ path: [...path, ...at], message, ...(hint !== undefined && { hint }) });
    return undefined;
  }
  if (troubles.length > 0) return undefined;
  return {
    ...settings,
    ...made,
    ...{ name, file, endpoint, path: found.path },
    place: () => ({ file, path, position: source.position(path) }),
  };
}
