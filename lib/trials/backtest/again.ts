import type { Endpoint, Incoming } from "../../http/endpoint.ts";
import { Problem } from "../../http/problem/problem.ts";
import { problemAnswer } from "../../http/problem/problem_answer.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { ExportIdentity } from "../../journal/export.ts";
import type { Journal } from "../../journal/journal.ts";
import { type AskedService, type Decision, timeZoneOf } from "../../rules/decision.ts";
import { WrongAnswer } from "../../services/exchange.ts";
import type { Reply, ServiceCall } from "../../services/service.ts";
import { decideBody, type Decided } from "../decide_body.ts";
import type { SaidInTest } from "../rule_tests/schema.ts";

/** The endpoint that takes a delivery now. */
interface Taker {
  /** `undefined` when none does any more. */
  readonly endpoint: Endpoint | undefined;
  /** Whether it has another path and was chosen for its kind. */
  readonly moved: boolean;
}

/** Decides recorded deliveries again. */
interface Again {
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

/** 128 bits in base64url. */
const TOKEN_LENGTH = 22;
const RUNS = /[\w-]{22,}/g;

/** Gives the names under which the lists of recorded deliveries were exported. */
type RecordedIdentities = (
  delivery: StoredDelivery,
  listKey: string,
  externalId: string | undefined,
) => Promise<ExportIdentity>;

/**
 * Finds the names of exported lists in what was answered, so that an answer of today has the same
 * ones. A list that has none there gets `new-id` and `new-token`.
 *
 * @param journal Where exports are known.
 * @returns What finds the names.
 */
function recordedIdentities(journal: Pick<Journal, "findExport">): RecordedIdentities {
  const tokens = new Map<string, string>();

  async function tokenOf(
    { endpoint, answer }: StoredDelivery,
    listKey: string,
  ): Promise<string | undefined> {
    const list = `${endpoint}\0${listKey}`;
    const known = tokens.get(list);
    if (known !== undefined) return known;
    const runs = [...new Set(new TextDecoder().decode(answer).match(RUNS) ?? [])];
    const whole = runs.filter((run) => run.length === TOKEN_LENGTH);
    const isOfList = async (candidate: string) => {
      const found = await journal.findExport(candidate);
      return found?.endpoint === endpoint && found.listKey === listKey;
    };
    let [token] = whole;
    if (whole.length !== 1) {
      for (const candidate of runs.flatMap(windowsOf)) {
        if (!await isOfList(candidate)) continue;
        token = candidate;
        break;
      }
    }
    if (token !== undefined) tokens.set(list, token);
    return token;
  }

  return async (delivery, listKey, externalId) => ({
    externalId: externalIdIn(delivery) ?? externalId ?? "new-id",
    token: await tokenOf(delivery, listKey) ?? "new-token",
  });
}

/** A token may stand beside letters of the admin's: `/exports/list-{token}`. */
function windowsOf(run: string): readonly string[] {
  return Array.from(
    { length: run.length - TOKEN_LENGTH + 1 },
    (_, start) => run.slice(start, start + TOKEN_LENGTH),
  );
}

function externalIdIn({ status, answer }: StoredDelivery): string | undefined {
  if (status !== 200) return undefined;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(answer));
    if (typeof parsed !== "object" || parsed === null || !("externalID" in parsed)) {
      return undefined;
    }
    return typeof parsed.externalID === "string" ? parsed.externalID : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes what stands in for services: they reply as they did then, and are never asked.
 *
 * @param delivery The recorded delivery.
 * @returns The `ask` of a delivery. Where a service was not asked about the same then, there is no
 * reply.
 */
export function recordedReplies({ decisions }: StoredDelivery): Incoming["ask"] {
  return ({ name }, { read, about }) => {
    const recorded = new Map<string | undefined, AskedService>();
    for (const { subject, asked } of decisions) {
      if (asked?.service === name) recorded.set(subject, asked);
    }
    const subjects: readonly (string | undefined)[] = about ?? [undefined];
    const asked = subjects.flatMap((subject) => recorded.get(subject) ?? []);
    const [first] = asked;
    if (first === undefined || asked.length < subjects.length) return Promise.resolve(undefined);
    return Promise.resolve(replyOf(first, () => read(documentOf(recorded, about))));
  };
}

/**
 * Writes what services said as a test says it.
 *
 * @param decisions The decisions of a recorded delivery.
 * @returns What each said, by its name.
 */
export function repliesInTest(decisions: readonly Decision[]): Record<string, SaidInTest> {
  const replies: Record<string, SaidInTest> = {};
  const byService = Map.groupBy(decisions, ({ asked }) => asked?.service);
  for (const [service, ofService] of byService) {
    const [asked] = ofService.flatMap((decision) => decision.asked ?? []);
    if (service === undefined || asked === undefined) continue;
    const { refusal, failure } = asked;
    const recorded = new Map(ofService.map(({ subject, asked }) => [subject, asked]));
    const items = [...recorded.keys()].filter((subject) => subject !== undefined);
    replies[service] = refusal !== undefined
      ? { refusal }
      : failure !== undefined
      ? { failure }
      : { answer: documentOf(recorded, items.length === 0 ? undefined : items) };
  }
  return replies;
}

/** What the service said, put together again. */
function documentOf(
  recorded: ReadonlyMap<string | undefined, AskedService | undefined>,
  about: readonly string[] | undefined,
): unknown {
  if (about === undefined) return recorded.get(undefined)?.said;
  return Object.fromEntries(about.map((subject) => [subject, recorded.get(subject)?.said]));
}

/** All parts of a delivery that were left to one service have the same call. */
function replyOf<Said>(asked: AskedService, read: () => Said): Reply<Said> {
  const { service, attempts, status, durationMs, refusal, failure } = asked;
  const call: ServiceCall = { service, attempts, status, durationMs };
  if (refusal !== undefined) return { call, refusal };
  if (failure !== undefined) return { call, failure, waitMs: 0 };
  try {
    return { call, said: read() };
  } catch (error) {
    // What was known then need not be known to the config that is tried.
    if (!(error instanceof WrongAnswer)) throw error;
    return { call, failure: error.reason, waitMs: 0 };
  }
}
