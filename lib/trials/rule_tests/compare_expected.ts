/** What a test expects, held against what was decided. */
import { isObject } from "../../config/mistake.ts";
import { type Decision, namesOfRules } from "../../rules/decision.ts";
import { isExactNumber, isJsonNumber, parseExactJson, textOfNumber } from "../../util/json_text.ts";
import type { Decided } from "../decide_body.ts";
import type { Expectation, WantedOfEvent } from "./schema.ts";

/** What was decided, as far as a test can expect it. */
export interface DecidedTest extends Pick<Decided, "status" | "body" | "decisions"> {
  /** The services that would have to be asked. */
  readonly asks: readonly string[];
  readonly events: readonly Required<WantedOfEvent>[];
}

/** Something that is not as it was expected, in words. */
export interface TestDifference {
  /** What it is, e.g. `rule`, `answer.ApprovalGroupId`, `item 3087: rule`. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

/** More of one test are read by nobody. */
const MOST_DIFFERENCES = 20;

/**
 * Finds what is not as a test expects it.
 *
 * @param wanted What it expects: only what it names counts.
 * @param decided What was decided.
 * @returns The differences; none where all is as expected.
 */
export function differencesOf(
  wanted: Expectation,
  decided: DecidedTest,
): readonly TestDifference[] {
  const { status, decisions, asks, events } = decided;
  if (asks.length > 0 && wanted.asks === undefined) {
    const [name = ""] = asks;
    const expected = `an answer in "services": { ${JSON.stringify(name)}: { "answer": … } }`;
    return [{ what: `service ${name}`, expected, got: "none" }];
  }
  const found: TestDifference[] = [];
  const note = (what: string, expected: unknown, got: unknown) => {
    if (found.length < MOST_DIFFERENCES) {
      found.push({ what, expected: inWords(expected), got: inWords(got) });
    }
  };
  if (wanted.asks !== undefined && !asks.includes(wanted.asks)) {
    note("asks", wanted.asks, asks.length === 0 ? "nobody is asked" : asks.join(", "));
  }
  if (wanted.rule !== undefined) compareRule("rule", wanted.rule, ofAll(decisions), note);
  if (wanted.outcome !== undefined) {
    for (const { outcome } of ofAll(decisions)) {
      compareParts("outcome", wanted.outcome, outcome, note);
    }
  }
  if (wanted.status !== undefined && wanted.status !== status) {
    note("status", wanted.status, status);
  }
  if (wanted.answer !== undefined) compareParts("answer", wanted.answer, answerOf(decided), note);
  if (wanted.items !== undefined) compareItems(wanted.items, decisions, note);
  if (wanted.events !== undefined) compareParts("events", wanted.events, events, note);
  if (wanted.forwards !== undefined) {
    const got = [...new Set(events.flatMap(({ forwards }) => forwards))].toSorted();
    if (wanted.forwards.toSorted().join("\0") !== got.join("\0")) {
      note("forwards", wanted.forwards, got);
    }
  }
  return found;
}

type Note = (what: string, expected: unknown, got: unknown) => void;

/** A delivery that is decided as a whole has one decision beside those of its items. */
function ofAll(decisions: readonly Decision[]): readonly Decision[] {
  const whole = decisions.filter(({ subject }) => subject === undefined);
  return whole.length > 0 ? whole : decisions;
}

function compareRule(
  what: string,
  wanted: string | null,
  decisions: readonly Decision[],
  note: Note,
): void {
  const others = decisions.filter(({ rule, row }) => rule !== wanted && row?.rule !== wanted);
  // What is refused for its shape is decided by nothing, either.
  if (others.length === 0 && (decisions.length > 0 || wanted === null)) return;
  note(what, wanted ?? NO_RULE, others.length === 0 ? NO_RULE : rulesInWords(others));
}

const NO_RULE = "no rule";
/** Of many items the first that are decided otherwise. */
const MOST_SUBJECTS = 3;

function rulesInWords(decisions: readonly Decision[]): string {
  if (decisions.length === 1 || decisions.every(({ subject }) => subject === undefined)) {
    return namesOfRules(decisions);
  }
  const named = decisions.slice(0, MOST_SUBJECTS).map(({ subject, rule }) =>
    `${rule ?? NO_RULE} (item ${subject})`
  );
  const rest = decisions.length - named.length;
  return `${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function compareItems(
  wanted: NonNullable<Expectation["items"]>,
  decisions: readonly Decision[],
  note: Note,
): void {
  const items = decisions.filter(({ subject }) => subject !== undefined);
  if (Array.isArray(wanted) && wanted.length !== items.length) {
    note("items", wanted.length, items.length);
    return;
  }
  for (const [key, { rule, outcome }] of Object.entries(wanted)) {
    const decision = Array.isArray(wanted)
      ? items[Number(key)]
      : items.find(({ subject }) => subject === key);
    const name = `item ${decision?.subject ?? key}`;
    if (decision === undefined) {
      const ids = items.map(({ subject }) => subject).join(", ");
      note(name, "an item with this id", ids === "" ? "no item" : ids);
      continue;
    }
    if (rule !== undefined) compareRule(`${name}: rule`, rule, [decision], note);
    if (outcome !== undefined) compareParts(`${name}: outcome`, outcome, decision.outcome, note);
  }
}

function answerOf({ body }: DecidedTest): unknown {
  const text = new TextDecoder().decode(body);
  try {
    return text === "" ? null : parseExactJson(text);
  } catch {
    return text;
  }
}

/** Of an object only what is named counts; a list has to have as many. */
function compareParts(what: string, wanted: unknown, got: unknown, note: Note): void {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length) note(what, wanted, got);
    else wanted.forEach((one, index) => compareParts(`${what}[${index}]`, one, got[index], note));
  } else if (isObject(wanted) && !isExactNumber(wanted)) {
    if (!isObject(got) || isExactNumber(got)) note(what, wanted, got);
    else {
      for (const [name, value] of Object.entries(wanted)) {
        const below = Object.hasOwn(got, name) ? got[name] : undefined;
        compareParts(`${what}.${name}`, value, below, note);
      }
    }
  } else if (!isSameScalar(wanted, got)) note(what, wanted, got);
}

/** `0.20` is the number 0.2, and the text "10065" says the same as the number. */
function isSameScalar(wanted: unknown, got: unknown): boolean {
  if (wanted === got) return true;
  const [first, second] = [scalarText(wanted), scalarText(got)];
  if (first === undefined || second === undefined) return false;
  return first === second || (isNumeric(first) && isNumeric(second) && sameNumber(first, second));
}

function scalarText(value: unknown): string | undefined {
  if (isJsonNumber(value)) return textOfNumber(value);
  return typeof value === "string" ? value : undefined;
}

function isNumeric(text: string): boolean {
  return /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text);
}

function sameNumber(first: string, second: string): boolean {
  // Ids have more digits than a double holds.
  const isLong = Math.max(first.length, second.length) > 15;
  return Number(first) === Number(second) && (!isLong || trimmed(first) === trimmed(second));
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

const LONGEST = 300;

function inWords(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "nothing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
