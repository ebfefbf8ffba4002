/** A recorded delivery decided again by the rules of today, and as it is sent again. */
import type { Handler } from "../../../handlers/handler.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { compare, type Difference } from "../../trials/backtest/compare.ts";
import { decideAgain } from "../../trials/backtest/again.ts";
import { ConsoleError } from "../errors.ts";
import type { ConsoleContext } from "../context.ts";
import { contentOf } from "./records.ts";
import { explainDecisions, type ExplainedDecision } from "./why.ts";
import { nameOfPinned, pinDelivery, type PinnedTest } from "../../trials/rule_tests/pin.ts";

/** What a delivery would be answered today. */
export interface DecidedAgain {
  readonly id: string;
  readonly endpoint: string;
  /** `null` when a service would be asked, which was not asked then. */
  readonly status: number | null;
  readonly answer: string;
  readonly decisions: readonly ExplainedDecision[];
  /** Absent where the answer and the rules are the same. */
  readonly difference?: Difference;
}

/**
 * Decides a delivery again. Nobody is asked and nothing is recorded: what a service said then is
 * what it says now.
 *
 * @param context What the console is given.
 * @param delivery The delivery, whole.
 * @throws {ConsoleError} `not_possible` where only a part of it is kept.
 */
export async function decideDelivery(
  { served, handlers }: Pick<ConsoleContext, "served" | "handlers">,
  delivery: StoredDelivery,
): Promise<DecidedAgain> {
  checkWhole(delivery);
  const { id, body, kind } = delivery;
  // Names of exported lists that nothing keeps: nobody is answered.
  const findExport = () => Promise.resolve(undefined);
  const again = decideAgain(served().endpoints, { findExport });
  const { endpoint } = again.takerOf(delivery);
  const decided = await again.decide(delivery, endpoint);
  const sight = handlers.find((handler: Handler) => handler.kind === kind)?.sight;
  const difference = compare(delivery, decided);
  return {
    id,
    endpoint: endpoint?.path ?? delivery.endpoint,
    status: decided.status,
    answer: contentOf(decided.body).text,
    decisions: explainDecisions(sight, body, endpoint?.rules ?? [], decided.decisions),
    ...(difference === undefined ? {} : { difference }),
  };
}

function checkWhole({ body, bodyBytes, erasedAt }: StoredDelivery): void {
  if (erasedAt !== null) throw new ConsoleError("not_possible", { reason: "it was erased" });
  if (bodyBytes > body.length) {
    throw new ConsoleError("not_possible", { reason: "only a part of its body was kept" });
  }
}

/** A delivery as a test of rules. */
export interface ShownPinnedTest extends Pick<PinnedTest, "test" | "isOther"> {
  readonly id: string;
  /** What stays of a person, since rules decide by it. */
  readonly kept: readonly string[];
}

/**
 * Makes a test of a delivery, in which nothing of a person is left that no rule decides by.
 *
 * @param context What the console is given.
 * @param delivery The delivery, whole.
 * @throws {ConsoleError} `not_possible` where it cannot be decided again.
 */
export async function pinAsTest(
  { served }: Pick<ConsoleContext, "served">,
  delivery: StoredDelivery,
): Promise<ShownPinnedTest> {
  checkWhole(delivery);
  const endpoint = served().endpoints.find(({ path }) => path === delivery.endpoint);
  if (endpoint === undefined) {
    throw new ConsoleError("not_possible", { reason: "the config has no such endpoint any more" });
  }
  try {
    const name = nameOfPinned(delivery);
    const { test, kept, isOther } = await pinDelivery({ delivery, endpoint, name, keep: [] });
    const groups = kept.filter(({ isCoarse }) => !isCoarse).map(({ group }) => group);
    return { id: delivery.id, test, kept: groups, isOther };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConsoleError("not_possible", { reason: "its body is no JSON" });
  }
}

/** Headers that a client writes by itself. */
const BY_ITSELF: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "connection",
  "accept-encoding",
  "transfer-encoding",
  "expect",
]);
/** A longer one stands in a file. */
const LONGEST_BODY = 32_768;

/**
 * Writes a delivery as a command that sends it again. Whether its signature is still accepted, the
 * endpoint's keys tell; what was taken out of the headers is not there.
 *
 * @param delivery The delivery.
 * @param publicUrl How others reach the server.
 * @returns The command, for a shell of Linux or macOS.
 */
export function curlOf(
  { id, endpoint, headers, body }: Pick<StoredDelivery, "id" | "endpoint" | "headers" | "body">,
  publicUrl: string,
): string {
  const { text, encoding } = contentOf(body);
  const isInline = encoding === "utf-8" && body.length <= LONGEST_BODY && !text.includes("\0");
  const lines = [
    `curl -X POST ${quoted(`${publicUrl.replace(/\/+$/, "")}${endpoint}`)}`,
    ...headers.filter(([name]) => !BY_ITSELF.has(name))
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    // With --data-binary a text that begins with @ would be the name of a file.
    isInline ? `--data-raw ${quoted(text)}` : `--data-binary @${id}-body.txt`,
  ];
  return lines.join(" \\\n  ");
}

/** Nothing within single quotes means anything to a shell, but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
