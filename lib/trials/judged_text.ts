/** A text in the place of a config, judged: what is wrong with it, and what it makes of a delivery. */
import { readInPlaceOf } from "../config/history.ts";
import type { LocatedMistake } from "../config/mistake.ts";
import type { StoredDelivery } from "../journal/delivery.ts";
import type { Decision, RuleText } from "../rules/decision.ts";
import { decideAgain } from "./backtest/again.ts";
import { countResults } from "./rule_tests/run.ts";
import { loadTestedConfig, type TestedLoadOptions } from "./rule_tests/tested_config.ts";

/** What a config makes of a recorded delivery. */
export interface DecidedByText {
  /** `null` when a service would be asked, which was not asked then. */
  readonly status: number | null;
  readonly answer: Uint8Array<ArrayBuffer>;
  readonly decisions: readonly Decision[];
  /** Those of the endpoint that takes it. */
  readonly rules: readonly RuleText[];
}

/** What there is to say of a text. */
export interface JudgedText {
  /** As `check` tells them; none where it can be served. */
  readonly mistakes: readonly LocatedMistake[];
  readonly warnings: readonly LocatedMistake[];
  /** How many tests of rules came to what. */
  readonly tests: ReturnType<typeof countResults>;
  /** Absent without a delivery, and where there are mistakes. */
  readonly decided?: DecidedByText;
}

/**
 * Judges a text as the config is judged when it is loaded, its tests included. Nobody is asked, and
 * nothing is recorded. With many rules it takes long, in which nothing else is done where it runs.
 *
 * @param load How the config is loaded.
 * @param text What is taken to stand in its file.
 * @param delivery What is decided by it.
 */
export async function judgeText(
  load: TestedLoadOptions,
  text: string,
  delivery?: StoredDelivery,
): Promise<JudgedText> {
  const readFile = readInPlaceOf(load.file, text);
  const { loaded, results } = await loadTestedConfig({ ...load, readFile });
  const { warnings } = loaded;
  const tests = countResults(results);
  if ("mistakes" in loaded) return { mistakes: loaded.mistakes, warnings, tests };
  if (delivery === undefined) return { mistakes: [], warnings, tests };
  // Names of exported lists that nothing keeps: nobody is answered.
  const again = decideAgain(loaded.endpoints, { findExport: () => Promise.resolve(undefined) });
  const { endpoint } = again.takerOf(delivery);
  const { status, body, decisions } = await again.decide(delivery, endpoint);
  const rules = endpoint?.rules ?? [];
  return { mistakes: [], warnings, tests, decided: { status, answer: body, decisions, rules } };
}
