/** Which texts are shown because of their form: they can say nothing of a person. */
import type { BriefAnswer, DeliveryBrief, Handler } from "../../../handlers/handler.ts";
import type { Config } from "../../config/schema.ts";
import { HIDDEN, named, type Sight } from "./policy.ts";

const ORDER_NUMBER = /^(?:[A-Za-z]{0,3}[-_.#/]?\d[\d\-_./]{0,30}|[\da-f]{16,64})$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Tells whether a text can be nothing but a number by which something is known: digits, at most
 * three letters before them, or an id that a program made.
 *
 * @param text The text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["28604", "EON-1042", "2026/11/7"].every(isPlainNumber), true);
 * assertEquals(["jane", "order of jane", "28604 jane", ""].some(isPlainNumber), false);
 * ```
 */
export function isPlainNumber(text: string): boolean {
  return ORDER_NUMBER.test(text) || UUID.test(text);
}

const AMOUNT = /^-?\d{1,15}(?:\.\d{1,6})?(?: [A-Z]{3})?$/;

/**
 * Tells whether a text is an amount, with its currency or without. What stands where the currency of
 * an order does, its sender wrote.
 *
 * @param text The text.
 */
export function isAmountText(text: string): boolean {
  return AMOUNT.test(text);
}

/** Items by their numbers, and where each goes by its number. */
const ROUTES = /^\d+ → \d+(?:, \d+ → \d+)*(?:, \d+ more)?$/;

/**
 * Shows of what people look for in a delivery what is of nobody: numbers, amounts, and what was
 * answered.
 *
 * @param brief What it says.
 */
export function briefForViewers(
  { orders, total, answer, answered }: DeliveryBrief,
): DeliveryBrief {
  const { about } = answered ?? {};
  const shown = about === undefined || isPlainAbout(about) ? about : HIDDEN;
  return {
    ...(orders === undefined
      ? {}
      : { orders: orders.map((number) => isPlainNumber(number) ? number : HIDDEN) }),
    ...(total === undefined ? {} : { total: isAmountText(total) ? total : HIDDEN }),
    ...(answered === undefined ? {} : { answered: answeredWith(answered.what, shown) }),
    // Without what it is about it is words of ours.
    ...(answer === undefined || answered === undefined
      ? {}
      : { answer: about === shown ? answer : answer.replaceAll(about ?? HIDDEN, HIDDEN) }),
  };
}

function answeredWith(what: BriefAnswer["what"], about: string | undefined): BriefAnswer {
  return about === undefined ? { what } : { what, about };
}

function isPlainAbout(about: string): boolean {
  return isPlainNumber(about) || isAmountText(about) || ROUTES.test(about);
}

/** What outcomes are made of, by the kinds of endpoints. */
const OUTCOME_WORDS: ReadonlySet<string> = new Set([
  ...["group", "approve", "keep", "manufacturer", "customConfig", "customConfiguration"],
  ...["otherwise", "ask", "reject", "rates", "rate", "tax", "externalUrl", "redirectUrl"],
]);
/** Numbers there are those of groups and plants, and amounts. */
const NUMBERED: ReadonlySet<string> = new Set(["group", "manufacturer", "rate", "tax"]);
/** There stands what the config calls something. */
const NAMED: ReadonlySet<string> = new Set(["ask", "manufacturer"]);

/**
 * Shows of an outcome what it does and the numbers of groups, plants and amounts; no text that
 * somebody wrote, as with a rejection.
 *
 * @param outcome The outcome, as the config writes it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(outcomeForViewers({ group: 10065 }), { group: 10065 });
 * assertEquals(outcomeForViewers({ reject: "Ask Jane" }), { reject: "[hidden]" });
 * ```
 */
export function outcomeForViewers<Outcome extends object | null>(outcome: Outcome): Outcome {
  // An object for an object, and nothing for nothing.
  return (outcome === null ? null : withoutTexts(outcome)) as Outcome;
}

function withoutTexts(outcome: object): object {
  return Object.fromEntries(
    Object.entries(outcome).map(([name, value]): [string, unknown] => {
      if (!OUTCOME_WORDS.has(name)) return [HIDDEN, HIDDEN];
      if (typeof value === "boolean") return [name, value];
      if (typeof value === "string" && NAMED.has(name)) return [name, named(value)];
      const isNumber = typeof value === "number" || JSON.isRawJSON(value) ||
        (typeof value === "string" && /^\d{1,15}(?:\.\d{1,6})?$/.test(value));
      if (isNumber) return [name, NUMBERED.has(name) ? value : HIDDEN];
      const isOutcome = typeof value === "object" && value !== null && !Array.isArray(value);
      return [name, isOutcome ? withoutTexts(value) : HIDDEN];
    }),
  );
}

/** The id that the program gives a request that brings none. */
const OWN_REQUEST_ID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
/** Of a refused request no more headers are kept. */
const HEADER_LINES_OF_REFUSED = 64;

/**
 * Tells whether the program made the id of a request, which may be anything where the sender did.
 *
 * @param delivery The delivery. Of an erased one it is not known.
 */
export function isOwnRequestId(
  { requestId, headers, verifiedBy, erasedAt }: {
    readonly requestId: string;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly verifiedBy: string | null;
    readonly erasedAt: number | string | null;
  },
): boolean {
  const isWhole = erasedAt === null &&
    (verifiedBy !== null || headers.length < HEADER_LINES_OF_REFUSED);
  return isWhole && OWN_REQUEST_ID.test(requestId) &&
    !headers.some(([name, value]) =>
      name.toLowerCase() === "x-request-id" && value.trim() === requestId
    );
}

const TYPE_COMPARED =
  /event\.type\s*(?:==\s*(?:'([^'\\]*)'|"([^"\\]*)")|in\s*(\[(?:[^\]'"]|'[^'\\]*'|"[^"\\]*")*\]))/g;
const QUOTED = /'([^'\\]*)'|"([^"\\]*)"/g;

/**
 * Makes what knows the types of events that are names and no text of a stranger: those that the kinds
 * of endpoints know, and those that the config forwards by.
 *
 * @param config The config.
 * @param handlers The kinds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const forward = [{ to: "erp", when: "event.type in ['order.placed', 'order.paid']" }];
 * const { isKnownType } = sightOf({ endpoints: [{ forward }] }, []);
 * assertEquals(["order.paid", "jane.public"].map(isKnownType), [true, false]);
 * ```
 */
export function sightOf(
  { endpoints }: { readonly endpoints: readonly Pick<Config["endpoints"][number], "forward">[] },
  handlers: readonly Pick<Handler, "isKnownType">[],
): Sight {
  const filters = endpoints.flatMap(({ forward }) => forward)
    .flatMap((entry) => typeof entry === "string" ? [] : [entry.when]);
  const types = new Set(
    filters.flatMap((when) =>
      [...when.matchAll(TYPE_COMPARED)].flatMap(([, single, double, list]) =>
        list === undefined
          ? [single ?? double ?? ""]
          : [...list.matchAll(QUOTED)].map(([, one, other]) => one ?? other ?? "")
      )
    ),
  );
  return {
    isKnownType: (type) =>
      types.has(type) || handlers.some(({ isKnownType }) => isKnownType?.(type) === true),
  };
}
