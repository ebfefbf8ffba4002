import * as z from "zod";
import { createXSignature } from "../../lib/auth/x_signature.ts";
import type { OpenContext } from "../../lib/config/endpoints/endpoint_kind.ts";
import { createEvaluationCache } from "../../lib/rules/cel/evaluation.ts";
import { warnOfRules } from "../../lib/rules/reach/judge_rules.ts";
import { compileRules, decide, describeRules, outcomesOfRows } from "../../lib/rules/rules.ts";
import { outcomeColumns } from "../../lib/rules/tables/outcome.ts";
import { compileTemplate, fillTemplate, type Template } from "../../lib/rules/template.ts";
import { eventKey, type ReceivedEvent } from "../../lib/events/event.ts";
import type { Answer } from "../../lib/http/endpoint.ts";
import { exportLines } from "../../lib/exports/formats.ts";
import type { ExportedList } from "../../lib/exports/exported_list.ts";
import { Problem } from "../../lib/http/problem/problem.ts";
import type { ExportIdentity } from "../../lib/journal/export.ts";
import { inPieces } from "../../lib/util/waiting.ts";
import { defineHandler } from "../handler.ts";
import { changeList } from "./change.ts";
import { exportBrief, LIST_SIGHT, LIST_VOCABULARY } from "./sight.ts";
import cartExport from "./samples/cart_export.json" with { type: "json" };
import { checkBy, reject, rulesOf, signatureKeys, ustoreSender } from "./settings.ts";
import {
  type CartListExport,
  exportedList,
  itemsWithErrors,
  listDocument,
  listNumbers,
  viewExport,
} from "./cart_list.ts";

const template = z.string().meta({
  description: "A URL with {publicUrl}, {token}, {externalID}, {list.id}, {user.id}, " +
    "{user.email}, {store.id}, {store.name}; every value is encoded for a URL.",
});

const outcome = z.union([
  z.strictObject({ externalUrl: template, redirectUrl: template.optional() }),
  z.strictObject({ redirectUrl: template }),
  reject,
]);

type Outcome = z.output<typeof outcome>;

const settings = z.strictObject({
  signatureKeys,
  externalUrl: template.default("{publicUrl}/exports/{token}").meta({
    description: 'Where "View exported" leads. A template as for the rules\' URLs.',
  }),
  redirectUrl: template.default("").meta({
    description: "Where the shopper goes at once; empty keeps the shopper in the cart.",
  }),
  listsWithErrors: z.enum(["accept", "refuse"]).default("accept").meta({
    description: "What to do with a list that holds items which the store calls faulty.",
  }),
  rules: rulesOf(outcome),
});

const answerShape = z.strictObject({
  externalID: z.string().min(1),
  externalUrl: z.string().meta({ description: 'Where "View exported" leads.' }),
  redirectUrl: z.string().meta({
    description: "Where the shopper goes at once; empty keeps the shopper in the cart.",
  }),
});

/** What a template can name of an export: read, and so judged, only where one does. */
const READ: Readonly<Record<string, (exported: CartListExport) => string>> = {
  "list.id": ({ list }) => list.id,
  "user.id": ({ user }) => user.id,
  "user.email": ({ user }) => user.email,
  "store.id": ({ store }) => store.id,
  "store.name": ({ store }) => store.name,
};

const NAMES: readonly string[] = ["publicUrl", "token", "externalID", ...Object.keys(READ)];

/** What a value could be: wherever a template puts it, a URL that is one now is one later. */
const SAMPLE = "1";

const NO_URL: Template = { segments: [] };

/** The two URLs of an answer before they are filled. */
interface Templates {
  readonly externalUrl: Template;
  readonly redirectUrl: Template;
}

/** Where does this exported cart go? */
export const cartExportHandler = defineHandler({
  kind: "ustore.cart-export",
  summary: "where an exported cart goes",
  settings,
  hasEvents: true,
  sight: LIST_SIGHT,
  change: changeList,
  sample: {
    request: cartExport,
    check: checkBy(answerShape),
    sender: ustoreSender,
  },
  wire: { request: listDocument, answer: answerShape },
  brief: exportBrief,
  numbersOf: listNumbers,
  async open({ signatureKeys, rules, listsWithErrors, ...defaults }, context) {
    const vocabulary = context.vocabulary(LIST_VOCABULARY);
    const compiled = await inPieces(
      compileRules(vocabulary, rules, context.report, outcomeColumns(outcome)),
    );
    await inPieces(warnOfRules({
      vocabulary,
      written: rules,
      compiled,
      hasOtherwise: true,
    }, context));
    const otherwise: Outcome = defaults;
    const urls = compileUrls(defaults, [], undefined, context);
    const urlsOf = new Map([[otherwise, urls]]);
    const outcomes = [
      ...rules.flatMap((rule, index) =>
        "then" in rule ? [{ at: ["rules", index, "then"], outcome: rule.then }] : []
      ),
      ...outcomesOfRows(compiled),
    ];
    for (const { at, outcome } of outcomes) {
      if (!("reject" in outcome)) urlsOf.set(outcome, compileUrls(outcome, at, urls, context));
    }
    return {
      auth: await createXSignature(signatureKeys),
      ...describeRules(compiled),
      vocabulary,
      async answer({ document, body, exportOf, timeZone }): Promise<Answer> {
        const exported = viewExport(document);
        const faulty = listsWithErrors === "refuse" ? itemsWithErrors(exported.list) : [];
        if (faulty.length > 0) {
          const params = { items: faulty.join(", ") };
          return { result: new Problem("list_has_errors", { params }), decisions: [] };
        }
        const decision = decide(
          compiled,
          otherwise,
          exported,
          createEvaluationCache(context, timeZone),
        );
        const decisions = [decision];
        if ("reject" in decision.outcome) {
          const refusal = new Problem("refused", { messages: decision.outcome.reject });
          return { result: refusal, decisions };
        }
        const { store, list } = exported;
        const identity = await exportOf(
          JSON.stringify([store.id, list.id]),
          ...(list.externalId === "" ? [] : [list.externalId]),
        );
        // What the store calls the list now is echoed, whatever it was called before.
        const names = { ...identity, externalId: list.externalId || identity.externalId };
        const templates = urlsOf.get(decision.outcome) ?? urls;
        const result = answerText(templates, names, exported, context.publicUrl);
        const shown = exportedList(exported, names.externalId);
        return {
          result,
          decisions,
          exported: { token: identity.token, list: shown },
          events: [exportEvent(shown, body, result)],
        };
      },
    };
  },
});

/**
 * The export as an event, for destinations: the document as the store sent it, and at its end what
 * the store was answered and the lines of the exported list, as its CSV has them.
 */
function exportEvent(
  list: ExportedList,
  body: Uint8Array<ArrayBuffer>,
  answer: string,
): ReceivedEvent {
  const json = new TextDecoder().decode(body).trim();
  const { listId } = list;
  const lines = `,"lines":${JSON.stringify(exportLines(list))}}`;
  const payload = `${json.slice(0, -1)},${answer.slice(1, -1)}${lines}`;
  return {
    source: "ustore",
    type: "cart.exported",
    candidates: [],
    subject: `list/${listId}`,
    key: eventKey([listId, json]),
    occurredAt: null,
    warnings: [],
    payload: new TextEncoder().encode(payload),
  };
}

function compileUrls(
  urls: { readonly externalUrl?: string | undefined; readonly redirectUrl?: string | undefined },
  at: readonly (string | number)[],
  fallback: Templates | undefined,
  context: OpenContext,
): Templates {
  const compile = (name: keyof Templates): Template => {
    const text = urls[name];
    if (text === undefined && fallback !== undefined) return fallback[name];
    const compiled = compileTemplate(text ?? "", NAMES);
    if ("segments" in compiled) {
      if (makesUrl(compiled, context.publicUrl) || (name === "redirectUrl" && !text)) {
        return compiled;
      }
      const wanted = "a URL that starts with http:// or https://";
      context.report([...at, name], `found ${JSON.stringify(text)}, wanted ${wanted}`);
      return NO_URL;
    }
    const { message, column, hint } = compiled;
    context.report([...at, name], `${message} at column ${column}`, hint);
    return NO_URL;
  };
  return { externalUrl: compile("externalUrl"), redirectUrl: compile("redirectUrl") };
}

/** The shopper's browser goes there, so that nothing but a web address will do. */
function makesUrl(template: Template, publicUrl: string): boolean {
  const url = fillTemplate(template, (name) => name === "publicUrl" ? publicUrl : SAMPLE);
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

function answerText(
  urls: Templates,
  { externalId, token }: ExportIdentity,
  exported: CartListExport,
  publicUrl: string,
): string {
  const given: Readonly<Record<string, string>> = { publicUrl, token, externalID: externalId };
  const valueOf = (name: string) => given[name] ?? READ[name]?.(exported);
  return JSON.stringify({
    externalID: externalId,
    externalUrl: fillTemplate(urls.externalUrl, valueOf),
    redirectUrl: fillTemplate(urls.redirectUrl, valueOf),
  });
}
