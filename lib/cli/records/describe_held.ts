import type { Disabled, Pause } from "../../forward/outbox.ts";
import { printable } from "../terminal/format.ts";
import { formatExactTimestamp } from "../terminal/timestamp.ts";

const REASONS: Readonly<Record<Disabled["reason"], string>> = {
  gone: "it answered 410",
  failing: "nothing got through for long",
};

/**
 * Says since when and why a destination gets nothing.
 *
 * @param name Its name.
 * @param disabled When and why it was disabled.
 * @returns One line without a period.
 */
export function describeDisabled(name: string, { at, reason }: Disabled): string {
  return `${printable(name)}, since ${formatExactTimestamp(at)}: ${REASONS[reason]}`;
}

/**
 * Says until when and why a destination gets nothing.
 *
 * @param name Its name.
 * @param pause The rest that it asked for.
 * @returns One line without a period.
 */
export function describePause(name: string, { until, status }: Pause): string {
  return `${printable(name)}, until ${formatExactTimestamp(until)}: it answered ${status}`;
}
