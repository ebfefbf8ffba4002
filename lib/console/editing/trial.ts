/** A draft of rules tried on what really happened, and saved only then. */
import { ConfigChangedMeanwhile, replaceConfig } from "../../config/history.ts";
import type { Amounts } from "../../trials/backtest/tally.ts";
import type { Difference } from "../../trials/backtest/compare.ts";
import { hash } from "../../util/hash.ts";
import { messageOf } from "../../util/words.ts";
import type { Viewer } from "../context.ts";
import { ConsoleError } from "../errors.ts";
import { draftOf, type Editing, type RulesDraft } from "./draft.ts";

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
  /** From which rule to which, those with the most deliveries first. */
  readonly byRule: readonly ChangedRule[];
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly examples: readonly Difference[];
}

/** How many deliveries went from one rule to another. */
export interface ChangedRule {
  readonly then: string;
  readonly now: string;
  readonly count: number;
  /** What those cost that would be answered otherwise, by currency. */
  readonly money: Readonly<Record<string, string>>;
}

/** What came of saving. */
export interface SavedDraft {
  readonly fingerprint: string;
  /** The version before, which is kept. */
  readonly kept: string;
  /** Whether the server has taken it over. */
  readonly isServed: boolean;
}

const HOUR_MS = 3_600_000;
const RECEIPTS_KEPT = 100;

/** Which texts were tried on recorded deliveries lately; only these are saved. */
const receipts = new Map<string, number>();

function receiptOf(text: string, fingerprint: string): string {
  return hash("sha256", fingerprint, "\0", text).toHex().slice(0, 32);
}

/**
 * Tries a draft without mistakes on recorded deliveries.
 *
 * @param context What the console is given.
 * @param draft The config file with it.
 * @param filter Only deliveries of this endpoint, received at this time or later, in milliseconds
 * since the epoch.
 */
export async function backtestDraft(
  context: Editing,
  { text, fingerprint }: RulesDraft,
  filter: { readonly endpoint: string; readonly since: number },
): Promise<BacktestedDraft> {
  const { tally, differences } = await context.drafts.backtest(text, filter, EXAMPLES);
  const receipt = receiptOf(text, fingerprint);
  receipts.delete(receipt);
  receipts.set(receipt, context.now());
  for (const old of [...receipts.keys()].slice(0, -RECEIPTS_KEPT)) receipts.delete(old);
  const iso = (at: number | null) => at === null ? null : new Date(at).toISOString();
  return {
    receipt,
    since: new Date(filter.since).toISOString(),
    decided: tally.decided,
    otherAnswer: tally.otherAnswer,
    otherRule: tally.otherRule,
    wouldAsk: tally.wouldAsk,
    money: inWords(tally.money),
    byRule: [...tally.byRule.values()].toSorted((a, b) => b.count - a.count)
      .slice(0, MOST_SHOWN).map(({ then, now, count, money }) => ({
        ...{ then, now, count },
        money: inWords(money),
      })),
    oldest: iso(tally.oldest),
    newest: iso(tally.newest),
    examples: differences,
  };
}

const EXAMPLES = 20;
const MOST_SHOWN = 50;

function inWords(money: Amounts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(money, ([currency, cents]) => [currency, (cents / 100).toFixed(2)]),
  );
}

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
  return await saveConfig(context, viewer, draft.text, fingerprint);
}

function changedMeanwhile(): ConsoleError {
  const reason = "the config file was changed meanwhile, and is left as it is";
  return new ConsoleError("not_possible", { reason });
}

/**
 * Writes the config file in the place of the one that was meant, and waits until it is served. A file
 * with mistakes is never written: the server would not take it over, nor start with it.
 *
 * @param context What the console is given.
 * @param viewer Who does it.
 * @param text The text.
 * @param replaces The fingerprint of the file that was meant.
 * @throws {ConsoleError} `not_possible` where it has mistakes, or the file was changed meanwhile.
 */
export async function saveConfig(
  context: Editing,
  { name }: Pick<Viewer, "name">,
  text: string,
  replaces: string,
): Promise<SavedDraft> {
  // What was sound when it was tried may not be so any more: a table beside it was changed.
  const { mistakes: { length: count } } = await context.drafts.judge(text);
  if (count > 0) {
    const mistakes = count === 1 ? "1 mistake" : `${count} mistakes`;
    const reason = `the config file would have ${mistakes}, and is left as it is`;
    throw new ConsoleError("not_possible", { reason });
  }
  const { file } = context.served();
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), TAKES_OVER_MS);
  const isServed = context.drafts.nextServed(end.signal);
  try {
    const change = { file, text, replaces, by: name, now: context.now() };
    const { kept, fingerprint } = await replaceConfig(change);
    return { fingerprint, kept: kept.id, isServed: await isServed };
  } catch (error) {
    if (error instanceof ConfigChangedMeanwhile) throw changedMeanwhile();
    // What the disk says is for who may write there, and nothing of it is a secret.
    const reason = `the config file cannot be written: ${messageOf(error)}`;
    throw new ConsoleError("not_possible", { reason });
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}

/** The server looks at its files by itself, about once a second. */
const TAKES_OVER_MS = 8000;
