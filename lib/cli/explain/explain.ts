import { bold, green, red, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import { servicesOf, timeZoneOf } from "../../rules/decision.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import { parseExactJson } from "../../util/exact_json.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { newExportIdentity } from "../../journal/export.ts";
import { linkOfAnswer } from "../send/answer_link.ts";
import { type Ask, askFor, describeUnasked, notAsked, REQUEST_ID } from "./asking.ts";
import { readBody } from "./body_file.ts";
import { readDelivery } from "../deliveries/find_delivery.ts";
import { UsageError } from "../terminal/command.ts";
import { decideBody } from "./decide_body.ts";
import {
  describeExplainedEvents,
  type ExplainedEvent,
  explainedEventRecord,
  explainEvents,
} from "./events.ts";
import { loadOrComplain } from "../config/load.ts";
import { needEndpoint } from "./which_endpoint.ts";
import { needHandler } from "./which_handler.ts";
import { describeDecisions, explainDecisions, type ExplainedDecision } from "./why.ts";
import type { RunCommand } from "../terminal/table.ts";

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
    decisions: explainDecisions(sight, document, endpoint.rules, decisions),
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
