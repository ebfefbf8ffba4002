/** Rule tests, run: each document is decided as a request would be, and nobody is asked. */
import type { Incoming } from "../../http/endpoint.ts";
import { servicesOf } from "../../rules/decision.ts";
import { WrongAnswer } from "../../services/exchange.ts";
import type { Reply } from "../../services/service.ts";
import { nextTurn } from "../../util/waiting.ts";
import { recordedReplies } from "../backtest/again.ts";
import { decideBody, type Decided } from "../decide_body.ts";
import { type DecidedTest, differencesOf, type TestDifference } from "./compare_expected.ts";
import type { RuleTest } from "./load.ts";
import type { SaidInTest } from "./schema.ts";

/** What became of a test. */
export interface RuleTestResult {
  readonly test: RuleTest;
  readonly state: "passed" | "failed" | "skipped";
  /** What was expected and what came instead; only of one that failed. */
  readonly differences: readonly TestDifference[];
  /** What was decided; absent where it was skipped, or the endpoint failed. */
  readonly decided?: Decided;
  readonly durationMs: number;
}

/** Others wait no longer than this for their turn. */
const PIECE_MS = 5;

/**
 * Runs tests, one after the other; what else this process does has its turn in between.
 *
 * @param tests The tests.
 * @param onResult Told of each, if given.
 * @returns What became of each, in their order.
 */
export async function runRuleTests(
  tests: readonly RuleTest[],
  onResult: (result: RuleTestResult) => void = () => {},
): Promise<readonly RuleTestResult[]> {
  const results: RuleTestResult[] = [];
  let startedAt = performance.now();
  for (const test of tests) {
    const result = await runRuleTest(test);
    results.push(result);
    onResult(result);
    if (performance.now() - startedAt < PIECE_MS) continue;
    await nextTurn();
    startedAt = performance.now();
  }
  return results;
}

/** The request id of what a test decides. */
const REQUEST_ID = "test";

async function runRuleTest(test: RuleTest): Promise<RuleTestResult> {
  if (test.skipped !== undefined) {
    return { test, state: "skipped", differences: [], durationMs: 0 };
  }
  const startedAt = performance.now();
  const { endpoint, body, language, expect, path } = test;
  try {
    const decided = await decideBody(endpoint, body, {
      language,
      requestId: REQUEST_ID,
      url: new URL(path, "http://localhost"),
      ask: repliesOf(test),
      exportOf: (_list, externalId) =>
        Promise.resolve({ externalId: externalId ?? "test-id", token: "test-token" }),
    });
    const differences = differencesOf(expect, resultOf(test, decided));
    const durationMs = performance.now() - startedAt;
    const state = differences.length === 0 ? "passed" : "failed";
    return { test, state, differences, decided, durationMs };
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    const differences = [{ what: "answer", expected: "one", got: `the endpoint failed: ${got}` }];
    return { test, state: "failed", differences, durationMs: performance.now() - startedAt };
  }
}

function resultOf({ endpoint, services }: RuleTest, decided: Decided): DecidedTest {
  const { events = [], decisions, status } = decided;
  return {
    ...decided,
    asks: status === null
      ? servicesOf(decisions).filter((name) => !Object.hasOwn(services, name))
      : [],
    events: events.map(({ type, subject, ...event }) => ({
      type,
      subject,
      forwards: endpoint.weighForwards({ type, subject, ...event })
        .flatMap(({ destination, goes }) => goes ? [destination] : []),
    })),
  };
}

/** What the test says, else what a recorded delivery holds. */
function repliesOf({ services, delivery }: RuleTest): Incoming["ask"] {
  const recorded = delivery === undefined ? undefined : recordedReplies(delivery);
  return (service, question) => {
    const said = Object.hasOwn(services, service.name) ? services[service.name] : undefined;
    if (said === undefined) {
      return recorded?.(service, question) ?? Promise.resolve(undefined);
    }
    return Promise.resolve(replyOfTest(service.name, said, question.read));
  };
}

function replyOfTest<Said>(
  service: string,
  { answer, refusal, failure }: SaidInTest,
  read: (document: unknown) => Said,
): Reply<Said> {
  const call = { service, attempts: 1, status: refusal === undefined ? 200 : 400, durationMs: 0 };
  if (refusal !== undefined) return { call, refusal };
  const failed = (reason: string) => ({
    call: { ...call, status: null },
    failure: reason,
    waitMs: 0,
  });
  if (failure !== undefined) return failed(failure === true ? "gave no answer" : failure);
  try {
    return { call, said: read(answer) };
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    return failed(error.reason);
  }
}

/** How many tests came to what. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts results.
 *
 * @param results What became of tests.
 */
export function countResults(results: readonly Pick<RuleTestResult, "state">[]): TestCounts {
  const count = (wanted: RuleTestResult["state"]) =>
    results.filter(({ state }) => state === wanted).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}
