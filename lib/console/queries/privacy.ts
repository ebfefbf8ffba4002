/** What a viewer sees: all that happened, and nothing of a person. */
import type { Role } from "../../journal/console.ts";
import { mayDo } from "../context.ts";
import type {
  DeliveryRow,
  EventRow,
  EventWithForwards,
  ForwardRow,
  ForwardWithHistory,
} from "../reader/reader.ts";
import type { DeliveryDetails } from "./delivery.ts";
import type { Reason } from "./why.ts";

/** Stands in the place of what is about a person. */
export const HIDDEN = "[hidden]";

/**
 * Tells whether a role sees what is about people.
 *
 * @param role The role.
 */
export function seesPeople(role: Role): boolean {
  return mayDo(role, "operator");
}

/**
 * Takes out of a row of deliveries what a role does not see.
 *
 * @param row The row.
 * @param role The role.
 */
export function deliveryRowFor(row: DeliveryRow, role: Role): DeliveryRow {
  if (seesPeople(role)) return row;
  const { shopper: _shopper, ...brief } = row.brief;
  const { note: _note, ...rest } = row;
  return withoutAddresses({
    ...rest,
    remoteAddress: HIDDEN,
    verifiedBy: row.verifiedBy === null ? null : row.verifiedBy.split(",")[0] ?? "",
    decisions: row.decisions.map(({ asked, ...decision }) => ({
      ...decision,
      failures: decision.failures.map(({ rule }) => ({ rule, reason: HIDDEN })),
      ...(asked === undefined ? {} : { asked: withoutAnswer(asked) }),
    })),
    brief,
  });
}

/**
 * Takes out of a delivery what a role does not see.
 *
 * @param details The delivery.
 * @param role The role.
 */
export function deliveryFor(details: DeliveryDetails, role: Role): DeliveryDetails {
  if (seesPeople(role)) return details;
  const { note: _note, ...rest } = details;
  const { shopper: _shopper, ...brief } = details.brief;
  return withoutAddresses({
    ...rest,
    brief,
    remoteAddress: HIDDEN,
    headers: [],
    body: "",
    bodyIsCut: true,
    answer: "",
    answerIsCut: true,
    reason: plainReason(details),
    decisions: details.decisions.map(({ asked, trace, ...decision }) => ({
      ...decision,
      trace: trace.map(({ rule, state, when }) => ({
        rule,
        state,
        ...(when === undefined ? {} : { when }),
      })),
      ...(asked === undefined ? {} : { asked: withoutAnswer(asked) }),
    })),
  });
}

function plainReason({ reason, brief, status }: DeliveryDetails): Reason {
  const { kind, rule } = reason;
  const answer = brief.answer === undefined
    ? `Answered ${status}`
    : brief.answer.slice(0, 1).toUpperCase() + brief.answer.slice(1);
  const by = rule === undefined
    ? ""
    : rule === "otherwise"
    ? ": no rule matched"
    : `: rule ${rule}`;
  const sentence = kind === "erased" ? reason.sentence : `${answer}${by}`;
  return { kind, sentence, ...(rule === undefined ? {} : { rule }) };
}

/** What a service said may be about anybody. */
function withoutAnswer<Asked extends object>(asked: Asked): Asked {
  const { said: _said, refusal: _refusal, failure: _failure, ...rest }:
    & Asked
    & { said?: unknown; refusal?: unknown; failure?: unknown } = asked;
  // What is left of it has all that must be there.
  return rest as unknown as Asked;
}

/**
 * Takes out of an event in a list what a role does not see.
 *
 * @param event The event.
 * @param role The role.
 */
export function eventRowFor(event: EventRow, role: Role): EventRow {
  return seesPeople(role) ? event : withoutAddresses({ ...event, ...HIDDEN_OF_EVENT });
}

/** A subject may be anybody's number or address, and so may the sender's own id. */
const HIDDEN_OF_EVENT = { subject: HIDDEN, key: HIDDEN, warnings: [] } as const;

/**
 * Takes out of an event what a role does not see.
 *
 * @param event The event.
 * @param role The role.
 */
export function eventFor(event: EventWithForwards, role: Role): EventWithForwards {
  if (seesPeople(role)) return event;
  return withoutAddresses({
    ...event,
    ...HIDDEN_OF_EVENT,
    payload: "",
    payloadIsCut: true,
    forwards: event.forwards.map((forward) => ({
      ...forwardRowFor(forward, role),
      history: forward.history.map(withoutError),
    })),
  });
}

/**
 * Takes out of a forward in a list what a role does not see.
 *
 * @param forward The forward.
 * @param role The role.
 */
export function forwardRowFor<Row extends ForwardRow>(forward: Row, role: Role): Row {
  if (seesPeople(role)) return forward;
  const { lastAttempt } = forward;
  return withoutAddresses({
    ...forward,
    event: { ...forward.event, subject: HIDDEN },
    lastAttempt: lastAttempt === null ? null : withoutError(lastAttempt),
  });
}

/**
 * Takes out of a forward what a role does not see.
 *
 * @param forward The forward.
 * @param role The role.
 */
export function forwardFor(forward: ForwardWithHistory, role: Role): ForwardWithHistory {
  if (seesPeople(role)) return forward;
  return { ...forwardRowFor(forward, role), history: forward.history.map(withoutError) };
}

/** A destination may say whose order it is that it does not take. */
function withoutError<A extends { readonly error: string | null }>(attempt: A): A {
  return { ...attempt, error: attempt.error === null ? null : HIDDEN };
}

const ADDRESS = /[^\s"'<>()[\]{},;:=|\\/@]{1,64}@[\p{L}\p{N}][\p{L}\p{N}.-]{0,252}/gu;

/**
 * Takes e-mail addresses out of every text of a value, wherever they came from: a rule, an outcome,
 * the name of an endpoint.
 *
 * @param value Any value that can be written as JSON.
 * @returns The same without them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rule = { when: "order.user.email == 'jane@example.com'" };
 * assertEquals(withoutAddresses(rule), { when: "order.user.email == '[hidden]'" });
 * ```
 */
export function withoutAddresses<Value>(value: Value): Value {
  // It has the same shape: texts stay texts.
  return hideIn(value) as Value;
}

function hideIn(value: unknown): unknown {
  if (typeof value === "string") return value.replace(ADDRESS, HIDDEN);
  if (Array.isArray(value)) return value.map(hideIn);
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name.replace(ADDRESS, HIDDEN), hideIn(one)]),
  );
}
