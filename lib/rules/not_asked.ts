import type { Decision } from "./decision.ts";

/** A decision is left to services, and nobody is to ask them: it is only explained, or tried. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";

  /** @param decisions What was decided before; what is left to a service says so. */
  constructor(readonly decisions: readonly Decision[]) {
    super("Cannot decide without asking a service");
  }
}

/**
 * Names the services to which decisions are left.
 *
 * @param decisions The decisions of one delivery.
 * @returns The names, each once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(servicesOf([{ outcome: { ask: "pricing" } }, { outcome: { group: 7 } }]), ["pricing"]);
 * ```
 */
export function servicesOf(decisions: readonly Pick<Decision, "outcome">[]): readonly string[] {
  return [...new Set(decisions.flatMap(({ outcome }) => serviceAskedBy(outcome) ?? []))];
}

function serviceAskedBy(outcome: object | null): string | undefined {
  if (outcome === null || !("ask" in outcome)) return undefined;
  return typeof outcome.ask === "string" ? outcome.ask : undefined;
}
