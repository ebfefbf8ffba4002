import type * as z from "zod";
import type { Endpoint } from "../../http/endpoint.ts";
import { messageOf, nearest } from "../../util/words.ts";
import { coerce, repair } from "../messages/fit.ts";
import { type addresses, type ConfiguredEndpoint, endpointBase, type rate } from "../schema.ts";
import { type ConfigPath, formatPath, isObject, isWithin, type Mistake } from "../mistake.ts";
import {
  type ConfiguredServices,
  type EndpointKind,
  type OpenContext,
  type Opened,
  serviceFinder,
} from "./endpoint_kind.ts";
import { EVENT_VOCABULARY } from "../../events/filter.ts";
import type { RuleLibrary } from "../../rules/names/library.ts";
import type { FilledIn } from "../fill_in.ts";
import { compileForwarding } from "./forwarding.ts";
import { blank, describeFound, secretTexts } from "../secrets.ts";
import { oneOfInWords } from "../messages/phrases.ts";
import { judgeSettings } from "../messages/judge.ts";
import { createAddressList } from "../../util/addresses.ts";
import { createTokenBucket } from "../../util/rates.ts";

/** What became of one endpoint of the config. */
export interface EndpointResult {
  readonly mistakes: readonly Mistake[];
  /** Only when there are no mistakes. */
  readonly notes?: readonly Mistake[];
  /** Only when there are no mistakes. */
  readonly warnings?: readonly Mistake[];
  /** Only when there are no mistakes. */
  readonly endpoint?: Endpoint;
  /** Only when there are no mistakes. */
  readonly configured?: ConfiguredEndpoint;
}

/** What is around an endpoint. */
export interface EndpointSurroundings {
  readonly filled: FilledIn;
  readonly kinds: readonly EndpointKind[];
  readonly publicUrl: string;
  readonly timeZone: string;
  readonly timeLimitMs: number;
  readonly services: ConfiguredServices;
  readonly library: RuleLibrary;
}

/**
 * Judges the settings of one endpoint by its kind and opens it.
 *
 * Its path, its kind's type and its destinations are judged with the sections.
 *
 * @param raw What the config says of it.
 * @param index Its position.
 * @param around What is around it.
 * @returns The endpoint, or every mistake of its settings.
 */
export async function openEndpoint(
  raw: unknown,
  index: number,
  around: EndpointSurroundings,
): Promise<EndpointResult> {
  if (!isObject(raw)) return { mistakes: [] };
  const kind = around.kinds.find((one) => one.kind === raw.kind);
  if (kind === undefined) return { mistakes: [unknownKind(raw.kind, index, around)] };
  const { origins } = around.filled;
  const at: ConfigPath = ["endpoints", index];
  const own = settingsOf(raw, kind);
  const settings = coerce(own, kind.settings, (path) => origins.has(formatPath([...at, ...path])));
  const otherKeys = Object.keys(endpointBase.shape).filter((key) => !Object.hasOwn(raw, key));
  const judged = judgeSettings(kind.settings.strict(), settings, { path: at, origins, otherKeys });
  const { data: base } = endpointBase.safeParse(raw);
  const place = { path: base?.path ?? "/", kind: kind.kind };
  const forward = base?.forward ?? [];
  if ("mistakes" in judged) {
    const reports = await openRepaired(kind, settings, judged.mistakes, place.path, at, around);
    return { mistakes: [...judged.mistakes, ...reports] };
  }
  const { opened, reports, notes, warnings, failure } = await open(
    kind,
    judged.data,
    place.path,
    at,
    around,
  );
  const report = reporter(reports, at, around);
  const odd: Mistake[] = [];
  const forwarding = compileForwarding(forward, place.path, report, {
    ...around,
    warn: reporter(odd, at, around),
    vocabulary: around.library.vocabulary(EVENT_VOCABULARY),
  });
  // A kind that reported may be unable to go on: then its reports say it all.
  if (reports.length > 0) return { mistakes: reports };
  if (opened === undefined) return { mistakes: failure === undefined ? [] : [failure] };
  return {
    mistakes: [],
    notes,
    warnings: [...warnings, ...odd, ...findVainForward(kind, forward.length, at, around)],
    endpoint: {
      ...place,
      ...opened,
      ...openGuards(base ?? {}),
      ...forwarding,
      ...(kind.numbersOf === undefined ? {} : { numbersOf: kind.numbersOf }),
    },
    configured: { ...place, forward, settings: judged.data },
  };
}

/** Destinations of an endpoint from which nothing ever goes there. */
function findVainForward(
  { kind, hasEvents }: EndpointKind,
  count: number,
  at: ConfigPath,
  { kinds }: EndpointSurroundings,
): readonly Mistake[] {
  if (hasEvents === true || count === 0) return [];
  const others = kinds.filter((one) => one.hasEvents === true).map((one) => one.kind);
  return [{
    path: [...at, "forward"],
    message: `found destinations, while no events come of ${kind}, so nothing goes there`,
    hint: `Events come of ${others.join(", ") || "no kind"}`,
  }];
}

/** What a kind finds beside the mistakes that its schema found already. */
async function openRepaired(
  kind: EndpointKind,
  settings: unknown,
  mistakes: readonly Mistake[],
  path: string,
  at: ConfigPath,
  around: EndpointSurroundings,
): Promise<readonly Mistake[]> {
  const wrong = mistakes.map((mistake) => mistake.path.slice(at.length));
  const repaired = repair(kind.settings.strict(), settings, wrong);
  if (repaired === undefined) return [];
  const { reports } = await open(kind, repaired.data, path, at, around);
  return reports.filter((report) =>
    !repaired.places.some((place) => isWithin(report.path.slice(at.length), place))
  );
}

/** Everything but what each endpoint has; a kind may ask for one of these by naming it. */
function settingsOf(raw: Readonly<Record<string, unknown>>, kind: EndpointKind) {
  return Object.fromEntries(
    Object.entries(raw).filter(([key]) =>
      !Object.hasOwn(endpointBase.shape, key) || Object.hasOwn(kind.settings.shape, key)
    ),
  );
}

interface Attempt {
  readonly opened?: Opened;
  /** What the kind reported. */
  readonly reports: Mistake[];
  /** What the kind noted. */
  readonly notes: readonly Mistake[];
  /** What it warned of. */
  readonly warnings: readonly Mistake[];
  /** What it threw, in words. */
  readonly failure?: Mistake;
}

async function open(
  kind: EndpointKind,
  settings: Readonly<Record<string, unknown>>,
  path: string,
  at: ConfigPath,
  around: EndpointSurroundings,
): Promise<Attempt> {
  const reports: Mistake[] = [];
  const notes: Mistake[] = [];
  const warnings: Mistake[] = [];
  const { publicUrl, timeZone, timeLimitMs, services, library, filled: { origins } } = around;
  const { vocabulary } = library;
  const report = reporter(reports, at, around);
  const service = serviceFinder({
    ...{ services, origins, report, endpoint: path },
    reportElsewhere: ({ path, message, hint }) =>
      reporter(reports, path, around)([], message, hint),
  });
  try {
    const note = reporter(notes, at, around);
    const warn = reporter(warnings, at, around);
    const surroundings = { path, publicUrl, timeZone, timeLimitMs, vocabulary };
    const context = { ...surroundings, report, warn, note, service };
    return { opened: await kind.open(settings, context), reports, notes, warnings };
  } catch (error) {
    const { filled } = around;
    const secrets = secretTexts(filled.value, filled.origins);
    const reason = messageOf(error);
    return {
      reports,
      notes,
      warnings,
      failure: { path: at, message: `Cannot open: ${blank(reason, secrets)}` },
    };
  }
}

/** Collects what is reported of an endpoint, without the secrets of the config. */
function reporter(
  reports: Mistake[],
  at: ConfigPath,
  { filled }: EndpointSurroundings,
): OpenContext["report"] {
  const secrets = secretTexts(filled.value, filled.origins);
  return (below, message, hint) => {
    reports.push({
      path: [...at, ...below],
      message: blank(message, secrets),
      ...(hint !== undefined && { hint: blank(hint, secrets) }),
    });
  };
}

function unknownKind(
  found: unknown,
  index: number,
  { filled, kinds }: EndpointSurroundings,
): Mistake {
  const path: ConfigPath = ["endpoints", index, "kind"];
  const names = kinds.map(({ kind }) => kind);
  const words = describeFound(found, path, filled.origins);
  const near = typeof found === "string" && words.startsWith('"')
    ? nearest(found, names)
    : undefined;
  return {
    path,
    message: `found ${words}, wanted ${oneOfInWords(names)}`,
    ...(near !== undefined && { hint: `Did you mean ${JSON.stringify(near)}?` }),
  };
}

/** Who may call an endpoint, and how often, as the config says it. */
export interface GuardSettings {
  readonly addresses?: z.output<typeof addresses>;
  readonly rate?: z.output<typeof rate>;
}

/**
 * Opens what lets requests in to an endpoint.
 *
 * @param settings What the config says.
 * @returns That part of the endpoint.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { addresses, rate } = openGuards({ addresses: ["10.0.0.0/8"] });
 * assertEquals([addresses?.has("10.0.0.1"), rate], [true, undefined]);
 * ```
 */
export function openGuards(
  { addresses, rate }: GuardSettings,
): Pick<Endpoint, "addresses" | "rate"> {
  return {
    ...(addresses === undefined ? {} : { addresses: createAddressList(addresses) }),
    ...(rate === undefined ? {} : { rate: openRate(rate) }),
  };
}

function openRate(
  { perSecond, burst = Math.max(1, Math.ceil(perSecond)) }: NonNullable<GuardSettings["rate"]>,
) {
  return createTokenBucket(perSecond, performance.now(), burst);
}
