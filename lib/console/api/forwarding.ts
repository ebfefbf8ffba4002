/** Routes of what is forwarded: events, forwards and destinations. */
import * as z from "zod";
import { createDestinations, tryDestination } from "../../forward/destinations.ts";
import { PAUSED_BY_HAND } from "../../forward/outbox.ts";
import { Problem } from "../../http/problem/problem.ts";
import { type ForwardSelection, isIds } from "../../journal/forwards.ts";
import { ConsoleError } from "../errors.ts";
import {
  countMeant,
  FORWARD_ACTIONS,
  type ForwardAction,
  freeDestinations,
  meantBy,
} from "../queries/change_forwards.ts";
import { destinationsNow } from "../queries/destinations.ts";
import type { PageData } from "../pages/page_data.ts";
import { each, fields, plain, seesPeople } from "../privacy/policy.ts";
import {
  eventDetailsForViewers,
  eventRowForViewers,
  forwardDetailsForViewers,
  forwardRowForViewers,
} from "../privacy/records.ts";
import { destinationForViewers } from "../privacy/running.ts";
import { download } from "./records.ts";
import { type ConsoleRoute, route, type RouteTools } from "./route.ts";
import {
  givenOnly,
  listPart,
  recordId,
  soughtFlag,
  soughtState,
  soughtText,
  soughtTime,
} from "./search.ts";

const eventSearch = z.object({
  endpoint: soughtText,
  source: soughtText,
  type: soughtText,
  subject: soughtText.meta({ description: "Not for viewers." }),
  text: soughtText.meta({ description: "Stands in the payload; not for viewers." }),
  since: soughtTime,
  until: soughtTime,
  warnings: soughtFlag.meta({ description: "Only those with warnings." }),
  ...listPart,
});

const forwardFilter = {
  state: soughtState,
  destination: soughtText,
  eventId: soughtText,
  since: soughtTime,
  until: soughtTime,
};

const selection = z.object({
  ids: z.union([z.array(recordId).max(1000), recordId.transform((one) => [one])]).optional(),
  ...forwardFilter,
  /** A count gives a number of milliseconds, so that the action is about the same ones. */
  dryRun: z.union([z.boolean(), soughtFlag]).optional().meta({
    description: "Counts alone. `selection` of the answer is what to send to do it.",
  }),
});

const name = z.string().max(1000);

/** Routes of what is forwarded. */
export const forwardingRoutes: readonly ConsoleRoute[] = [
  route({
    method: "GET",
    path: "/events",
    page: "events",
    role: "viewer",
    summary: "Events that deliveries brought, newest first",
    input: eventSearch,
    forViewers: fields<PageData["events"]>({
      events: each(eventRowForViewers),
      next: plain,
      lookedBackTo: plain,
    }),
    run: ({ context }, { warnings, ...search }) =>
      context.reader.events({
        ...givenOnly(search),
        ...(warnings === true ? { withWarnings: true } : {}),
      }),
  }),
  route({
    method: "GET",
    path: "/events/{id}",
    page: "event",
    role: "viewer",
    summary: "One event, with every attempt to forward it",
    input: z.object({ id: recordId }),
    forViewers: eventDetailsForViewers,
    async run({ context, viewer, audit }, { id }) {
      const event = await context.reader.event(id);
      if (event === undefined) throw new Problem("not_found");
      if (seesPeople(viewer.role)) await audit("look at event", id, "shown");
      return event;
    },
  }),
  route({
    method: "GET",
    path: "/events/{id}/payload",
    role: "operator",
    summary: "The payload of an event, byte by byte",
    input: z.object({ id: recordId }),
    async run({ context, audit }, { id }) {
      const bytes = await context.reader.content(id, "payload");
      if (bytes === undefined) throw new Problem("not_found");
      await audit("look at payload", id, `${bytes.length} bytes`);
      return download(bytes, `${id}-payload`);
    },
  }),
  route({
    method: "GET",
    path: "/forwards",
    page: "forwards",
    role: "viewer",
    summary: "Forwards, newest first",
    input: z.object({ ...forwardFilter, ...listPart }),
    forViewers: fields<PageData["forwards"]>({
      forwards: each(forwardRowForViewers),
      next: plain,
      lookedBackTo: plain,
      counts: plain,
    }),
    async run({ context }, search) {
      const [list, { forwards: counts }] = await Promise.all([
        context.reader.forwards(givenOnly(search)),
        context.reader.figures(),
      ]);
      return { ...list, counts };
    },
  }),
  route({
    method: "GET",
    path: "/forwards/{id}",
    page: "forward",
    role: "viewer",
    summary: "One forward, with its attempts",
    input: z.object({ id: recordId }),
    forViewers: forwardDetailsForViewers,
    async run({ context }, { id }) {
      const forward = await context.reader.forward(id);
      if (forward === undefined) throw new Problem("not_found");
      return forward;
    },
  }),
  ...FORWARD_ACTIONS.map((action) =>
    route({
      method: "POST",
      path: `/forwards/${action}`,
      role: "operator",
      summary: summaries()[action],
      input: selection,
      run: (tools, { dryRun, ids, ...filter }) =>
        changeForwards(tools, action, ids ?? givenOnly(filter), dryRun === true),
    })
  ),
  route({
    method: "GET",
    path: "/destinations",
    page: "destinations",
    role: "viewer",
    summary: "Destinations and how they fare",
    input: z.object({}),
    forViewers: fields<PageData["destinations"]>({ destinations: each(destinationForViewers) }),
    run: async ({ context }) => ({ destinations: await destinationsNow(context) }),
  }),
  route({
    method: "POST",
    path: "/destinations/{name}/pause",
    role: "operator",
    summary: "Keeps everything from a destination for a while",
    input: z.object({
      name,
      minutes: z.coerce.number().min(1).max(10_080).default(60)
        .meta({ description: "For how long; 60 unless given, a week at most." }),
    }),
    async run(tools, { name, minutes }) {
      needDestination(tools, name);
      const { context: { journal, now }, audit } = tools;
      const at = now();
      const until = at + minutes * 60_000;
      await journal.outbox.pause(name, { at, until, status: PAUSED_BY_HAND });
      const result = { destination: name, until: new Date(until).toISOString() };
      await audit("destination pause", name, `until ${result.until}`);
      return result;
    },
  }),
  route({
    method: "POST",
    path: "/destinations/{name}/resume",
    role: "operator",
    summary: "Ends the rest of a destination",
    input: z.object({ name }),
    async run(tools, { name }) {
      needDestination(tools, name);
      const changed = await tools.context.journal.outbox.resume(name);
      await tools.audit("destination resume", name, changed ? "resumed" : "it was not paused");
      return { destination: name, changed };
    },
  }),
  route({
    method: "POST",
    path: "/destinations/{name}/enable",
    role: "operator",
    summary: "Lets a destination that was disabled get something again",
    input: z.object({ name }),
    async run(tools, { name }) {
      needDestination(tools, name);
      const changed = await tools.context.journal.outbox.enable(name);
      await tools.audit("destination enable", name, changed ? "enabled" : "it was not disabled");
      return { destination: name, changed };
    },
  }),
  route({
    method: "POST",
    path: "/destinations/{name}/test",
    role: "operator",
    summary: "Sends a destination a test event, which is in no journal",
    input: z.object({ name, type: z.string().max(200).default("") }),
    async run(tools, { name, type }) {
      needDestination(tools, name);
      const { byName } = createDestinations(tools.context.served().config.destinations);
      const destination = byName.get(name);
      const trial = destination === undefined
        ? undefined
        : await tryDestination(name, destination, { type });
      if (trial === undefined) throw new Problem("not_found");
      await tools.audit("destination test", name, trial.error ?? "delivered");
      return trial;
    },
  }),
];

function summaries(): Readonly<Record<ForwardAction, string>> {
  return {
    retry: "Makes forwards due that failed, wait or were cancelled",
    resend: "Sends again what was delivered",
    cancel: "Calls off forwards that wait or failed",
  };
}

function needDestination({ context }: RouteTools, name: string): void {
  if (!Object.hasOwn(context.served().config.destinations, name)) throw new Problem("not_found");
}

async function changeForwards(
  { context, audit }: RouteTools,
  action: ForwardAction,
  selection: ForwardSelection,
  dryRun: boolean,
) {
  // All there is should take more than one word that was forgotten.
  if (!isIds(selection) && selection.destination === undefined) {
    throw new ConsoleError("wrong_input", {
      path: "the selection",
      reason: "give ids, or a destination",
    });
  }
  const { journal: { outbox }, reader, now } = context;
  const meant = meantBy(action, selection, now());
  if (dryRun) {
    return { forwards: await countMeant(reader, action, meant), selection: written(meant) };
  }
  const forwards = await outbox[action](meant);
  const freed = action === "retry" ? await freeDestinations(outbox, meant) : undefined;
  await audit(
    `forwards ${action}`,
    JSON.stringify(written(meant)).slice(0, 1000),
    `${forwards} forwards`,
  );
  return {
    forwards,
    ...(freed?.enabled === undefined ? {} : { enabled: freed.enabled }),
    ...(freed === undefined
      ? {}
      : { resumed: freed.resumed, disabled: [...freed.disabled.keys()] }),
  };
}

/** What is sent to do it to the same ones. */
function written(selection: ForwardSelection): object {
  if (isIds(selection)) return { ids: selection };
  const { since, until, ...rest } = selection;
  return {
    ...rest,
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  };
}
