import { z } from "zod";
import { createXSignature } from "../../lib/auth/x_signature.ts";
import type { OpenContext } from "../../lib/config/endpoint_kind.ts";
import { compileRules, decide } from "../../lib/decide/rules.ts";
import { compileTemplate, fillTemplate, type Template } from "../../lib/decide/template.ts";
import type { Answer } from "../../lib/http/endpoint.ts";
import { Problem } from "../../lib/http/problem.ts";
import { defineHandler } from "../handler.ts";
import { createExportIds, type ExportIds } from "./export_ids.ts";
import { type ExportView, itemsWithErrors, viewExport } from "./list.ts";
import cartExport from "./samples/cart_export.json" with { type: "json" };
import { reject, rulesOf, signatureKeys } from "./settings.ts";
import { LIST_VOCABULARY } from "./vocabulary.ts";

const template = z.string().meta({
  description: "A URL with {publicUrl}, {token}, {externalID}, {list.id}, {user.id}, " +
    "{user.email}, {store.id}, {store.name}; every value is encoded for a URL.",
});

const outcome = z.union([
  z.strictObject({
    externalUrl: template.optional(),
    redirectUrl: template.optional(),
  }).refine(
    (urls) => urls.externalUrl !== undefined || urls.redirectUrl !== undefined,
    'wanted "externalUrl", "redirectUrl" or "reject"',
  ),
  reject,
]);

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
  externalUrl: z.string(),
  redirectUrl: z.string(),
});

const NAMES = [
  "publicUrl",
  "token",
  "externalID",
  "list.id",
  "user.id",
  "user.email",
  "store.id",
  "store.name",
];

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
  sample: {
    request: cartExport,
    check(answer) {
      const { error } = answerShape.safeParse(answer);
      return error === undefined ? undefined : z.prettifyError(error);
    },
  },
  async open({ signatureKeys, rules, listsWithErrors, ...defaults }, context) {
    const urls = compileUrls(defaults, [], undefined, context);
    const outcomes = rules.map(({ name, when, then }, index) => ({
      name,
      when,
      then: "reject" in then
        ? then
        : { ...then, urls: compileUrls(then, ["rules", index, "then"], urls, context) },
    }));
    const compiled = compileRules(LIST_VOCABULARY, outcomes, context.report);
    const idsOf = await createExportIds(signatureKeys[0] ?? "");
    return {
      auth: await createXSignature(signatureKeys),
      rules: rules.map(({ name }) => name),
      async answer({ document }): Promise<Answer> {
        const exported = viewExport(document);
        const { store, list } = exported;
        const faulty = listsWithErrors === "refuse" ? itemsWithErrors(list) : [];
        if (faulty.length > 0) {
          return {
            result: new Problem("list_has_errors", { params: { items: faulty.join(", ") } }),
            decisions: [],
          };
        }
        const decision = decide(compiled, { urls }, { user: exported.user, store, list });
        const ids = await idsOf(store.id, list.id, list.externalId);
        return {
          result: "reject" in decision.outcome
            ? new Problem("refused", { messages: decision.outcome.reject })
            : answerText(decision.outcome.urls, ids, exported, context.publicUrl),
          decisions: [decision],
        };
      },
    };
  },
});

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
    if ("segments" in compiled) return compiled;
    const { message, column, hint } = compiled;
    context.report([...at, name], `${message} at column ${column}`, hint);
    return NO_URL;
  };
  return { externalUrl: compile("externalUrl"), redirectUrl: compile("redirectUrl") };
}

function answerText(
  urls: Templates,
  { externalId, token }: ExportIds,
  { user, store, list }: ExportView,
  publicUrl: string,
): string {
  const values = {
    publicUrl,
    token,
    externalID: externalId,
    "list.id": list.id,
    "user.id": user.id,
    "user.email": user.email,
    "store.id": store.id,
    "store.name": store.name,
  };
  return JSON.stringify({
    externalID: externalId,
    externalUrl: fillTemplate(urls.externalUrl, values),
    redirectUrl: fillTemplate(urls.redirectUrl, values),
  });
}
