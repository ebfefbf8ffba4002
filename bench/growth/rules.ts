/** Ever more rules, none of which matches: the most that they can cost. */
import { join } from "@std/path";
import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import type { Effort } from "../effort.ts";
import { KEY, writeSigned } from "../load/signed.ts";
import { startStorehook } from "../storehook.ts";
import { measureCurve, type Point } from "./curve.ts";

const RULES: readonly number[] = [1, 10, 100, 1000];

/**
 * Measures what a rule costs.
 *
 * @param folder Where files go.
 * @param effort How much.
 */
export async function growRules(folder: string, effort: Effort): Promise<readonly Point[]> {
  const body = await writeSigned(folder, "approval", orderApproval);
  await using server = await startStorehook({
    folder: join(folder, "rules"),
    config: { endpoints: RULES.map(endpointOf) },
  });
  return await measureCurve(
    server,
    RULES.map((count) => ({ count, path: pathOf(count), body })),
    effort,
  );
}

function pathOf(count: number): string {
  return `/approval-${count}`;
}

function endpointOf(count: number) {
  return {
    path: pathOf(count),
    kind: "ustore.order-approval",
    signatureKeys: [KEY],
    defaultGroup: 10065,
    rules: Array.from({ length: count }, (_, index) => ({
      name: `rule ${index}`,
      when: `order.total > ${1000 + index}.0 && order.user.department == 'Department ${index}'`,
      then: { group: index },
    })),
    otherwise: { approve: true },
  };
}
