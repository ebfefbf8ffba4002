/** The editor of rules: what it shows of a text, whatever is done with it. */
import { type DiffLine, diffLines } from "../../config/line_difference.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { VocabularyDefinition } from "../../rules/vocabulary.ts";
import { waitAtMost } from "../../util/waiting.ts";
import type { ConsoleContext, Viewer } from "../context.ts";
import { ConsoleError } from "../errors.ts";
import { type DeliveryBeside, findBeside, isWhole, showBeside } from "./beside.ts";
import { type JudgedDraft, judgeDraft, rulesToEdit } from "./draft.ts";
import { backtestDraft, type BacktestedDraft, type SavedDraft, saveDraft } from "./trial.ts";

/** What the editor shows. */
export interface EditorView {
  readonly endpoint: string;
  readonly kind: string;
  /** The text that is edited: that of the file unless another one was sent. */
  readonly rules: string;
  /** Of the config file as it is now: whoever saves says which one was meant. */
  readonly fingerprint: string;
  /** The line of the file on which the rules begin; 1 is the first. */
  readonly firstLine: number;
  /** Whether the file was changed since the text was taken from it. */
  readonly isChanged: boolean;
  /** From the rules of the file to the text. */
  readonly lines: readonly DiffLine[];
  readonly judged: JudgedDraft;
  /** Whether that is still on its way: a page is there before, and asks for it then. */
  readonly isBeingJudged: boolean;
  readonly beside: DeliveryBeside | null;
  /** Present once the text was tried on recorded deliveries. */
  readonly backtest: BacktestedDraft | null;
  /** Present once it was saved. */
  readonly saved: SavedDraft | null;
  /** Why it was not saved. */
  readonly refused: string | null;
  /** What rules may speak of, with its types. */
  readonly vocabulary: VocabularyDefinition;
}

/** What is done with a text. */
export interface EditorDeed {
  readonly endpoint: string;
  /** That of the file unless given. */
  readonly rules?: string | undefined;
  /** The fingerprint of the file that the text was taken from. */
  readonly fingerprint?: string | undefined;
  readonly action: "check" | "backtest" | "save";
  /** What a trial gave; nothing is saved without. */
  readonly receipt?: string | undefined;
  /** The delivery that is decided beside it. */
  readonly delivery?: string | undefined;
  /** Only deliveries received at this time or later are tried, in milliseconds since the epoch. */
  readonly since: number;
  /** Whether whoever asks waits for what is said of the text, however long that takes. */
  readonly isPatient: boolean;
}

/** A page has it where it is there by then. */
const PATIENCE_MS = 100;
const NOT_JUDGED: JudgedDraft = {
  ...{ mistakes: [], others: [], warnings: [] },
  tests: { passed: 0, failed: 0, skipped: 0 },
};

/**
 * Judges a text, tries it or saves it, and shows what came of it.
 *
 * @param context What the console is given.
 * @param viewer Who does it.
 * @param deed What is done with which text.
 * @throws {ConsoleError} `not_possible` where the rules cannot be edited here.
 */
export async function workOnRules(
  context: ConsoleContext,
  viewer: Pick<Viewer, "name">,
  deed: EditorDeed,
): Promise<EditorView> {
  const { endpoint, action, since } = deed;
  const vocabulary = vocabularyOf(context, endpoint);
  if (vocabulary === undefined) {
    throw new ConsoleError("not_possible", { reason: `${endpoint} decides by no rules` });
  }
  const file = await rulesToEdit(context, endpoint);
  const rules = (deed.rules ?? file.text).replace(/\r\n?/g, "\n").trim();
  const meant = deed.fingerprint ?? file.fingerprint;
  const beside = await findBeside(context, endpoint, deed.delivery);
  const decidable = beside !== undefined && isWhole(beside) ? beside : undefined;
  const judging = judgeDraft(context, endpoint, rules, decidable);
  const isJudged = deed.isPatient || await waitAtMost(PATIENCE_MS, judging);
  // Whoever asks for it then is told what went wrong.
  if (!isJudged) judging.catch(() => undefined);
  const { judged = NOT_JUDGED, draft, decided } = isJudged ? await judging : {};
  const backtest = action === "backtest" && draft !== undefined
    ? await backtestDraft(context, draft, { endpoint, since })
    : null;
  const { saved, refused } = action === "save"
    ? await savedOrWhyNot(context, viewer, { ...deed, rules, fingerprint: meant })
    : { saved: null, refused: null };
  const now = saved === null ? file : await rulesToEdit(context, endpoint);
  return {
    endpoint,
    ...{ kind: kindOf(context, endpoint)?.kind ?? "", rules, judged, backtest, saved, refused },
    ...{ fingerprint: now.fingerprint, firstLine: now.firstLine },
    isBeingJudged: !isJudged,
    isChanged: saved === null && meant !== file.fingerprint,
    lines: diffLines(now.text.replace(/\r\n?/g, "\n"), rules),
    beside: beside === undefined ? null : showBeside(context.handlers, beside, decided),
    vocabulary,
  };
}

async function savedOrWhyNot(
  context: ConsoleContext,
  viewer: Pick<Viewer, "name">,
  draft: EditorDeed & { readonly rules: string; readonly fingerprint: string },
): Promise<{ readonly saved: SavedDraft | null; readonly refused: string | null }> {
  try {
    const { receipt = "" } = draft;
    return { saved: await saveDraft(context, viewer, { ...draft, receipt }), refused: null };
  } catch (error) {
    // What somebody wrote is not lost: it is shown again, with why.
    if (!(error instanceof ConsoleError)) throw error;
    return { saved: null, refused: error.params["reason"] ?? error.code };
  }
}

function kindOf({ served }: Pick<ConsoleContext, "served">, path: string): Endpoint | undefined {
  return served().endpoints.find((one) => one.path === path);
}

function vocabularyOf(context: ConsoleContext, path: string): VocabularyDefinition | undefined {
  const kind = kindOf(context, path)?.kind;
  return context.handlers.find((one) => one.kind === kind)?.sight?.vocabulary.definition;
}
