import { timeZoneOf } from "../../rules/decision.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { Problem } from "../../http/problem/problem.ts";
import { problemAnswer } from "../../http/problem/problem_answer.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { Journal } from "../../journal/journal.ts";
import { decideBody, type Decided } from "../explain/decide_body.ts";
import { recordedIdentities } from "./identity.ts";
import { recordedReplies } from "./replies.ts";

/** The endpoint that takes a delivery now. */
export interface Taker {
  /** `undefined` when none does any more. */
  readonly endpoint: Endpoint | undefined;
  /** Whether it has another path and was chosen for its kind. */
  readonly moved: boolean;
}

/** Decides recorded deliveries again. */
export interface Again {
  /** Finds the endpoint that takes a delivery now. */
  readonly takerOf: (delivery: StoredDelivery) => Taker;
  /** Decides it; at once where the endpoint does. */
  readonly decide: (
    delivery: StoredDelivery,
    endpoint: Endpoint | undefined,
  ) => Decided | Promise<Decided>;
}

/**
 * Makes what decides recorded deliveries again.
 *
 * @param endpoints The endpoints of the config to be tried.
 * @param journal Where exports are known; nothing is written.
 */
export function decideAgain(
  endpoints: readonly Endpoint[],
  journal: Pick<Journal, "findExport">,
): Again {
  const identities = recordedIdentities(journal);
  const takers = new Map<string, Taker>();

  function takerOf({ endpoint, kind }: StoredDelivery): Taker {
    const key = `${endpoint}\0${kind}`;
    const known = takers.get(key) ?? findTaker(endpoints, endpoint, kind);
    takers.set(key, known);
    return known;
  }

  function decide(delivery: StoredDelivery, endpoint: Endpoint | undefined) {
    const language = languageOf(delivery);
    // The id of then: it stands in the body of an error and is no difference.
    const { requestId } = delivery;
    if (endpoint === undefined) return problem("not_found", language, requestId);
    const exportOf = (listKey: string, externalId?: string) =>
      identities(delivery, listKey, externalId);
    const ask = recordedReplies(delivery);
    const timeZone = timeZoneOf(delivery.decisions);
    try {
      const decided = decideBody(endpoint, delivery.body, {
        ...{ language, requestId, exportOf, ask },
        ...(timeZone !== undefined && { timeZone }),
      });
      if (!(decided instanceof Promise)) return decided;
      return decided.catch(() => problem("internal_error", language, requestId));
    } catch {
      // As the server answers what nobody foresaw.
      return problem("internal_error", language, requestId);
    }
  }

  return { takerOf, decide };
}

function findTaker(endpoints: readonly Endpoint[], path: string, kind: string): Taker {
  const atPath = endpoints.find((endpoint) => endpoint.path === path);
  if (atPath !== undefined) return { endpoint: atPath, moved: false };
  const ofKind = endpoints.find((endpoint) => endpoint.kind === kind);
  return { endpoint: ofKind, moved: ofKind !== undefined };
}

function languageOf({ headers }: StoredDelivery): string | undefined {
  return headers.find(([name]) => name === "accept-language")?.[1];
}

function problem(
  code: "not_found" | "internal_error",
  language: string | undefined,
  requestId: string,
): Decided {
  const headers = new Headers(language === undefined ? {} : { "Accept-Language": language });
  const { status, body } = problemAnswer(new Problem(code), headers, requestId);
  return { status, body, decisions: [] };
}
