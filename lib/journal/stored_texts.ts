import * as z from "zod/mini";
import type { Decision, RuleText } from "../rules/decision.ts";
import { parseExactJson } from "../util/json_text.ts";
import { lazy } from "../util/memory.ts";
import type { HeaderLine } from "./delivery.ts";

// Nobody needs them who only records.
const askedSchema = lazy(() =>
  z.object({
    service: z.string(),
    attempts: z.int(),
    status: z.nullable(z.int()),
    durationMs: z.number(),
    said: z.exactOptional(z.unknown()),
    refusal: z.exactOptional(z.string()),
    failure: z.exactOptional(z.string()),
    onFailure: z.exactOptional(z.nullable(z.record(z.string(), z.unknown()))),
  })
);
const decisionsSchema = lazy(() =>
  z.array(z.object({
    subject: z.exactOptional(z.string()),
    rule: z.nullable(z.string()),
    row: z.exactOptional(z.object({
      rule: z.string(),
      line: z.int(),
      cells: z.record(z.string(), z.string()),
      note: z.exactOptional(z.string()),
    })),
    outcome: z.nullable(z.record(z.string(), z.unknown())),
    tried: z.int(),
    failures: z.array(z.object({ rule: z.string(), reason: z.string() })),
    timeZone: z.exactOptional(z.string()),
    asked: z.exactOptional(askedSchema()),
  }))
);
/** Before conditions were kept, a rule was its name alone. */
const rulesSchema = lazy(() =>
  z.array(z.union([
    z.object({
      name: z.string(),
      when: z.exactOptional(z.string()),
      table: z.exactOptional(
        z.object({ file: z.string(), inputs: z.record(z.string(), z.string()) }),
      ),
    }),
    z.pipe(z.string(), z.transform((name: string) => ({ name }))),
  ]))
);
const headersSchema = lazy(() => z.array(z.tuple([z.string(), z.string()])));
const textsSchema = lazy(() => z.array(z.string()));

/**
 * Reads decisions as stores keep them.
 *
 * @param text JSON.
 * @returns The decisions, numbers as they were.
 */
export const parseDecisions = (text: string): readonly Decision[] =>
  decisionsSchema().parse(parseExactJson(text));

/** Those that were read lately: a million deliveries were decided by few lists of rules. */
const rulesRead = new Map<string, readonly RuleText[]>();
const MOST_RULES_READ = 32;

/** Reads the rules of an endpoint as stores keep them. */
export function parseRules(text: string): readonly RuleText[] {
  const known = rulesRead.get(text);
  if (known !== undefined) return known;
  const rules = rulesSchema().parse(JSON.parse(text));
  if (rulesRead.size === MOST_RULES_READ) rulesRead.clear();
  rulesRead.set(text, rules);
  return rules;
}

/** Reads header lines as stores keep them. */
export const parseHeaders = (text: string): readonly HeaderLine[] =>
  headersSchema().parse(JSON.parse(text));

const NO_TEXTS: readonly string[] = [];

/** Reads a list of texts as stores keep it; nearly all are empty. */
export const parseTexts = (text: string): readonly string[] =>
  text === "[]" ? NO_TEXTS : textsSchema().parse(JSON.parse(text));
