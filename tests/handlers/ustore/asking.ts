/** Endpoints that leave their decisions to a third party of this machine. */
import type { AskedService } from "../../../lib/rules/decision.ts";
import { type Answering, SERVICE_KEY, signed, startThirdParty } from "../../e2e/third_party.ts";
import { ask, open, type PlainAnswer } from "./open.ts";

/** What an endpoint answered, and what its decisions say of the service. */
export interface Asked {
  readonly result: PlainAnswer["result"];
  /** Without the time that it took. */
  readonly asked: readonly (Omit<AskedService, "durationMs"> | undefined)[];
  /** How many questions the third party got. */
  readonly questions: number;
}

/** Asks an endpoint, whose service `pricing` is a third party that answers so. */
export async function askThrough(
  kind: string,
  settings: object,
  document: unknown,
  answering: Answering | string,
  service: object = {},
): Promise<Asked> {
  const text = typeof answering === "string" ? answering : undefined;
  await using party = startThirdParty(
    typeof answering === "string" ? () => signed(text ?? "") : answering,
  );
  const pricing = { url: party.url, signatureKey: SERVICE_KEY, ...service };
  const endpoint = await open(kind, settings, { pricing });
  const { result, decisions } = await ask(endpoint, document);
  return {
    result,
    asked: decisions.map(({ asked }) => {
      if (asked === undefined) return undefined;
      const { durationMs: _, ...facts } = asked;
      return facts;
    }),
    questions: party.asked.length,
  };
}
