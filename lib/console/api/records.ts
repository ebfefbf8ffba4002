/** Routes of what the journal keeps: deliveries and what came of them. */
import * as z from "zod";
import { Problem } from "../../http/problem/problem.ts";
import { exportDeliveries, ROWS_FORMATS } from "../queries/export_rows.ts";
import { each, fields, named, plain, seesPeople } from "../privacy/policy.ts";
import { sightOf } from "../privacy/proof.ts";
import { deliveryDetailsForViewers, deliveryRowForViewers } from "../privacy/records.ts";
import { overviewForViewers } from "../privacy/running.ts";
import type { DeliveryRow, FoundDeliveryList } from "../reader/rows.ts";
import { withFinding } from "../queries/examining.ts";
import { overviewOf } from "../queries/overview.ts";
import { type ConsoleRoute, isOfApi, route, type RouteTools } from "./route.ts";
import {
  givenOnly,
  listPart,
  recordId,
  soughtFlag,
  soughtStatus,
  soughtText,
  soughtTime,
} from "./search.ts";

/** Which deliveries, by the names of the options of `storehook deliveries list`. */
const deliverySearch = z.object({
  endpoint: soughtText,
  kind: soughtText,
  status: soughtStatus,
  since: soughtTime,
  until: soughtTime,
  rule: soughtText,
  verifiedBy: soughtText,
  refused: soughtFlag.meta({ description: "Only refused ones." }),
  order: soughtText.meta({
    description: "The number of an order or a cart; for viewers one of digits.",
  }),
  shopper: soughtText.meta({ description: "A part of the shopper's address; not for viewers." }),
  text: soughtText.meta({ description: "Stands in what came or went; not for viewers." }),
  ...listPart,
});

const chartSpan = z.enum(["hour", "day", "month"]).default("day");

function meantBySearch<Search extends { readonly refused?: boolean | undefined }>(
  { refused, ...search }: Search,
) {
  return { ...givenOnly(search), ...(refused === true ? { verified: false } : {}) };
}

/** Routes of the overview and of deliveries. */
export const recordRoutes: readonly ConsoleRoute[] = [
  route({
    method: "GET",
    path: "/overview",
    page: "overview",
    pagePath: "/",
    role: "viewer",
    summary: "What happens now, and what needs a person",
    input: z.object({ span: chartSpan }),
    forViewers: overviewForViewers,
    run: ({ context }, { span }) => overviewOf(context, span),
  }),
  route({
    method: "GET",
    path: "/traffic",
    role: "viewer",
    summary: "How many deliveries came in an hour, a day or a month, by endpoint",
    input: z.object({ span: chartSpan }),
    forViewers: named,
    run: ({ context }, { span }) => context.traffic.series(span),
  }),
  route({
    method: "GET",
    path: "/deliveries",
    page: "deliveries",
    role: "viewer",
    summary: "Deliveries, newest first",
    input: deliverySearch,
    forViewers: fields<FoundDeliveryList>({
      deliveries: each(deliveryRowForViewers),
      next: plain,
      lookedBackTo: plain,
    }),
    run({ context }, search) {
      const { limit, ...sought } = meantBySearch(search);
      return context.reader.deliveries({ ...sought, limit });
    },
  }),
  route({
    method: "GET",
    path: "/deliveries/export",
    role: "viewer",
    summary: "Deliveries as a file, newest first; 100,000 at most",
    input: deliverySearch.omit({ limit: true, cursor: true })
      .extend({ format: z.enum(ROWS_FORMATS).default("csv") }),
    // Its rows are judged as they are written.
    forViewers: plain,
    async run({ context, viewer, audit }, { format, ...search }) {
      const meant = meantBySearch(search);
      const sight = sightOf(context.served().config, context.handlers);
      const show = (row: DeliveryRow) =>
        seesPeople(viewer.role) ? row : deliveryRowForViewers(row, sight);
      await audit("deliveries export", JSON.stringify(search).slice(0, 1000), format);
      const file = exportDeliveries(context.reader, meant, format, show);
      const type = format === "csv" ? "text/csv" : "application/jsonl";
      return new Response(file, {
        headers: {
          "Content-Type": `${type}; charset=utf-8`,
          "Content-Disposition": `attachment; filename="deliveries.${format}"`,
        },
      });
    },
  }),
  route({
    method: "GET",
    path: "/deliveries/{id}",
    page: "delivery",
    role: "viewer",
    summary: "One delivery: why it was answered so, what came, what went",
    input: z.object({ id: recordId }),
    forViewers: deliveryDetailsForViewers,
    async run(tools, { id }) {
      const details = await needDelivery(tools, id);
      // To viewers nothing of a signature is shown.
      if (!seesPeople(tools.viewer.role)) return details;
      await tools.audit("look at delivery", id, "shown");
      return await withFinding(tools.context, details, isOfApi(tools));
    },
  }),
  route({
    method: "GET",
    path: "/deliveries/{id}/finding",
    page: "finding",
    role: "operator",
    summary: "What is wrong with the signature of a refused delivery; it may take seconds",
    input: z.object({ id: recordId }),
    async run(tools, { id }) {
      const details = await withFinding(tools.context, await needDelivery(tools, id), true);
      await tools.audit("look at signature", id, "shown");
      const { endpoint, verifiedBy, note, signature } = details;
      return {
        ...{ id, endpoint, verifiedBy },
        ...(note === undefined ? {} : { note }),
        ...(signature === undefined ? {} : { signature }),
      };
    },
  }),
  ...(["body", "answer"] as const).map((part) =>
    route({
      method: "GET",
      path: `/deliveries/{id}/${part}`,
      role: "operator",
      summary: part === "body"
        ? "The body of a delivery, byte by byte"
        : "The body of the answer to a delivery, byte by byte",
      input: z.object({ id: recordId }),
      async run({ context, audit }, { id }) {
        const bytes = await context.reader.content(id, part);
        if (bytes === undefined) throw new Problem("not_found");
        await audit(`look at ${part}`, id, `${bytes.length} bytes`);
        return download(bytes, `${id}-${part}`);
      },
    })
  ),
];

async function needDelivery({ context: { reader } }: RouteTools, id: string) {
  const details = await reader.delivery(id);
  if (details === undefined) throw new Problem("not_found");
  return details;
}

/**
 * Answers with bytes that a browser saves and never shows: nothing that came is run here.
 *
 * @param bytes The bytes.
 * @param name What the file is called, without what follows the dot.
 */
export function download(bytes: Uint8Array<ArrayBuffer>, name: string): Response {
  return new Response(bytes, {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${name}.txt"`,
    },
  });
}
