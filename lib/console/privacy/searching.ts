/** What a viewer may look for: that something is found tells that it is there. */
import { ConsoleError } from "../errors.ts";
import { named, type Sight } from "./policy.ts";
import { isPlainNumber } from "./proof.ts";

type Judge = (text: string, sight: Sight) => boolean;

const isAnything: Judge = () => true;
/** What has an e-mail address in it is shown without. */
const isShownName: Judge = (text) => named(text) === text;
/** A fingerprint: what a sender wrote beside it is shown to no viewer. */
const isFingerprint: Judge = (text) => /^(?:(?:key|secret) )?[\da-f]{8,64}$/.test(text);

/** What may be given as a text; what is missing here may not. */
const LOOKED_FOR: ReadonlyMap<string, Judge> = new Map([
  ...["id", "eventId", "cursor", "span", "state", "format", "kind"]
    .map((name) => [name, isAnything] as const),
  ...["endpoint", "rule", "source", "destination"].map((name) => [name, isShownName] as const),
  ["verifiedBy", isFingerprint],
  ["order", isPlainNumber],
  ["type", (type, { isKnownType }) => isKnownType(type)],
]);

/**
 * Refuses to look for what is not shown.
 *
 * @param asked What was sent to a route, judged.
 * @param sight What is known of texts.
 * @throws {ConsoleError} `role_too_low`.
 */
export function refuseToLookFor(asked: object, sight: Sight): void {
  for (const [name, value] of Object.entries(asked)) {
    if (typeof value !== "string" || LOOKED_FOR.get(name)?.(value, sight) === true) continue;
    throw new ConsoleError("role_too_low", { role: "operator" });
  }
}
