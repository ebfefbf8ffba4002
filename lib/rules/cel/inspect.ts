import type { ASTNode } from "@marcbachmann/cel-js";
import { checkedTypeOf, childrenOf } from "./ast.ts";
import { cureOfPattern } from "../mistakes/explain_pattern.ts";
import { suggestField } from "../mistakes/explain_names.ts";
import type { MistakeAtOffset } from "../mistakes/expression_mistake.ts";
import { writtenPattern } from "./pattern.ts";
import { nearestTimeZones } from "../../util/time_zone.ts";
import { isZoneOrOffset } from "../../util/zoned_time.ts";
import { writtenZoneIn } from "./times.ts";
import { STEP_NAME, TIME_ZONE_NAME } from "./reader.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { typeInWords } from "../mistakes/words.ts";

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
    const reason = error instanceof Error ? error.message : String(error);
    return {
      message: `Cannot read the pattern ${JSON.stringify(pattern.args)}: ${reason}`,
      offset: pattern.pos,
      hint: cureOfPattern(pattern.args, reason),
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
  if (node.op === "id" && (node.args === STEP_NAME || node.args === TIME_ZONE_NAME)) {
    return {
      message: `The name ${node.args} is taken`,
      offset: node.pos,
      hint: "Give the element another name",
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
  return inspectPattern(node) ?? inspectTimeZone(node);
}
