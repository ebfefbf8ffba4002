/**
 * What a rule read of a document. The journal keeps the body and the text of the rules, so what
 * they read is found again by asking them again: nothing of it is written twice, nothing of a
 * person stays behind when the body is erased, and a request pays nothing for it.
 */
import { createEvaluationCache } from "./cel/evaluation.ts";
import { createTrace, type ReadValue } from "./cel/trace.ts";
import type { Decision, RuleEvidence, RuleText } from "./decision.ts";
import { compileExpression, type Expression } from "./expression.ts";
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
  const compiled = rules.map(({ name, when }) => ({ name, expression: read(vocabulary, when) }));
  return decisions.map((decision, index) => {
    const { subject, tried, timeZone } = decision;
    const atPlace = subjects[index];
    const found = atPlace?.subject === subject ? atPlace : bySubject.get(subject);
    const evidence = new Map<string, readonly ReadValue[]>();
    for (const { name, expression } of compiled.slice(0, tried)) {
      if (found === undefined || expression === undefined || performance.now() > endsAt) continue;
      evidence.set(name, valuesRead(expression, found.context, timeZone));
    }
    return evidence;
  });
}

/**
 * Tells what a condition reads.
 *
 * @param expression The condition.
 * @param context What it sees.
 * @param timeZone The zone of times that say none.
 * @returns The values in the order in which they are read, as many as are worth showing.
 */
export function valuesRead(
  expression: Expression,
  context: object,
  timeZone?: string,
): readonly ReadValue[] {
  const trace = createTrace();
  const cache = { ...createEvaluationCache({}, timeZone), trace };
  // A failure is told with the decision already.
  orNone(() => [expression.test(context, cache)]);
  return trace.values();
}

/** A condition that an earlier version could read may be none for this one. */
function read(vocabulary: Vocabulary, when: string | undefined): Expression | undefined {
  if (when === undefined) return undefined;
  const expression = compileExpression(vocabulary, when);
  return "test" in expression ? expression : undefined;
}

function orNone<Value>(make: () => readonly Value[]): readonly Value[] {
  try {
    return make();
  } catch {
    return [];
  }
}
