import { bold, green, red, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { newExportIdentity } from "../../journal/export.ts";
import { linkOfAnswer } from "../send/answer_link.ts";
import { readBody } from "./body_file.ts";
import { type Command, UsageError } from "../terminal/command.ts";
import { decideBody } from "./decide_body.ts";
import { readLanguage } from "../terminal/language_option.ts";
import { loadOrComplain } from "../config/load.ts";
import { parseOptions } from "../terminal/options.ts";
import { listKinds, needHandler } from "./which_handler.ts";
import { describeDecisions, explainDecision, type ExplainedDecision } from "./why.ts";

/**
 * `storehook explain`: decides without a server.
 *
 * @param handlers The kinds that can be explained.
 */
export function explainCommand(handlers: readonly Handler[]): Command {
  return {
    name: "explain",
    summary: "which rule decides this order, and why, without a server",
    help: `Usage: storehook explain KIND [--body FILE] [--path PATH] [--config FILE] [--json]

Decides a document by the config as the server would, and shows rule by rule why. The signature is
not asked for. Without --body it decides the vendor's own example.

KIND is one of:
${listKinds(handlers)}

Options:
  --body FILE       the document; "-" is standard input
  --path PATH       which endpoint, where the config has several of the kind
  --config FILE     the config, found as "serve" finds it
  --language CODE   the language of messages (default en)
  --json            the explanation as one line of JSON

Exit codes: 0 it is answered, 1 it is refused, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["body", "path", "config", "language"],
        flags: ["json"],
        words: ["KIND"],
      });
      const language = readLanguage(options, "en");
      const handler = needHandler(handlers, options.words[0] ?? "");
      const loaded = await loadOrComplain(
        { config: options.text("config"), kinds: handlers },
        terminal,
      );
      if (loaded === undefined) return 2;
      const endpoint = needEndpoint(loaded.endpoints, handler.kind, options.text("path"));
      const file = options.text("body");
      const body = file === undefined
        ? new TextEncoder().encode(JSON.stringify(handler.sample.request))
        : await readBody(file, terminal);
      const explanation = await explain(endpoint, body, language);
      terminal.out(
        options.flag("json")
          ? `${JSON.stringify(explanation)}\n`
          : describe(explanation, terminal.colour),
      );
      return explanation.status === 200 ? 0 : 1;
    },
  };
}

function needEndpoint(
  endpoints: readonly Endpoint[],
  kind: string,
  path: string | undefined,
): Endpoint {
  const ofKind = endpoints.filter((endpoint) => endpoint.kind === kind);
  const endpoint = path === undefined
    ? ofKind[0]
    : ofKind.find((candidate) => candidate.path === path);
  if (endpoint !== undefined) return endpoint;
  const paths = ofKind.map((candidate) => candidate.path).join(", ") || "none";
  throw new UsageError(
    path === undefined
      ? `The config has no endpoint of the kind "${kind}"`
      : `The config has no endpoint of the kind "${kind}" at "${path}", only at: ${paths}`,
  );
}

interface Explanation {
  readonly kind: string;
  readonly path: string;
  readonly status: number;
  readonly answer: unknown;
  /** Where the error is explained that is the answer. */
  readonly see?: string;
  readonly decisions: readonly ExplainedDecision[];
}

async function explain(
  endpoint: Endpoint,
  document: Uint8Array<ArrayBuffer>,
  language: string,
): Promise<Explanation> {
  const { status, body, decisions } = await decideBody(endpoint, document, {
    language,
    requestId: "explain",
    // Names that nothing keeps: nobody was answered.
    exportOf: (_listKey, externalId) => Promise.resolve(newExportIdentity(externalId)),
  });
  const answer: unknown = JSON.parse(new TextDecoder().decode(body));
  const see = status === 200 ? undefined : linkOfAnswer(answer);
  return {
    kind: endpoint.kind,
    path: endpoint.path,
    status,
    answer,
    ...(see === undefined ? {} : { see }),
    decisions: decisions.map((decision) => explainDecision(decision, endpoint.rules)),
  };
}

function describe(explanation: Explanation, colour: boolean): string {
  const { path, kind, status, answer, see, decisions } = explanation;
  setColorEnabled(colour);
  const mark = status === 200 ? green : red;
  return [
    `${bold(path)} (${kind})`,
    "",
    ...describeDecisions(decisions),
    `Answer: ${mark(String(status))} ${JSON.stringify(answer)}`,
    ...(see === undefined ? [] : [`See: ${see}`]),
    "",
  ].join("\n");
}
