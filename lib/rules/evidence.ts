/**
 * What a rule read of a document. The journal keeps the body and the text of the rules, so what
 * they read is found again by asking them again: nothing of it is written twice, nothing of a
 * person stays behind when the body is erased, and a request pays nothing for it.
 */
import { createEvaluationCache, type ReadValue, type Trace } from "./cel/evaluation.ts";
import type { Decision, RuleEvidence, RuleText } from "./decision.ts";
import { compileValue, type ValueExpression } from "./expression.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** How long is spent on one delivery; its other decisions are shown without values. */
const MAX_TIME_MS = 2000;

/** What is decided about, and what rules see of it. */
export interface RuleSubject {
  /** As in its decision. */
  readonly subject?: string;
  readonly context: object;
}

/** What the rules of a kind of endpoint see. */
export interface RuleSight {
  readonly vocabulary: Vocabulary;
  /**
   * Views a document as rules see it.
   *
   * @param document The parsed JSON of the body.
   * @returns What is decided about, in the order of the decisions.
   * @throws {Error} When the document has not the shape of the kind.
   */
  subjectsOf(document: unknown): readonly RuleSubject[];
}

/**
 * Tells what rules read when they decided.
 *
 * @param sight What the rules of this kind see.
 * @param document The parsed JSON of the body.
 * @param rules The rules, as they were written then.
 * @param decisions The decisions.
 * @returns What was read for each decision, in their order; less where it takes long, where a rule
 * cannot be read any more, or where its text was not kept.
 */
export function evidenceOf(
  { vocabulary, subjectsOf }: RuleSight,
  document: unknown,
  rules: readonly RuleText[],
  decisions: readonly Decision[],
): readonly RuleEvidence[] {
  const endsAt = performance.now() + MAX_TIME_MS;
  const subjects = orNone(() => subjectsOf(document));
  const bySubject = new Map(subjects.map((one) => [one.subject, one]));
  const compiled = rules.map(({ name, when, table }) => ({
    name,
    expressions: (table === undefined ? [when] : Object.values(table.inputs)).map((source) =>
      read(vocabulary, source)
    ),
  }));
  return decisions.map((decision, index) => {
    const { subject, tried, timeZone } = decision;
    const atPlace = subjects[index];
    const found = atPlace?.subject === subject ? atPlace : bySubject.get(subject);
    const evidence = new Map<string, readonly ReadValue[]>();
    for (const { name, expressions } of compiled.slice(0, tried)) {
      const known = expressions.filter((one) => one !== undefined);
      if (found === undefined || known.length < expressions.length) continue;
      if (performance.now() > endsAt) continue;
      evidence.set(name, valuesRead(known, found.context, timeZone));
    }
    return evidence;
  });
}

/**
 * Tells what expressions read.
 *
 * @param expressions The condition, or what the columns of a table are compared with.
 * @param context What it sees.
 * @param timeZone The zone of times that say none.
 * @returns The values in the order in which they are read, as many as are worth showing.
 */
export function valuesRead(
  expressions: readonly ValueExpression[],
  context: object,
  timeZone?: string,
): readonly ReadValue[] {
  const trace = createTrace();
  const cache = { ...createEvaluationCache({}, timeZone), trace };
  // A failure is told with the decision already.
  for (const expression of expressions) orNone(() => [expression.read(context, cache)]);
  return trace.values();
}

/** A condition that an earlier version could read may be none for this one. */
function read(vocabulary: Vocabulary, source: string | undefined): ValueExpression | undefined {
  if (source === undefined) return undefined;
  const expression = compileValue(vocabulary, source);
  return "read" in expression ? expression : undefined;
}

function orNone<Value>(make: () => readonly Value[]): readonly Value[] {
  try {
    return make();
  } catch {
    return [];
  }
}

/** How many values of one rule are kept: a rule may walk through thousands of items. */
const MAX_VALUES = 20;

/** How much of a text is kept. */
const MAX_TEXT = 120;

/**
 * Starts to note what is read. One trace serves one evaluation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const trace = createTrace();
 * const order = {};
 * trace.read({}, "order", order);
 * trace.read(order, "currency", "USD");
 * assertEquals(trace.values(), [{ path: "order.currency", value: "USD" }]);
 * ```
 */
export function createTrace(): Trace {
  const paths = new WeakMap<object, string>();
  const values = new Map<string, ReadValue>();

  function note(path: string, value: ReadValue["value"], isDescription = false): void {
    if (values.size >= MAX_VALUES || values.has(path)) return;
    const shown = typeof value === "string" && value.length > MAX_TEXT
      ? `${value.slice(0, MAX_TEXT)}…`
      : value;
    values.set(path, { path, value: shown, ...(isDescription && { isDescription }) });
  }

  function place(value: object, path: string): void {
    // An item may be reached by several ways: the first one names it.
    if (!paths.has(value)) paths.set(value, path);
  }

  function noteList(path: string, list: readonly unknown[]): void {
    const isPlain = list.every((element) => typeof element !== "object" || element === null);
    if (isPlain) note(path, JSON.stringify(list), true);
    else {
      const count = list.length === 1 ? "1 element" : `${list.length} elements`;
      note(path, list.length === 0 ? "no element" : count, true);
    }
    for (const [index, element] of list.entries()) {
      if (typeof element === "object" && element !== null) place(element, `${path}[${index}]`);
    }
  }

  /** A map whose values are noted when they are asked for. */
  function traced(map: ReadonlyMap<unknown, unknown>, path: string): ReadonlyMap<unknown, unknown> {
    const copy = new Map(map);
    const look = (key: unknown) => {
      const value = map.get(key);
      const at = `${path}[${JSON.stringify(String(key)).replaceAll('"', "'")}]`;
      if (typeof value === "string") note(at, value);
      else note(at, "nothing", true);
      return value;
    };
    return Object.assign(copy, {
      get: look,
      has: (key: unknown) => look(key) !== undefined,
    });
  }

  return {
    read(owner, field, value) {
      const ownPath = paths.get(owner);
      const path = ownPath === undefined ? field : `${ownPath}.${field}`;
      if (value instanceof Map) return traced(value, path);
      if (Array.isArray(value)) noteList(path, value);
      else if (typeof value === "object" && value !== null) place(value, path);
      else if (isPlain(value)) note(path, value);
      return value;
    },
    values: () => [...values.values()],
  };
}

function isPlain(value: unknown): value is ReadValue["value"] {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
