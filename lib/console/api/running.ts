/** Routes of what runs: services, rules, the config, keys, and the doctor of signatures. */
import * as z from "zod";
import { Problem } from "../../http/problem/problem.ts";
import { examineSignature } from "../queries/doctor.ts";
import { curlOf, decideDelivery, pinAsTest } from "../queries/decide_again.ts";
import { configNow } from "../queries/config.ts";
import { keysNow } from "../queries/keys.ts";
import { rulesOfEndpoint } from "../queries/rules.ts";
import { servicesNow } from "../queries/services.ts";
import type { PageData } from "../pages/page_data.ts";
import { each, fields, named, plain } from "../privacy/policy.ts";
import { rulesForViewers, serviceForViewers } from "../privacy/running.ts";
import { type ConsoleRoute, route, type RouteTools } from "./route.ts";
import { tryService } from "../queries/try_service.ts";
import { endpointPath, recordId, soughtTime } from "./search.ts";

const DAY_MS = 86_400_000;

/** Routes of what runs. */
export const runningRoutes: readonly ConsoleRoute[] = [
  route({
    method: "POST",
    path: "/deliveries/{id}/decide",
    page: "decided",
    role: "operator",
    summary: "Decides a delivery again by the rules of now; nothing is recorded",
    input: z.object({ id: recordId }),
    async run(tools, { id }) {
      const delivery = await needWhole(tools, id);
      const decided = await decideDelivery(tools.context, delivery);
      await tools.audit(
        "decide again",
        id,
        decided.difference === undefined ? "the same" : "other",
      );
      return decided;
    },
  }),
  route({
    method: "POST",
    path: "/deliveries/{id}/pin",
    page: "pinned",
    role: "operator",
    summary: "Makes a rule test of a delivery, without what it says of people; nothing is written",
    input: z.object({ id: recordId }),
    async run(tools, { id }) {
      const pinned = await pinAsTest(tools.context, await needWhole(tools, id));
      await tools.audit("pin as a test", id, "shown");
      return pinned;
    },
  }),
  route({
    method: "GET",
    path: "/deliveries/{id}/curl",
    role: "operator",
    summary: "A command that sends a delivery again",
    input: z.object({ id: recordId }),
    async run(tools, { id }) {
      const delivery = await needWhole(tools, id);
      await tools.audit("look at body", id, "as a command");
      return { id, curl: curlOf(delivery, tools.context.served().config.server.publicUrl) };
    },
  }),
  route({
    method: "GET",
    path: "/services",
    page: "services",
    role: "viewer",
    summary: "Services that rules ask, and how they fare",
    input: z.object({}),
    forViewers: fields<PageData["services"]>({ services: each(serviceForViewers) }),
    run: ({ context: { served, services } }) =>
      Promise.resolve({ services: servicesNow(served().config, services) }),
  }),
  route({
    method: "POST",
    path: "/services/{name}/test",
    role: "operator",
    summary: "Asks a service about the order of the vendor's page; what it says decides nothing",
    input: z.object({ name: z.string().max(1000) }),
    async run({ context, audit }, { name }) {
      const trial = await tryService(context, name);
      await audit("service test", name, trial.failure ?? trial.outcome);
      return trial;
    },
  }),
  route({
    method: "GET",
    path: "/endpoints",
    role: "viewer",
    summary: "The endpoints of the config",
    input: z.object({}),
    forViewers: named,
    run: ({ context: { served } }) =>
      Promise.resolve({
        endpoints: served().endpoints.map(({ path, kind, rules, auth }) => ({
          ...{ path, kind },
          scheme: auth.scheme,
          rules: rules.length,
        })),
      }),
  }),
  route({
    method: "GET",
    path: "/rules/{endpoint...}",
    page: "rules",
    role: "viewer",
    summary: "The rules of an endpoint, and how often each decided; in the last week unless given",
    input: z.object({ endpoint: endpointPath, since: soughtTime }),
    forViewers: rulesForViewers,
    async run({ context }, { endpoint, since }) {
      const from = since ?? context.now() - 7 * DAY_MS;
      const rules = await rulesOfEndpoint(context, endpoint, from);
      if (rules === undefined) throw new Problem("not_found");
      return rules;
    },
  }),
  route({
    method: "GET",
    path: "/config",
    page: "config",
    role: "operator",
    summary: "The config file with its secrets hidden, and what is wrong with it",
    input: z.object({}),
    run: ({ context }) => configNow(context),
  }),
  route({
    method: "GET",
    path: "/keys",
    page: "keys",
    role: "viewer",
    summary: "The keys of every endpoint by their fingerprints, and when each was last used",
    input: z.object({}),
    forViewers: named,
    run: async ({ context }) => ({ keys: await keysNow(context) }),
  }),
  route({
    method: "GET",
    path: "/doctor",
    page: "doctor",
    role: "operator",
    summary: "The endpoints whose signatures can be examined",
    input: z.object({}),
    run: ({ context: { served } }) =>
      Promise.resolve({
        endpoints: served().endpoints.map(({ path, kind, auth }) => ({
          ...{ path, kind },
          scheme: auth.scheme,
        })),
      }),
  }),
  route({
    method: "POST",
    path: "/doctor",
    page: "doctor",
    role: "operator",
    summary: "Finds out what is wrong with a signature",
    maxBytes: 33_554_432,
    input: z.object({
      endpoint: z.string().max(2000).meta({ description: "The path of the endpoint." }),
      body: z.string().meta({ description: "The body, exactly as it was sent." }),
      bodyEncoding: z.enum(["utf-8", "base64"]).default("utf-8"),
      signature: z.string().max(10_000).default("").meta({
        description: "The value of X-Signature, or of the header that the platform sends.",
      }),
      headers: z.string().max(65_536).default("").meta({
        description: "Other headers, one a line: what is signed beside the body.",
      }),
    }),
    async run({ context, audit }, given) {
      const examined = await examineSignature(context, given);
      await audit("doctor", given.endpoint, examined.matches ? "it matches" : "it does not match");
      return examined;
    },
  }),
  route({
    method: "GET",
    path: "/audit",
    page: "audit",
    role: "operator",
    summary: "What was done and looked at, newest first",
    input: z.object({
      who: z.string().max(200).transform((text) => text === "" ? undefined : text).optional(),
      action: z.string().max(200).transform((text) => text === "" ? undefined : text).optional(),
      since: soughtTime,
      until: soughtTime,
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().max(100).optional(),
    }),
    async run({ context }, options) {
      const { entries, next } = await context.reader.audit(
        Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
      );
      return {
        entries: entries.map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry })),
        next,
      };
    },
  }),
  route({
    method: "GET",
    path: "/live",
    role: "viewer",
    summary: "What happens now, as server-sent events: deliveries, events, counts",
    input: z.object({}),
    // What is told is judged as it is written.
    forViewers: plain,
    run: ({ watch }) => Promise.resolve(watch()),
  }),
  route({
    method: "GET",
    path: "/me",
    role: "viewer",
    summary: "Who is signed in, and what that role may",
    input: z.object({}),
    forViewers: plain,
    run: ({ viewer: { name, role, by } }) => Promise.resolve({ name, role, by }),
  }),
];

async function needWhole({ context: { reader } }: RouteTools, id: string) {
  const head = await reader.head(id);
  if (head === undefined) throw new Problem("not_found");
  const body = await reader.content(id, "body") ?? new Uint8Array();
  const answer = await reader.content(id, "answer") ?? new Uint8Array();
  return { ...head, body, answer };
}
