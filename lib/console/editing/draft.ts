/** What a change of the config would mean, before it is made. */
import type { Loaded, NotLoaded } from "../../config/load.ts";
import type { LocatedMistake } from "../../config/mistake.ts";
import { ConfigChangedMeanwhile, readConfigFile, replaceConfig } from "../../config/history.ts";
import type { TestedConfig } from "../../trials/rule_tests/tested_config.ts";
import type { Tally } from "../../trials/backtest/tally.ts";
import type { Difference } from "../../trials/backtest/compare.ts";
import { countResults } from "../../trials/rule_tests/run.ts";
import { hash } from "../../util/hash.ts";
import { ConsoleError } from "../errors.ts";
import type { ConsoleContext, Viewer } from "../context.ts";
import { type ShownMistake, shownMistake } from "../queries/config.ts";
import { cutRules, putRules } from "./rules_text.ts";

/** What the console tries drafts of a config with. */
export interface Drafts {
  /** Loads a text in the place of the config file, and runs its tests. */
  readonly load: (text: string) => Promise<TestedConfig<Loaded | NotLoaded>>;
  /** Decides recorded deliveries again by a text in the place of the config file, in a thread. */
  readonly backtest: (
    text: string,
    span: { readonly since: number; readonly endpoint: string },
    most: number,
  ) => Promise<{ readonly tally: Tally; readonly differences: readonly Difference[] }>;
}

/** The rules of an endpoint as they are edited. */
export interface EditedRules {
  readonly endpoint: string;
  readonly text: string;
  /** Of the file that they stand in. */
  readonly fingerprint: string;
  readonly firstLine: number;
}

/** What is wrong with a draft, in the lines of its own text. */
export interface JudgedDraft {
  /** Those in the rules. */
  readonly mistakes: readonly ShownMistake[];
  /** Those elsewhere in the file, in its lines. */
  readonly others: readonly ShownMistake[];
  readonly warnings: readonly ShownMistake[];
  /** How many tests of rules came to what. */
  readonly tests: { readonly passed: number; readonly failed: number; readonly skipped: number };
}

/** A draft that was tried on what really happened. */
export interface BacktestedDraft {
  /** What allows to save this very text. */
  readonly receipt: string;
  readonly since: string;
  readonly decided: number;
  readonly otherAnswer: number;
  readonly otherRule: number;
  readonly wouldAsk: number;
  /** What the orders cost that would be answered otherwise, by currency. */
  readonly money: Readonly<Record<string, string>>;
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly examples: readonly Difference[];
}

/** What came of saving. */
export interface SavedDraft {
  readonly fingerprint: string;
  /** The version before, which is kept. */
  readonly kept: string;
  /** Whether the server has taken it over. */
  readonly isServed: boolean;
}

type Editing = Pick<ConsoleContext, "served" | "drafts" | "now" | "notServed">;

/**
 * Gives the rules of an endpoint to edit.
 *
 * @throws {ConsoleError} `not_possible` where they do not stand in the config file.
 */
export async function rulesToEdit(context: Editing, endpoint: string): Promise<EditedRules> {
  const { text, fingerprint } = await readConfigFile(context.served().file);
  const found = cutRules(text, endpoint);
  if (found === undefined) throw notThere(endpoint);
  return { endpoint, text: found.text, fingerprint, firstLine: found.firstLine };
}

function notThere(endpoint: string): ConsoleError {
  const reason = `the rules of ${endpoint} do not stand in the config file as a list`;
  return new ConsoleError("not_possible", { reason });
}

/** The config file with other rules of an endpoint. */
export async function draftOf(
  { served }: Pick<ConsoleContext, "served">,
  endpoint: string,
  rules: string,
): Promise<{ readonly text: string; readonly fingerprint: string }> {
  const { text, fingerprint } = await readConfigFile(served().file);
  const draft = putRules(text, endpoint, rules);
  if (draft === undefined) throw notThere(endpoint);
  return { text: draft, fingerprint };
}

/**
 * Judges a draft of rules as `check` judges a config, and runs the tests of rules.
 *
 * @param context What the console is given.
 * @param endpoint The path of the endpoint.
 * @param rules The text of its rules.
 * @returns What is wrong, and the config where nothing is.
 */
export async function judgeDraft(
  context: Editing,
  endpoint: string,
  rules: string,
): Promise<{ readonly judged: JudgedDraft; readonly loaded: Loaded | undefined }> {
  const { text } = await draftOf(context, endpoint, rules);
  const place = cutRules(text, endpoint);
  const { loaded, results } = await context.drafts.load(text);
  const mistakes = "mistakes" in loaded ? loaded.mistakes : [];
  const lines = (place?.text ?? rules).split("\n").length;
  const first = place?.firstLine ?? 1;
  const isWithin = ({ position, file }: LocatedMistake) =>
    file === undefined && position !== undefined && position.line >= first &&
    position.line < first + lines;
  const shift = (mistake: LocatedMistake): ShownMistake => {
    const shown = shownMistake(mistake);
    const { line, column } = shown;
    // The first line begins in the midst of one of the file.
    const shift = line === first ? (place?.firstColumn ?? 1) - 1 : 0;
    return {
      ...shown,
      line: line === null ? null : line - first + 1,
      column: column === null ? null : Math.max(1, column - shift),
    };
  };
  const judged = {
    mistakes: mistakes.filter(isWithin).map(shift),
    others: mistakes.filter((one) => !isWithin(one)).map(shownMistake),
    warnings: loaded.warnings.filter(isWithin).map(shift),
    tests: countResults(results),
  };
  return { judged, loaded: "mistakes" in loaded ? undefined : loaded };
}

const HOUR_MS = 3_600_000;
const RECEIPTS_KEPT = 100;

/** Which texts were tried on recorded deliveries lately; only these are saved. */
const receipts = new Map<string, number>();

function receiptOf(text: string, fingerprint: string): string {
  return hash("sha256", fingerprint, "\0", text).toHex().slice(0, 32);
}

/**
 * Tries a draft on recorded deliveries.
 *
 * @param context What the console is given.
 * @param endpoint The path of the endpoint.
 * @param rules The text of its rules.
 * @param since Only deliveries received at this time or later, in milliseconds since the epoch.
 * @throws {ConsoleError} `not_possible` where the draft has mistakes.
 */
export async function backtestDraft(
  context: Editing,
  endpoint: string,
  rules: string,
  since: number,
): Promise<BacktestedDraft> {
  const { text, fingerprint } = await draftOf(context, endpoint, rules);
  const { loaded } = await context.drafts.load(text);
  if ("mistakes" in loaded) {
    const reason = `it has ${loaded.mistakes.length} mistakes, or tests that fail`;
    throw new ConsoleError("not_possible", { reason });
  }
  const { tally, differences } = await context.drafts.backtest(text, { since, endpoint }, EXAMPLES);
  const receipt = receiptOf(text, fingerprint);
  receipts.delete(receipt);
  receipts.set(receipt, context.now());
  for (const old of [...receipts.keys()].slice(0, -RECEIPTS_KEPT)) receipts.delete(old);
  const iso = (at: number | null) => at === null ? null : new Date(at).toISOString();
  return {
    receipt,
    since: new Date(since).toISOString(),
    decided: tally.decided,
    otherAnswer: tally.otherAnswer,
    otherRule: tally.otherRule,
    wouldAsk: tally.wouldAsk,
    money: Object.fromEntries(
      Array.from(tally.money, ([currency, cents]) => [currency, (cents / 100).toFixed(2)]),
    ),
    oldest: iso(tally.oldest),
    newest: iso(tally.newest),
    examples: differences,
  };
}

const EXAMPLES = 20;

/**
 * Saves a draft that was tried: writes the config file, keeps the version before, and waits until
 * the server has taken it over.
 *
 * @param context What the console is given.
 * @param viewer Who does it.
 * @param draft Which text, of which file, and what its trial gave.
 * @throws {ConsoleError} `not_possible` where it was not tried, or the file was changed meanwhile.
 */
export async function saveDraft(
  context: Editing,
  viewer: Pick<Viewer, "name">,
  { endpoint, rules, fingerprint, receipt }: {
    readonly endpoint: string;
    readonly rules: string;
    readonly fingerprint: string;
    readonly receipt: string;
  },
): Promise<SavedDraft> {
  const draft = await draftOf(context, endpoint, rules);
  if (draft.fingerprint !== fingerprint) throw changedMeanwhile();
  const triedAt = receipts.get(receipt);
  const isOfIt = receipt === receiptOf(draft.text, fingerprint);
  if (!isOfIt || triedAt === undefined || context.now() - triedAt > HOUR_MS) {
    const reason = "this text was not tried on recorded deliveries within the last hour";
    throw new ConsoleError("not_possible", { reason });
  }
  return await writeConfig(context, viewer, draft.text, fingerprint);
}

function changedMeanwhile(): ConsoleError {
  const reason = "the config file was changed meanwhile, and is left as it is";
  return new ConsoleError("not_possible", { reason });
}

/**
 * Writes the config file in the place of the one that was meant, and waits until it is served.
 *
 * @param context What the console is given.
 * @param viewer Who does it.
 * @param text The text.
 * @param replaces The fingerprint of the file that was meant.
 */
export async function writeConfig(
  context: Editing,
  { name }: Pick<Viewer, "name">,
  text: string,
  replaces: string,
): Promise<SavedDraft> {
  const { file, since } = context.served();
  try {
    const change = { file, text, replaces, by: name, now: context.now() };
    const { kept, fingerprint } = await replaceConfig(change);
    const isServed = await takenOver(context, since);
    return { fingerprint, kept: kept.id, isServed };
  } catch (error) {
    if (error instanceof ConfigChangedMeanwhile) throw changedMeanwhile();
    throw error;
  }
}

const TAKES_OVER_MS = 8000;
const LOOK_EVERY_MS = 50;

/** The server looks at its files by itself; what it refuses it says among the mistakes. */
async function takenOver({ served, notServed }: Editing, before: number): Promise<boolean> {
  const end = performance.now() + TAKES_OVER_MS;
  while (performance.now() < end) {
    if (served().since > before) return true;
    if (notServed() !== undefined) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
}
