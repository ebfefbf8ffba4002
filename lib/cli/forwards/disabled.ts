import type { Disabled } from "../../forward/outbox.ts";
import { formatExactMoment } from "../journal/moment.ts";
import { printable } from "../terminal/printable.ts";
import { programName, shellWord } from "../terminal/program.ts";

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
  return `${printable(name)}, since ${formatExactMoment(at)}: ${REASONS[reason]}`;
}

/**
 * Says that what was made due goes nowhere yet, and what has it go.
 *
 * @param name The destination's name.
 * @param disabled When and why it was disabled.
 * @returns Lines.
 */
export function describeWaitingInVain(name: string, disabled: Disabled): string[] {
  return [
    `Nothing goes to a disabled destination: ${describeDisabled(name, disabled)}`,
    `Enable it: ${programName()} forwards retry --destination ${shellWord(name)}`,
  ];
}
