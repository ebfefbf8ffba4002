/** What a change of the config would mean, before it is made. */
import type { LocatedMistake } from "../../config/mistake.ts";
import { readConfigFile } from "../../config/history.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { RangeResult } from "../../trials/backtest/range.ts";
import type { DecidedByText, JudgedText } from "../../trials/judged_text.ts";
import { ConsoleError } from "../errors.ts";
import type { ConsoleContext } from "../context.ts";
import { type ShownMistake, shownMistake } from "../queries/config.ts";
import { hideSecrets } from "../queries/shown_config.ts";
import { cutRules, findReferences, putRules, type RulesText } from "./rules_text.ts";

/** What the console tries drafts of a config with; in a server in threads of their own. */
export interface Drafts {
  /** Judges a text in the place of the config file, runs its tests, and decides a delivery by it. */
  readonly judge: (text: string, delivery?: StoredDelivery) => Promise<JudgedText>;
  /** Decides recorded deliveries again by a text in the place of the config file. */
  readonly backtest: (
    text: string,
    span: { readonly since: number; readonly endpoint: string },
    most: number,
  ) => Promise<RangeResult>;
  /**
   * Waits until another config is served.
   *
   * @param signal Ends the waiting.
   * @returns Whether it is.
   */
  readonly nextServed: (signal: AbortSignal) => Promise<boolean>;
}

/** The rules of an endpoint as they stand in the config file. */
export interface EditedRules {
  readonly endpoint: string;
  readonly text: string;
  /** Of the file that they stand in. */
  readonly fingerprint: string;
  /** The line of the file on which they begin; 1 is the first. */
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

/** What of the console rules are edited with. */
export type Editing = Pick<ConsoleContext, "served" | "drafts" | "now">;

/**
 * Gives the rules of an endpoint to edit.
 *
 * @throws {ConsoleError} `not_possible` where they do not stand in the config file, or hold a
 * secret: none ever leaves the server.
 */
export async function rulesToEdit(context: Editing, endpoint: string): Promise<EditedRules> {
  const { file, secrets } = context.served();
  const { text, fingerprint } = await readConfigFile(file);
  const found = cutRules(text, endpoint);
  if (found === undefined) throw notThere(endpoint);
  if (holdsSecret(text, endpoint, secrets)) {
    const reason = `the rules of ${endpoint} hold a secret: edit them in the config file`;
    throw new ConsoleError("not_possible", { reason });
  }
  return { endpoint, text: found.text, fingerprint, firstLine: found.firstLine };
}

function notThere(endpoint: string): ConsoleError {
  const reason = `the rules of ${endpoint} do not stand in the config file as a list`;
  return new ConsoleError("not_possible", { reason });
}

/** The config file with other rules of an endpoint. */
export interface RulesDraft {
  readonly text: string;
  /** Of the file as it is. */
  readonly fingerprint: string;
}

async function draftWithPlace(
  { served }: Pick<ConsoleContext, "served">,
  endpoint: string,
  rules: string,
): Promise<RulesDraft & { readonly place: RulesText }> {
  const { text, fingerprint } = await readConfigFile(served().file);
  const place = cutRules(text, endpoint);
  const draft = putRules(text, endpoint, rules);
  if (place === undefined || draft === undefined) throw notThere(endpoint);
  return { text: draft, fingerprint, place };
}

/** Makes the config file with other rules of an endpoint. */
export async function draftOf(
  context: Pick<ConsoleContext, "served">,
  endpoint: string,
  rules: string,
): Promise<RulesDraft> {
  const { text, fingerprint } = await draftWithPlace(context, endpoint, rules);
  return { text, fingerprint };
}

/** What comes of judging a draft. */
export interface DraftWithJudgement {
  readonly judged: JudgedDraft;
  /** The config file with it, where it has no mistakes. */
  readonly draft: RulesDraft | undefined;
  /** What it makes of the delivery beside it, where it is sound. */
  readonly decided: DecidedByText | undefined;
}

/**
 * Judges a draft of rules as `check` judges a config, and runs the tests of rules.
 *
 * @param context What the console is given.
 * @param endpoint The path of the endpoint.
 * @param rules The text of its rules.
 * @param delivery What is decided by it.
 * @returns What is wrong, and what was decided where nothing is.
 */
export async function judgeDraft(
  context: Editing,
  endpoint: string,
  rules: string,
  delivery?: StoredDelivery,
): Promise<DraftWithJudgement> {
  const { place, ...draft } = await draftWithPlace(context, endpoint, rules);
  const added = addedReferences(rules, place.text);
  if (added.length > 0) {
    const judged = { mistakes: added, others: [], warnings: [], tests: NO_TESTS };
    return { judged, draft: undefined, decided: undefined };
  }
  const { mistakes, warnings, tests, decided } = await context.drafts.judge(draft.text, delivery);
  // What stands before the rules is as it was.
  const { firstLine, firstColumn } = place;
  const lines = rules.trim().split("\n").length;
  const isWithin = ({ position, file }: LocatedMistake) =>
    file === undefined && position !== undefined && position.line >= firstLine &&
    position.line < firstLine + lines;
  const shift = (mistake: LocatedMistake): ShownMistake => {
    const shown = shownMistake(mistake);
    const { line, column } = shown;
    // The first line begins in the midst of one of the file.
    const before = line === firstLine ? firstColumn - 1 : 0;
    return {
      ...shown,
      line: line === null ? null : line - firstLine + 1,
      column: column === null ? null : Math.max(1, column - before),
    };
  };
  // What stands behind the list would change other settings, which is not what is saved here.
  const isFine = mistakes.length === 0;
  const isMore = isFine && !isAlone(draft.text, endpoint, rules);
  const isSecret = isFine && holdsSecret(draft.text, endpoint, context.served().secrets);
  const own = [...(isMore ? [MORE_THAN_RULES] : []), ...(isSecret ? [SECRET] : [])];
  const judged = {
    mistakes: [...mistakes.filter(isWithin).map(shift), ...own],
    others: mistakes.filter((one) => !isWithin(one)).map(shownMistake),
    warnings: warnings.filter(isWithin).map(shift),
    tests,
  };
  const isSound = isFine && own.length === 0;
  return isSound ? { judged, draft, decided } : { judged, draft: undefined, decided: undefined };
}

const NO_TESTS = { passed: 0, failed: 0, skipped: 0 };

/**
 * What is to be filled in and is not in the rules of the file. It is not tried, not even without
 * saving it: what is decided is shown, and with it would be whatever the server can read.
 */
function addedReferences(rules: string, ofFile: string): readonly ShownMistake[] {
  const known = new Set(findReferences(ofFile).map(({ reference }) => reference));
  return findReferences(rules).filter(({ reference }) => !known.has(reference)).map((
    { reference, line, column },
  ) => ({
    ...{ path: "rules", line, column, hint: INTO_THE_FILE },
    message: `found ${reference}, which the rules in the config file do not hold`,
  }));
}

/** Whether something would be hidden in the rules: then nobody could edit them here any more. */
function holdsSecret(draft: string, endpoint: string, secrets: readonly string[]): boolean {
  return cutRules(hideSecrets(draft, secrets), endpoint)?.text !== cutRules(draft, endpoint)?.text;
}

const SECRET: ShownMistake = {
  ...{ path: "rules", line: 1, column: 1 },
  message: "found a secret of the config, or what looks like one",
  hint: "Write it into the config file itself: what holds a secret is not edited here",
};

const INTO_THE_FILE = "Write it into the config file itself: here its value would be shown";

const MORE_THAN_RULES: ShownMistake = {
  ...{ path: "rules", line: 1, column: 1 },
  message: "wanted one list of rules, from [ to ], and nothing behind it",
  hint: "Other settings of the endpoint are changed in the config file",
};

function isAlone(text: string, endpoint: string, rules: string): boolean {
  const written = (one: string) => one.replace(/\r\n?/g, "\n").trim();
  return written(cutRules(text, endpoint)?.text ?? "") === written(rules);
}
