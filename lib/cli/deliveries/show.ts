import { bold, dim, setColorEnabled, yellow } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { deliveryRecord } from "../../console/queries/deliveries.ts";
import {
  findSignatureMistake,
  keysOf,
  type SignatureFinding,
} from "../../console/queries/signature_finding.ts";
import { explainDecisions } from "../../console/queries/why.ts";
import { locateConfig } from "../../config/locate.ts";
import type { HeaderLine, StoredDelivery } from "../../journal/delivery.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import { describeDecisions } from "../explain/why.ts";
import { describeContent, describeFacts, type Fact } from "../records/layout.ts";
import { findJournal, lookInto, type WhichJournal } from "../records/open_journal.ts";
import { formatCount, printable } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { formatExactTimestamp } from "../../util/timestamp.ts";
import { describeNone, findDelivery } from "./find_delivery.ts";
import { paintOfStatus } from "./list.ts";

/**
 * Makes `storehook deliveries show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesShowCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const alone = (["body", "answer"] as const).filter((name) => options.flag(name));
    if (alone.length + (options.flag("json") ? 1 : 0) > 1) {
      throw new UsageError("Only one of --body, --answer and --json can be shown");
    }
    const which = { config: options.text("config"), kinds };
    const section = await findJournal(which, terminal);
    if (section === undefined) return 2;
    setColorEnabled(terminal.colour);
    return await lookInto(section, terminal, async (journal) => {
      const [name = ""] = options.words;
      const found = await findDelivery(journal, name, terminal);
      if (found.delivery === undefined) {
        terminal.err(describeNone(name, found.candidates));
        return 1;
      }
      if (alone[0] !== undefined) {
        terminal.outBytes(found.delivery[alone[0]]);
        return 0;
      }
      const finding = await examineSignature(found.delivery, which, terminal);
      const { kind } = found.delivery;
      const sight = kinds.find((one) => one.kind === kind)?.sight;
      terminal.out(
        options.flag("json")
          ? `${JSON.stringify(recordOf(found.delivery, finding, sight))}\n`
          : `${describeDelivery(found.delivery, finding, sight).join("\n")}\n`,
      );
      return 0;
    });
  };
}

/** The config is loaded for its keys alone, and only when they are needed. */
async function examineSignature(
  delivery: StoredDelivery,
  which: WhichJournal,
  terminal: Terminal,
): Promise<SignatureFinding | undefined> {
  if (delivery.verifiedBy !== null) return undefined;
  const config = await configOrNone(which, terminal);
  return await findSignatureMistake(delivery, keysOf(config, delivery.endpoint));
}

/** A config with mistakes has no keys to try, and that is no reason not to show a delivery. */
async function configOrNone(
  { config, kinds }: WhichJournal,
  { env }: Terminal,
): Promise<Config | undefined> {
  const file = await locateConfig({ flag: config, env });
  const loaded = await loadConfig({ file, kinds, env });
  return "mistakes" in loaded ? undefined : loaded.config;
}

function recordOf(
  delivery: StoredDelivery,
  finding: SignatureFinding | undefined,
  sight: RuleSight | undefined,
) {
  const { body, rules, decisions } = delivery;
  return {
    ...deliveryRecord(delivery),
    decisions: explainDecisions(sight, body, rules, decisions),
    ...(finding === undefined ? {} : { signature: finding }),
  };
}

/**
 * Shows all of a delivery: what came, what went and why. In colour when colours are on.
 *
 * @param delivery The delivery.
 * @param finding Why its signature was refused, if it was.
 * @param sight What the rules of its kind see.
 * @returns Lines.
 */
function describeDelivery(
  delivery: StoredDelivery,
  finding: SignatureFinding | undefined,
  sight?: RuleSight,
): string[] {
  return [
    bold(`Delivery ${delivery.id}`),
    ...describeFacts(factsOf(delivery)),
    "",
    ...describeCame(delivery),
    "",
    ...describeWent(delivery),
    "",
    bold("Why"),
    ...describeWhy(delivery, finding, sight),
  ];
}

function factsOf(delivery: StoredDelivery): readonly Fact[] {
  const { receivedAt, answeredAt, verifiedBy, repeatOf, erasedAt, note, status } = delivery;
  return [
    ["endpoint", `${printable(delivery.endpoint)} (${delivery.kind})`],
    ["status", paintOfStatus(status)(String(status))],
    ["received", formatExactTimestamp(receivedAt)],
    ["answered", `after ${answeredAt - receivedAt} ms`],
    ["from", printable(delivery.remoteAddress)],
    ["request id", printable(delivery.requestId)],
    ["verified by", verifiedBy ?? yellow("nothing: it was refused")],
    ...(repeatOf === null ? [] : [["repeat of", repeatOf] as const]),
    // Of a refused one it stands below, as the reason why.
    ...(note === undefined || verifiedBy === null ? [] : [["note", printable(note)] as const]),
    ...(erasedAt === null ? [] : [["erased", formatExactTimestamp(erasedAt)] as const]),
  ];
}

function describeCame({ headers, body, bodyBytes }: StoredDelivery): string[] {
  const kept = body.length < bodyBytes ? `, of which ${formatCount(body.length)} were kept` : "";
  return [
    `${bold("What came")} (${formatCount(bodyBytes, "byte")}${kept})`,
    ...headers.map(([name, value]: HeaderLine) =>
      `  ${dim(`${printable(name)}:`)} ${printable(value)}`
    ),
    ...describeContent(body),
  ];
}

function describeWent({ answer }: StoredDelivery): string[] {
  return [
    `${bold("What went")} (${formatCount(answer.length, "byte")})`,
    ...describeContent(answer),
  ];
}

function describeWhy(
  { decisions, rules, erasedAt, body }: StoredDelivery,
  finding: SignatureFinding | undefined,
  sight: RuleSight | undefined,
): string[] {
  if (finding !== undefined) {
    const { what, mend, variant } = finding;
    return [
      `  ${printable(what)}`,
      ...(mend === undefined ? [] : [`  How to mend it: ${mend}`]),
      ...(variant === undefined ? [] : [`  Variant: ${variant}`]),
    ];
  }
  if (erasedAt !== null) return ["  erased with the rest of it"];
  if (decisions.length === 0) return ["  no rule was asked: it was answered before"];
  // Each decision ends with an empty line; the last of them is the end.
  return describeDecisions(explainDecisions(sight, body, rules, decisions))
    .slice(0, -1);
}
