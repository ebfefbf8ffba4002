import * as z from "zod";
import type { OpenContext } from "../../lib/config/endpoints/endpoint_kind.ts";
import { WrongAnswer } from "../../lib/services/answer.ts";
import { isJsonNumber, type JsonNumber } from "../../lib/util/exact_json.ts";
import { readAnswer } from "./ask.ts";
import {
  failureOutcomesOf,
  type OutcomeSettings,
  outcomesOf,
  type ServiceReferences,
} from "./outcomes.ts";
import { id } from "./settings.ts";

const shape = z.strictObject({ ApprovalGroupId: id, IsApprovalNeeded: z.boolean() });

const said = z.object({ ApprovalGroupId: z.custom<JsonNumber>(isJsonNumber) });

const groupOutcome = z.object({ group: id });

/**
 * Reads a service's answer to an order approval.
 *
 * @param document The parsed JSON.
 * @param groups The groups that it may name. Where no approval is needed, the group says nothing.
 * @returns The answer, in uStore's form.
 * @throws {WrongAnswer} When it has another form, or names another group.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const answer = { ApprovalGroupId: 10065, IsApprovalNeeded: true };
 * assertEquals(readApproval(answer, new Set([10065])), answer);
 * ```
 */
export function readApproval(document: unknown, groups: ReadonlySet<number>): object {
  const answer = readAnswer(shape, document);
  const { ApprovalGroupId: group, IsApprovalNeeded: isNeeded } = answer;
  if (isNeeded && !groups.has(group)) {
    throw new WrongAnswer(`named the group ${group}, which the config does not know`);
  }
  // The group as it was said, e.g. 10065.0.
  return { ApprovalGroupId: said.parse(document).ApprovalGroupId, IsApprovalNeeded: isNeeded };
}

/** The groups of an endpoint, as its settings hold them. */
export interface GroupSettings extends OutcomeSettings {
  readonly groups?: readonly number[] | undefined;
  readonly defaultGroup: number;
}

/**
 * Collects the groups that a service may name: one of another store would leave the order to
 * nobody. Reports when a service is asked and there are none.
 *
 * @param settings The groups of the endpoint.
 * @param references The services that it asks, whose `onFailure` may name a group too.
 * @param context Where mistakes go.
 * @returns Their ids.
 */
export function knownGroups(
  settings: GroupSettings,
  references: ServiceReferences<object>,
  { report }: Pick<OpenContext, "report">,
): ReadonlySet<number> {
  const { groups, defaultGroup } = settings;
  const outcomes = [
    ...outcomesOf(settings),
    ...[...references.values()].flatMap(failureOutcomesOf),
  ];
  const named = outcomes.flatMap(({ outcome }) =>
    groupOutcome.safeParse(outcome).data?.group ?? []
  );
  // 0 is what stands for no group.
  const known = new Set(groups ?? [...named, ...(defaultGroup === 0 ? [] : [defaultGroup])]);
  if (references.size > 0 && known.size === 0) {
    report(
      ["groups"],
      "found nothing, wanted the ids of the groups that a service may name",
      'For example: "groups": [10065]',
    );
  }
  return known;
}
