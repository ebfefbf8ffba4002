/** Why a signature was refused, which takes seconds to find out: a page is there before. */
import { waitAtMost } from "../../util/waiting.ts";
import { hash } from "../../util/hash.ts";
import type { ConsoleContext } from "../context.ts";
import type { DeliveryDetails } from "./delivery.ts";
import { keysOf, type SignatureFinding } from "./signature_finding.ts";

type Finding = Promise<SignatureFinding | undefined>;

/** Whoever asks again waits for what is looked for already. */
const EXAMINED = new WeakMap<object, Map<string, Finding>>();
const MOST_KEPT = 100;
/** A page has it where it is found by then. */
const PATIENCE_MS = 50;

/**
 * Adds to a refused delivery what is wrong with its signature.
 *
 * @param context What the console is given.
 * @param details The delivery.
 * @param isPatient Whether it is waited for; else it is said that it is being found out.
 */
export async function withFinding(
  { reader, served }: Pick<ConsoleContext, "reader" | "served">,
  details: DeliveryDetails,
  isPatient: boolean,
): Promise<DeliveryDetails> {
  const { id, endpoint, verifiedBy, erasedAt } = details;
  // What was found may name who was erased since.
  if (verifiedBy !== null || erasedAt !== null) return details;
  const finding = examined(reader, id, keysOf(served().config, endpoint));
  if (!isPatient && !await waitAtMost(PATIENCE_MS, finding)) {
    // Whoever waits for it is told.
    finding.catch(() => undefined);
    return { ...details, isBeingExamined: true };
  }
  const signature = await finding;
  return signature === undefined ? details : { ...details, signature };
}

function examined(reader: ConsoleContext["reader"], id: string, keys: readonly string[]): Finding {
  const known = EXAMINED.get(reader) ?? new Map<string, Finding>();
  EXAMINED.set(reader, known);
  // With other keys something else may be found.
  const name = `${id} ${hash("sha256", JSON.stringify(keys)).toHex()}`;
  const finding = known.get(name) ?? reader.signature(id, keys);
  known.set(name, finding);
  finding.catch(() => known.delete(name));
  for (const old of [...known.keys()].slice(0, -MOST_KEPT)) known.delete(old);
  return finding;
}
