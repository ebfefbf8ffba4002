/** What happens now, and what needs a person. */
import * as z from "zod/mini";
import type { Readiness } from "../../http/routes.ts";
import type { TrafficResult } from "../../journal/console.ts";
import type { ForwardsDetail } from "../../journal/forwards_detail.ts";
import type { ConsoleContext } from "../context.ts";
import type { JournalFigures } from "../reader/rows.ts";
import type { ChartSpan, TrafficSeries } from "../traffic_series.ts";
import { isoOrNull } from "./records.ts";
import { servicesNow } from "./services.ts";

/** Something that needs a person. */
export interface Attention {
  readonly kind:
    | "not ready"
    | "config not served"
    | "destination disabled"
    | "destination paused"
    | "destination failing"
    | "destination missing"
    | "forwards failed"
    | "deliveries refused"
    | "deliveries failed"
    | "service left alone"
    | "spooling"
    | "instances differ";
  readonly severity: "error" | "warning";
  /** What it is about: a destination, an endpoint, a service; `""` for the server. */
  readonly subject: string;
  /** How many, where that says more. */
  readonly count?: number;
  /** Since when, in ISO 8601, where that is known. */
  readonly since?: string;
  /** In English, in a sentence. */
  readonly text: string;
  /** The page that shows it, below the console's own path. */
  readonly href: string;
}

/** An endpoint with what came in a span of time. */
export interface EndpointOverview extends Readonly<Record<TrafficResult, number>> {
  readonly endpoint: string;
  readonly kind: string;
  /** When something came for the last time, in ISO 8601; `null` where that is a day ago or longer. */
  readonly lastReceivedAt: string | null;
}

/** What happens now. */
export interface Overview {
  readonly version: string;
  /** Since when the program runs, in ISO 8601. */
  readonly startedAt: string;
  readonly now: string;
  readonly ready: Readiness["ready"];
  readonly attention: readonly Attention[];
  readonly endpoints: readonly EndpointOverview[];
  readonly figures: JournalFigures;
  /** What came in the span that is asked for. */
  readonly traffic: TrafficSeries;
  /** Those that share the journal; none where this server has one of its own. */
  readonly instances: readonly InstanceOverview[];
}

/** A server that shares the journal. */
export interface InstanceOverview {
  readonly host: string;
  readonly version: string;
  /** A hash of what decides how it answers. */
  readonly config: string;
  readonly startedAt: string;
  readonly silentSeconds: number;
  /** Whether it is the one that is looked at. */
  readonly isThis: boolean;
}

const sharedSchema = z.object({
  spool: z.optional(z.object({ deliveries: z.number() })),
  instances: z.optional(z.object({
    instances: z.array(z.object({
      host: z.string(),
      version: z.string(),
      config: z.string(),
      startedAt: z.string(),
      silentSeconds: z.number(),
      isThis: z._default(z.boolean(), false),
    })),
    warnings: z._default(z.array(z.string()), []),
  })),
});

/** What readiness tells where several servers share a journal. */
function sharedOf({ details }: Readiness): z.output<typeof sharedSchema> {
  const read = sharedSchema.safeParse(details ?? {});
  // What could not be asked is null.
  return read.success ? read.data : {};
}

/**
 * Tells what happens now.
 *
 * @param context What the console is given.
 * @param span Over how long traffic is told; what needs a person is told of the last 24 hours.
 */
export async function overviewOf(context: ConsoleContext, span: ChartSpan): Promise<Overview> {
  const { reader, served, traffic: counting, now, version, startedAt } = context;
  const { endpoints } = served();
  const [figures, traffic, day, readiness] = await Promise.all([
    reader.figures(),
    counting.series(span),
    counting.series("day"),
    context.readiness(),
  ]);
  const within = (series: TrafficSeries) =>
    endpoints.map(({ path, kind }) => ({
      endpoint: path,
      kind,
      lastReceivedAt: isoOrNull(counting.lastAt(path) ?? null),
      ...sumOf(series, path),
    }));
  return {
    version,
    startedAt: new Date(startedAt).toISOString(),
    now: new Date(now()).toISOString(),
    ready: readiness.ready,
    attention: [
      ...attentionOf(context, readiness, figures, within(day)),
      ...waitingInVain(context, figures.notDone),
    ],
    endpoints: within(traffic),
    figures,
    traffic,
    instances: sharedOf(readiness).instances?.instances ?? [],
  };
}

/** One that failed once is tried again within the minute: that needs nobody. */
const FAILING_MS = 60_000;

/** Destinations that take nothing though nobody paused or disabled them, while something waits. */
function waitingInVain(
  { served, destinations, now }: Pick<ConsoleContext, "served" | "destinations" | "now">,
  { destinations: notDone, disabled, paused }: ForwardsDetail,
): readonly Attention[] {
  const states = new Map(destinations().map((state) => [state.name, state]));
  return Object.entries(notDone).flatMap(([subject, { waiting: count }]): Attention[] => {
    if (count === 0) return [];
    const forwards = `${count} ${count === 1 ? "forward waits" : "forwards wait"} for ${subject}`;
    const href = `/forwards?state=waiting&destination=${encodeURIComponent(subject)}`;
    const told = { severity: "warning", subject, count, href } as const;
    if (!Object.hasOwn(served().config.destinations, subject)) {
      const text = `${forwards}, which the config does not have`;
      return [{ ...told, kind: "destination missing", text }];
    }
    const failingSince = states.get(subject)?.failingSince ?? null;
    const rests = Object.hasOwn(disabled, subject) || Object.hasOwn(paused, subject);
    if (rests || failingSince === null || now() - failingSince < FAILING_MS) return [];
    const since = new Date(failingSince).toISOString();
    return [{ ...told, kind: "destination failing", since, text: `${forwards}: it fails` }];
  });
}

function sumOf(
  { endpoints }: TrafficSeries,
  path: string,
): Readonly<Record<TrafficResult, number>> {
  const found = endpoints.find(({ endpoint }) => endpoint === path);
  const sum = (numbers: readonly number[] = []) => numbers.reduce((total, one) => total + one, 0);
  return {
    answered: sum(found?.answered),
    refused: sum(found?.refused),
    failed: sum(found?.failed),
  };
}

function attentionOf(
  { served, notServed, services }: ConsoleContext,
  readiness: Readiness,
  { notDone }: JournalFigures,
  endpoints: readonly EndpointOverview[],
): readonly Attention[] {
  const config = notServed();
  const { spool, instances } = sharedOf(readiness);
  const spooled = spool?.deliveries ?? 0;
  const failed = Object.entries(notDone.destinations).filter(([, { failed }]) => failed > 0);
  return [
    ...(readiness.ready ? [] : [{
      kind: "not ready" as const,
      severity: "error" as const,
      subject: "",
      text: `The server takes nothing in: ${readiness.reason ?? "it is not ready"}`,
      href: "/",
    }]),
    ...(spooled === 0 ? [] : [{
      kind: "spooling" as const,
      severity: "error" as const,
      subject: "",
      count: spooled,
      text: `The database takes nothing: ${spooled} decisions are in the spool of this server`,
      href: "/docs/postgres",
    }]),
    ...(instances?.warnings ?? []).map((warning) => ({
      kind: "instances differ" as const,
      severity: "warning" as const,
      subject: "",
      text: `Of those that share the journal, ${warning}`,
      href: "/docs/postgres",
    })),
    ...(config === undefined ? [] : [{
      kind: "config not served" as const,
      severity: "error" as const,
      subject: "",
      text: config.message,
      href: "/config",
    }]),
    ...Object.entries(notDone.disabled).map(([name, { reason }]) => ({
      kind: "destination disabled" as const,
      severity: "error" as const,
      subject: name,
      text: reason === "gone"
        ? `Destination ${name} is disabled: it answered 410`
        : `Destination ${name} is disabled: nothing got through for long`,
      href: `/destinations`,
    })),
    ...failed.map(([name, { failed: count }]) => ({
      kind: "forwards failed" as const,
      severity: "error" as const,
      subject: name,
      count,
      text: `${count} ${count === 1 ? "forward" : "forwards"} to ${name} failed`,
      href: `/forwards?state=failed&destination=${encodeURIComponent(name)}`,
    })),
    ...Object.entries(notDone.paused).map(([name, { until }]) => ({
      kind: "destination paused" as const,
      severity: "warning" as const,
      subject: name,
      text: `Destination ${name} rests until ${until}`,
      href: `/destinations`,
    })),
    ...servicesNow(served().config, services).filter(({ isLeftAlone }) => isLeftAlone)
      .map(({ name }) => ({
        kind: "service left alone" as const,
        severity: "error" as const,
        subject: name,
        text: `Service ${name} failed too often and is left alone for a while`,
        href: `/services`,
      })),
    ...endpoints.filter(({ failed }) => failed > 0).map(({ endpoint, failed: count }) => ({
      kind: "deliveries failed" as const,
      severity: "error" as const,
      subject: endpoint,
      count,
      text: `${count} ${count === 1 ? "delivery" : "deliveries"} to ${endpoint} failed in 24 hours`,
      href: `/deliveries?status=5xx&endpoint=${encodeURIComponent(endpoint)}`,
    })),
    ...endpoints.filter(({ refused }) => refused > 0).map(({ endpoint, refused: count }) => ({
      kind: "deliveries refused" as const,
      severity: "warning" as const,
      subject: endpoint,
      count,
      text: `${count} ${count === 1 ? "delivery" : "deliveries"} to ${endpoint} ${
        count === 1 ? "was" : "were"
      } refused in 24 hours`,
      href: `/deliveries?status=4xx&endpoint=${encodeURIComponent(endpoint)}`,
    })),
  ];
}
