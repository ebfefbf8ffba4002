import { bold, green, red, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import { explainDecisions, type ExplainedDecision } from "../../console/queries/why.ts";
import type { Endpoint, Incoming } from "../../http/endpoint.ts";
import { newExportIdentity } from "../../journal/export.ts";
import { servicesOf, timeZoneOf } from "../../rules/decision.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import { parseExactJson } from "../../util/json_text.ts";
import { loadOrComplain } from "../config/load.ts";
import { readDelivery } from "../deliveries/find_delivery.ts";
import { needHandler } from "../send/kind.ts";
import { linkOfAnswer } from "../send/play.ts";
import type { RunCommand } from "../terminal/table.ts";
import { readBody, UsageError } from "../terminal/terminal.ts";
import { decideBody } from "../../trials/decide_body.ts";
import {
  describeExplainedEvents,
  type ExplainedEvent,
  explainedEventRecord,
  explainEvents,
} from "./events.ts";
import { describeDecisions } from "./why.ts";

/**
 * `storehook explain`: decides without a server.
 *
 * @param handlers The kinds that can be explained.
 */
export function explainCommand(handlers: readonly Handler[]): RunCommand {
  return async (options, terminal) => {
    const language = options.text("language") ?? "";
    const name = options.text("delivery");
    const recorded = name === undefined
      ? undefined
      : await readDelivery(name, { config: options.text("config"), kinds: handlers }, terminal);
    if (typeof recorded === "number") return recorded;
    const handler = needHandler(handlers, recorded?.kind ?? options.words[0] ?? "");
    const loaded = await loadOrComplain(
      { config: options.text("config"), kinds: handlers },
      terminal,
    );
    if (loaded === undefined) return 2;
    const path = options.text("path") ?? recorded?.endpoint;
    const endpoint = needEndpoint(loaded.endpoints, handler.kind, path);
    const file = options.text("body");
    if (recorded !== undefined && file !== undefined) {
      throw new UsageError("Only one of --body and --delivery can be explained");
    }
    const body = recorded !== undefined
      ? recorded.body
      : file === undefined
      ? new TextEncoder().encode(JSON.stringify(handler.sample.request))
      : await readBody(file, terminal);
    const { sender } = handler.sample;
    const prepared = await sender.prepare({
      ...{
        body,
        language,
        isSample: file === undefined && recorded === undefined,
        key: sender.newKey(),
      },
      url: new URL(path ?? endpoint.path, "http://localhost").href,
    });
    const explanation = await explain(endpoint, body, {
      language,
      sight: handler.sight,
      timeZone: recorded === undefined ? undefined : timeZoneOf(recorded.decisions),
      url: new URL(prepared.url),
      ask: options.flag("ask") ? askFor(body, language) : notAsked,
    });
    terminal.out(
      options.flag("json")
        ? `${JSON.stringify(recordOf(explanation))}\n`
        : describe(explanation, terminal.colour),
    );
    return explanation.status === null || isAnswered(explanation.status) ? 0 : 1;
  };
}

interface Explanation {
  readonly kind: string;
  readonly path: string;
  /** `null` when a service would be asked. */
  readonly status: number | null;
  readonly answer: unknown;
  /** The services that would be asked. */
  readonly asks?: readonly string[];
  /** Where the error is explained that is the answer. */
  readonly see?: string;
  readonly decisions: readonly ExplainedDecision[];
  /** Only where an endpoint takes in events, or something follows from the answer. */
  readonly events?: readonly ExplainedEvent[];
}

function isAnswered(status: number | null): boolean {
  return status === 200 || status === 204;
}

async function explain(
  endpoint: Endpoint,
  document: Uint8Array<ArrayBuffer>,
  { language, url, ask, sight, timeZone }: {
    readonly language: string;
    readonly sight: RuleSight | undefined;
    readonly timeZone: string | undefined;
    readonly url: URL;
    readonly ask: Ask;
  },
): Promise<Explanation> {
  const { status, body, decisions, events = [] } = await decideBody(endpoint, document, {
    language,
    url,
    ask,
    requestId: REQUEST_ID,
    ...(timeZone !== undefined && { timeZone }),
    // Names that nothing keeps: nobody was answered.
    exportOf: (_listKey, externalId) => Promise.resolve(newExportIdentity(externalId)),
  });
  const answer: unknown = body.length === 0 ? null : parseExactJson(new TextDecoder().decode(body));
  const see = status === null || isAnswered(status) ? undefined : linkOfAnswer(answer);
  return {
    kind: endpoint.kind,
    path: endpoint.path,
    status,
    answer,
    ...(status === null ? { asks: servicesOf(decisions) } : {}),
    ...(see === undefined ? {} : { see }),
    decisions: explainDecisions(
      sight && { ...sight, vocabulary: endpoint.vocabulary ?? sight.vocabulary },
      document,
      endpoint.rules,
      decisions,
    ),
    ...(isAnswered(status) && (endpoint.ingestion !== undefined || events.length > 0)
      ? { events: explainEvents(events, endpoint) }
      : {}),
  };
}

function recordOf({ events, ...explanation }: Explanation) {
  return {
    ...explanation,
    ...(events === undefined ? {} : { events: events.map(explainedEventRecord) }),
  };
}

function describe(explanation: Explanation, colour: boolean): string {
  const { path, kind, status, answer, asks = [], see, decisions, events } = explanation;
  setColorEnabled(colour);
  const mark = isAnswered(status) ? green : red;
  const text = answer === null ? "" : ` ${JSON.stringify(answer)}`;
  return [
    `${bold(path)} (${kind})`,
    "",
    ...describeDecisions(decisions),
    ...(events === undefined ? [] : describeExplainedEvents(events)),
    `Answer: ${status === null ? describeUnasked(asks) : `${mark(String(status))}${text}`}`,
    ...(see === undefined ? [] : [`See: ${see}`]),
    "",
  ].join("\n");
}

/** How a delivery asks services. */
type Ask = Incoming["ask"];

/** The request id of what is explained. */
const REQUEST_ID = "explain";

/** Asks nobody. */
const notAsked: Ask = () => Promise.resolve(undefined);

/**
 * Asks services as the server would.
 *
 * @param body The bytes that are explained.
 * @param language The shopper's language.
 * @returns What asks.
 */
function askFor(body: Uint8Array<ArrayBuffer>, language: string): Ask {
  return (service, question) => service.ask({ body, requestId: REQUEST_ID, language }, question);
}

/**
 * Says whose answer would be the answer.
 *
 * @param services The names of the services that would be asked.
 * @returns A sentence without a full stop.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   describeUnasked(["budget"]),
 *   'that of the service "budget", which --ask would really ask',
 * );
 * ```
 */
export function describeUnasked(services: readonly string[]): string {
  const noun = services.length === 1 ? "the service" : "the services";
  const names = services.map((name) => JSON.stringify(name)).join(", ");
  return `that of ${noun} ${names}, which --ask would really ask`;
}

/**
 * Finds an endpoint as a request would: by its path, or by one below it where those belong to it.
 *
 * @param endpoints The endpoints of the config.
 * @param kind The kind that is meant.
 * @param target The path of a request, perhaps with a query; the first of the kind without one.
 * @throws {UsageError} When there is none of the kind there; it names the paths where there is.
 */
function needEndpoint(
  endpoints: readonly Endpoint[],
  kind: string,
  target: string | undefined,
): Endpoint {
  const ofKind = endpoints.filter((endpoint) => endpoint.kind === kind);
  const endpoint = target === undefined
    ? ofKind[0]
    : ofKind.find((one) => isAt(one, pathOf(target)));
  if (endpoint !== undefined) return endpoint;
  const paths = ofKind.map(({ path }) => path).join(", ") || "none";
  throw new UsageError(
    target === undefined
      ? `The config has no endpoint of the kind "${kind}"`
      : `The config has no endpoint of the kind "${kind}" at "${target}", only at: ${paths}`,
  );
}

function isAt({ path, ingestion }: Endpoint, called: string): boolean {
  return called === path || (ingestion?.below === true && called.startsWith(`${path}/`));
}

function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}
