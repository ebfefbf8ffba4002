import type { StoredDelivery } from "../../journal/delivery.ts";
import { type DecidingRow, type Decision, servicesOf } from "../../rules/decision.ts";
import type { Decided } from "../decide_body.ts";

/** What differs: what is answered, or by which rule alone, or a service has to be asked first. */
export type AnswerChange = "answer" | "rule" | "ask";

/** Which rule decided a subject. */
export type Ruling = Pick<Decision, "subject" | "rule">;

/** What was answered then, or would be now. */
export interface Side {
  /** `null` when a service would be asked that was not asked then. */
  readonly status: number | null;
  readonly rules: readonly Ruling[];
  /** The services to which it is left; absent where there are none. */
  readonly asks?: readonly string[];
  /** The answer's bytes as text. */
  readonly answer: string;
}

/** A delivery that would be decided otherwise. */
export interface Difference {
  readonly id: string;
  /** In milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly endpoint: string;
  readonly change: AnswerChange;
  /** What the order costs, where that can be told: `612.40 USD`. */
  readonly total?: string;
  readonly then: Side;
  readonly now: Side;
}

/**
 * Compares what was answered with what would be.
 *
 * @param delivery The recorded delivery.
 * @param now What the config to be tried makes of it.
 * @returns The difference, `undefined` when there is none.
 */
export function compare(delivery: StoredDelivery, now: Decided): Difference | undefined {
  const isSameAnswer = delivery.status === now.status && isSame(delivery.answer, now.body);
  if (isSameAnswer && haveSameRules(delivery.decisions, now.decisions)) return undefined;
  const { id, receivedAt, endpoint } = delivery;
  return {
    id,
    receivedAt,
    endpoint,
    change: now.status === null ? "ask" : isSameAnswer ? "rule" : "answer",
    then: sideOf(delivery.status, delivery.decisions, delivery.answer),
    now: sideOf(now.status, now.decisions, now.body),
  };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function haveSameRules(a: readonly Decision[], b: readonly Decision[]): boolean {
  return a.length === b.length &&
    a.every((one, index) => one.subject === b[index]?.subject && isSameRule(one, b[index]));
}

/** A row is the one that asks for the same, on whatever line it stands since rows came above it. */
function isSameRule({ rule, row }: Decision, other: Decision | undefined): boolean {
  if (rule === other?.rule) return true;
  return row !== undefined && row.rule === other?.row?.rule && haveSameCells(row, other.row);
}

function haveSameCells({ cells }: DecidingRow, { cells: others }: DecidingRow): boolean {
  const names = Object.keys(cells);
  return names.length === Object.keys(others).length &&
    names.every((name) => cells[name] === others[name]);
}

function sideOf(
  status: number | null,
  decisions: readonly Decision[],
  answer: Uint8Array,
): Side {
  const asks = servicesOf(decisions);
  return {
    status,
    ...(asks.length === 0 ? {} : { asks }),
    rules: decisions.map(({ subject, rule }) =>
      subject === undefined ? { rule } : { subject, rule }
    ),
    answer: new TextDecoder().decode(answer),
  };
}
