import { bold, dim, yellow } from "@std/fmt/colors";
import type { RuleSight } from "../../rules/evidence.ts";
import type { HeaderLine, StoredDelivery } from "../../journal/delivery.ts";
import { formatCount, printable } from "../terminal/format.ts";
import { describeContent } from "../records/describe_content.ts";
import { describeFacts, type Fact } from "../records/facts.ts";
import { formatExactTimestamp } from "../terminal/timestamp.ts";
import { describeDecisions, explainDecisions } from "../explain/why.ts";
import type { SignatureFinding } from "./signature_finding.ts";
import { paintOfStatus } from "./table.ts";

/**
 * Shows all of a delivery: what came, what went and why. In colour when colours are on.
 *
 * @param delivery The delivery.
 * @param finding Why its signature was refused, if it was.
 * @param sight What the rules of its kind see.
 * @returns Lines.
 */
export function describeDelivery(
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
