import type { ASTNode } from "@marcbachmann/cel-js";
import { checkedTypeOf, childrenOf } from "../cel/syntax_tree.ts";
import { suggestField, typeInWords } from "./names.ts";
import type { MistakeAtOffset } from "./syntax.ts";
import { writtenPattern } from "../cel/text.ts";
import { isZoneOrOffset, nearestTimeZones, parseTime } from "../../util/time_zone.ts";
import { durationText } from "../cel/functions.ts";
import { writtenTimesIn, writtenZoneIn } from "../cel/times.ts";
import { STEP_NAME, TIME_LIMIT_NAME, TIME_ZONE_NAME } from "../cel/evaluation.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { messageOf } from "../../util/words.ts";

/**
 * Looks for what the type check lets through, though it can only fail when the rule runs.
 *
 * @param node The root of an expression that passed the type check.
 * @param vocabulary What the rule may speak of.
 * @returns The first mistake, if any.
 */
export function inspect(node: ASTNode, vocabulary: Vocabulary): MistakeAtOffset | undefined {
  if (node.op === "call" && node.args[0] === "has") {
    const argument = node.args[1][0];
    const found = argument === undefined ? "" : inspectHas(argument, vocabulary);
    return typeof found === "string" ? undefined : found;
  }
  if (node.op === "id" && TAKEN_NAMES.includes(node.args)) {
    return {
      message: `The name ${node.args} is taken`,
      offset: node.pos,
      hint: "Give the element another name",
    };
  }
  if (node.op === "id" && checkedTypeOf(node)?.name === OPTIONAL_NAMESPACE) {
    return {
      message: "There are no optional values here",
      offset: node.pos,
      hint: "Ask first: 'Paper' in item.properties ? item.properties['Paper'] : ''",
    };
  }
  for (const child of childrenOf(node)) {
    const finding = inspect(child, vocabulary);
    if (finding !== undefined) return finding;
  }
  if (checkedTypeOf(node)?.dynamic === true) {
    return {
      message: "The type of this part is not known before the rule runs",
      offset: node.pos,
      hint: "Name the field itself, without dyn() and without a computed name",
    };
  }
  return inspectPattern(node) ?? inspectTimeZone(node) ?? inspectTimes(node) ??
    inspectDuration(node);
}

/** What a rewritten condition asks for by these names is not for people. */
const TAKEN_NAMES = [STEP_NAME, TIME_LIMIT_NAME, TIME_ZONE_NAME];

/** The language's name for the type of `optional`, which is checked and not there when a rule runs. */
const OPTIONAL_NAMESPACE = "OptionalNamespace";

/** The type check passes over what stands in `has(…)`. */
function inspectHas(node: ASTNode, vocabulary: Vocabulary): MistakeAtOffset | string {
  if (node.op !== ".") return checkedTypeOf(node)?.name ?? "";
  const [owner, field] = node.args;
  const type = inspectHas(owner, vocabulary);
  if (typeof type !== "string") return type;
  if (type.startsWith("map<")) return "string";
  const fields = new Map(Object.entries(vocabulary.definition.types[type] ?? {}));
  const fieldType = fields.get(field);
  if (fieldType !== undefined) return fieldType;
  return {
    message: `Unknown field ${JSON.stringify(field)} of ${typeInWords(type)}`,
    offset: node.pos,
    hint: suggestField(vocabulary, type, field),
  };
}

/** A pattern that is written in the rule itself can be read now. */
function inspectPattern(node: ASTNode): MistakeAtOffset | undefined {
  if (node.op !== "rcall" || node.args[0] !== "matches") return undefined;
  const pattern = node.args[2][0];
  if (pattern?.op !== "value" || typeof pattern.args !== "string") return undefined;
  try {
    writtenPattern(pattern.args);
    return undefined;
  } catch (error) {
    const reason = messageOf(error);
    return {
      message: `Cannot read the pattern ${JSON.stringify(pattern.args)}: ${reason}`,
      offset: pattern.pos,
      hint: hintForPattern(pattern.args, reason),
    };
  }
}

/** The name of a zone that is written in the rule itself, likewise. */
function inspectTimeZone(node: ASTNode): MistakeAtOffset | undefined {
  const zone = writtenZoneIn(node);
  if (zone === undefined || typeof zone.args !== "string" || isZoneOrOffset(zone.args)) {
    return undefined;
  }
  const near = nearestTimeZones(zone.args).map((name) => `'${name}'`);
  return {
    message: `There is no time zone ${JSON.stringify(zone.args)}`,
    offset: zone.pos,
    hint: near.length === 0
      ? "Write an IANA name, e.g. 'Europe/Berlin'"
      : `Did you mean ${near.join(" or ")}?`,
  };
}

/** So can times. */
function inspectTimes(node: ASTNode): MistakeAtOffset | undefined {
  const wrong = writtenTimesIn(node).find(({ args }) =>
    parseTime(String(args), "UTC") === undefined
  );
  if (wrong === undefined) return undefined;
  return {
    message: `Cannot read ${JSON.stringify(wrong.args)} as a time`,
    offset: wrong.pos,
    hint: "Write it as '2026-12-24', or with a time as '2026-12-24T08:00'",
  };
}

function inspectDuration(node: ASTNode): MistakeAtOffset | undefined {
  if (node.op !== "call" || node.args[0] !== "duration") return undefined;
  const [written] = node.args[1];
  if (written?.op !== "value" || typeof written.args !== "string") return undefined;
  try {
    durationText(written.args);
    return undefined;
  } catch {
    const days = /^(\d{1,6}) ?d$/.exec(written.args)?.[1];
    return {
      message: `Cannot read ${JSON.stringify(written.args)} as a duration`,
      offset: written.pos,
      hint: days === undefined
        ? "Write hours, minutes and seconds, as in '36h', '1h30m' and '45s'"
        : `Write days in hours: '${Number(days) * 24}h'`,
    };
  }
}

/**
 * Says what to write in place of a pattern that can't be read.
 *
 * @param pattern The pattern.
 * @param reason What RE2 says of it; it ends with the part that it stumbled over.
 * @returns The hint, with backslashes as a config in JSON holds them.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const hint = hintForPattern("^(?!a)", 'invalid or unsupported Perl syntax: "(?!"');
 * assertStringIncludes(hint, "RE2 has no lookahead");
 * ```
 */
export function hintForPattern(pattern: string, reason: string): string {
  const [, part = pattern] = /"(.*)"$/s.exec(reason) ?? [];
  // Of a class without its bracket RE2 shows all that follows.
  if (reason.startsWith("missing") || reason.startsWith("unexpected")) return ESCAPE;
  return PATTERN_HINTS.find(([sign]) => sign.test(part))?.[1] ?? ESCAPE;
}

/** What to write in place of what other dialects of patterns have and RE2 does not. */
const PATTERN_HINTS: readonly (readonly [sign: RegExp, hint: string])[] = [
  [
    /^[^\\]-[^\\]$/,
    "Write the smaller character first, as in [a-z]; letters of both cases are [A-Za-z]",
  ],
  [/\(\?[=!]/, "RE2 has no lookahead: ask twice, e.g. x.matches('A') && !x.matches('B')"],
  [/\(\?<[=!]/, "RE2 has no lookbehind: ask twice, e.g. x.matches('A') && !x.matches('B')"],
  [/\\[1-9]|\\k|\(\?P=/, "RE2 has no back references: write out what is to stand there"],
  [/\(\?>|[*+?}]\+/, "Write a plain + or *: no pattern takes long here"],
  [/\(\?#|\(\?x/, "A pattern holds no comments: write // behind the condition"],
  [/\\Z/, "Write \\z for the end of the text"],
  [/\\u/, "Write a character by its number as \\x{05D0}, or the character itself"],
  [/\\h/, "Write [ \\t] for blanks"],
  [/\\R/, "Write \\r?\\n for the end of a line"],
  [
    /\\[pP]/,
    "Write a script as \\p{Hebrew}, letters as \\p{L}, digits as \\p{Nd}",
  ],
  [/\[:/, "The classes are [:alpha:], [:digit:], [:alnum:], [:space:], [:upper:], [:lower:] …"],
  [/\{\d/, "A repetition goes up to 1000, those within each other multiplied"],
];

const ESCAPE = "Put a backslash before a sign that stands for itself, in raw text: r'\\('";
