import * as z from "zod";
import type { Askable, OpenContext } from "../../../lib/config/endpoints/endpoint_kind.ts";

/** The outcome that leaves the decision to a service. */
export const askOutcome = z.strictObject({
  ask: z.string().min(1).meta({
    description: "The name of a service of the config: its answer decides.",
  }),
});

/** The services that an endpoint asks, by name. */
export type Askables<Outcome> = ReadonlyMap<string, Askable<Outcome>>;

/** The outcomes of an endpoint, as its settings hold them. */
export interface OutcomeSettings {
  readonly rules: readonly { readonly then: object }[];
  readonly otherwise?: object | undefined;
}

/**
 * Finds the services that the outcomes of an endpoint ask. What is wrong with a name, or with the
 * service's own `onFailure`, is reported.
 *
 * @param settings The outcomes.
 * @param context The config around the endpoint.
 * @param onFailure The outcomes that may take the place of an answer.
 * @returns The services, each once.
 */
export function findAskables<Outcome>(
  { rules, otherwise }: OutcomeSettings,
  context: OpenContext,
  onFailure: z.ZodType<Outcome>,
): Askables<Outcome> {
  const askables = new Map<string, Askable<Outcome>>();
  const outcomes = [
    ...rules.map(({ then }, index) => ({ at: ["rules", index, "then", "ask"], outcome: then })),
    ...(otherwise === undefined ? [] : [{ at: ["otherwise", "ask"], outcome: otherwise }]),
  ];
  for (const { at, outcome } of outcomes) {
    const { data } = askOutcome.safeParse(outcome);
    if (data === undefined || askables.has(data.ask)) continue;
    const askable = context.service(data.ask, at, onFailure);
    if (askable !== undefined) askables.set(data.ask, askable);
  }
  return askables;
}

/**
 * The service of an outcome that asks one.
 *
 * @param askables The services that the endpoint asks.
 * @param name Its name.
 * @throws {RangeError} When the endpoint was opened in spite of a mistake.
 */
export function needAskable<Outcome>(askables: Askables<Outcome>, name: string): Askable<Outcome> {
  const askable = askables.get(name);
  if (askable === undefined) throw new RangeError(`Cannot ask "${name}": it is no service`);
  return askable;
}
