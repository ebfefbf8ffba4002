/** The public listener as one function: endpoints, exported lists, health. */
import type { OwnKind } from "../observe/metrics/requests.ts";
import { nameRequest } from "../observe/trace.ts";
import { isLoopback } from "../util/addresses.ts";
import { JournalUnavailable } from "../journal/errors.ts";
import { log } from "../observe/log.ts";
import { type HostCheck, isBelow, requestUrlOf } from "./request.ts";
import { type Endpoint, isReserved } from "./endpoint.ts";
import { type PipelineTools, runPipeline } from "./pipeline.ts";
import { Problem } from "./problem/problem.ts";
import { refuse, refuseMethod } from "./problem/problem_answer.ts";
import type { RequestSender } from "./context.ts";

/** What the server answers by itself, in the words of traces. */
const ROUTES = { health: "/readyz", exports: "/exports/{token}", unknown: "/*" } as const;

/** Answers the paths that are its own, and leaves every other one. */
export type OwnRoutes = (
  request: Request,
  pathname: string,
  address: string,
) => Promise<Response> | undefined;

/** What the public listener serves. */
export interface RoutesOptions {
  readonly endpoints: readonly Endpoint[];
  /** What the pipeline of every endpoint works with. */
  readonly tools: PipelineTools;
  /** What shows exported lists. */
  readonly exports: OwnRoutes;
  /** Finds what is wrong with the name that was called. */
  readonly checkHost: HostCheck;
  readonly readiness: () => Promise<Readiness>;
}

/**
 * The whole public listener as one function: the configured endpoints, the exported lists and the
 * health checks.
 *
 * @param options What it serves.
 * @returns A function that a test can call without a socket.
 */
export function createRoutes(
  { endpoints, tools, exports, checkHost, readiness }: RoutesOptions,
): (request: Request, sender: RequestSender) => Promise<Response> {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  const longestFirst = endpoints.toSorted((a, b) => b.path.length - a.path.length);
  tools.meter?.prepare(endpoints);
  return (request, sender) => {
    const known = byPath.get(writtenPathOf(request.url));
    if (known !== undefined) return runPipeline(known, request, sender, tools);
    const { pathname } = requestUrlOf(request.url);
    const endpoint = byPath.get(pathname) ?? endpointAbove(pathname);
    return endpoint === undefined
      ? answerOther(request, pathname, sender)
      : runPipeline(endpoint, request, sender, tools);
  };

  /** Of endpoints within each other the nearest one, if it takes what is below it. */
  function endpointAbove(pathname: string): Endpoint | undefined {
    if (isReserved(pathname)) return undefined;
    const nearest = longestFirst.find(({ path }) => isBelow(pathname, path));
    return nearest?.ingestion?.below === true ? nearest : undefined;
  }

  async function answerOther(
    request: Request,
    pathname: string,
    sender: RequestSender,
  ): Promise<Response> {
    const startedAt = performance.now();
    const { kind, response } = await readUnwanted(request, sender) ??
      await answerItself(request, pathname, sender.address);
    nameRequest(`${request.method} ${ROUTES[kind]}`, () => ({ "http.route": ROUTES[kind] }));
    tools.meter?.answeredItself(kind, response.status, performance.now() - startedAt);
    return response;
  }

  /** Unwanted, but a connection whose body is left unread can't carry another request. */
  async function readUnwanted(
    request: Request,
    sender: RequestSender,
  ): Promise<OwnAnswer | undefined> {
    if (request.method === "GET" || request.method === "HEAD") return undefined;
    try {
      await tools.readBody(request, sender);
    } catch (error) {
      if (error instanceof Problem) return { kind: "unknown", response: refuse(request, error) };
    }
    sender.arrival?.release();
    return undefined;
  }

  async function answerItself(
    request: Request,
    pathname: string,
    remoteAddress: string,
  ): Promise<OwnAnswer> {
    const problem = checkHost(request);
    // A name can be foreign where a link is the secret, and where there is nothing to be read.
    const isForeign = problem?.code === "host_not_allowed" && !isReadiness(pathname);
    if (problem !== undefined && !isForeign) {
      return { kind: "unknown", response: refuse(request, problem) };
    }
    const told = async () => forOutside(await readiness(), isNear(request, remoteAddress));
    const healthy = answerHealth(request, pathname, told);
    if (healthy !== undefined) return { kind: "health", response: await healthy };
    const page = exports(request, pathname, remoteAddress);
    if (page !== undefined) return { kind: "exports", response: await page };
    return { kind: "unknown", response: refuse(request, new Problem("not_found")) };
  }
}

/** Scheme and host, then the path. */
const PARTS = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i;

/**
 * The path of a request as it stands there, which is quicker than reading a URL: enough to recognize
 * a path that is known. A URL may write the same path otherwise.
 */
function writtenPathOf(url: string): string {
  return PARTS.exec(url)?.[1] ?? "";
}

/** Headers in which proxies say for whom they ask. */
const FORWARDED = ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"];

/** Whether a request comes from this machine, and not through a proxy that stands on it. */
function isNear({ headers }: Request, remoteAddress: string): boolean {
  return isLoopback(remoteAddress) && !FORWARDED.some((name) => headers.has(name));
}

/**
 * The names of destinations and how much waits for them are nobody else's business, and no reason
 * goes out as it is: it may name files. Whoever looks after the server asks its own listener.
 */
function forOutside(readiness: Readiness, isNear: boolean): Readiness {
  const { ready, part, reason, details } = readiness;
  const told = part ?? reason;
  return {
    ready,
    ...(told === undefined ? {} : { reason: told }),
    ...(isNear && details !== undefined ? { details } : {}),
  };
}

interface OwnAnswer {
  readonly kind: OwnKind;
  readonly response: Response;
}

const READINESS_PATHS: ReadonlySet<string> = new Set(["/readyz", "/healthz"]);

/**
 * Tells whether a path is one at which readiness is told.
 *
 * @param pathname The path of a URL.
 */
export function isReadiness(pathname: string): boolean {
  return READINESS_PATHS.has(pathname);
}

/**
 * Answers the health checks.
 *
 * @param request The request.
 * @param pathname The path of its URL.
 * @param readiness Tells whether the server is ready; asked only where that is the question.
 * @returns The answer, or `undefined` when the path is none of theirs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://host/readyz");
 * const notYet = () => Promise.resolve({ ready: false, reason: "draining" });
 * assertEquals((await answerHealth(request, "/readyz", notYet))?.status, 503);
 * assertEquals(answerHealth(request, "/other", notYet), undefined);
 * ```
 */
export function answerHealth(
  request: Request,
  pathname: string,
  readiness: () => Promise<Readiness>,
): Promise<Response> | undefined {
  if (pathname === "/livez") return answer(request, () => Promise.resolve({ ready: true }));
  return isReadiness(pathname) ? answer(request, readiness) : undefined;
}

async function answer(request: Request, readiness: () => Promise<Readiness>): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuseMethod(request, "GET, HEAD");
  }
  const { ready, reason, details } = await readiness();
  const status = ready ? { status: "ok" } : { status: "unavailable", reason };
  return Response.json({ ...status, ...(details === undefined ? {} : { details }) }, {
    status: ready ? 200 : 503,
    headers: { "Cache-Control": "no-store", ...(ready ? {} : { "Retry-After": "5" }) },
  });
}

/** Whether the server can do its work now, and if not, why. */
export interface Readiness {
  readonly ready: boolean;
  /** For people, e.g. `draining`. */
  readonly reason?: string;
  /** The same for those who may not know more than which part of the server it is. */
  readonly part?: string;
  /** What else an operator wants to know, to be written as JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * What parts of the server tell an operator, by the names of the parts. Each gives what can be
 * written as JSON, or `undefined` when it has nothing to say; some have to look first. It is never
 * a reason not to be ready.
 */
export type Details = Readonly<Record<string, () => unknown>>;

/**
 * Asks every part. One that can't tell just now says `null`.
 *
 * @param details The parts.
 * @returns What they say, by their names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const details = { forwards: () => ({ failed: 2 }), config: () => undefined };
 * assertEquals(await readDetails(details), { forwards: { failed: 2 } });
 * ```
 */
export async function readDetails(details: Details): Promise<Readonly<Record<string, unknown>>> {
  const said = await Promise.all(
    Object.entries(details).map(async ([name, tell]) => [name, await tellOrNull(name, tell)]),
  );
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

async function tellOrNull(name: string, tell: () => unknown): Promise<unknown> {
  try {
    return await tell();
  } catch (error) {
    // That the journal can't be used is told as the reason already.
    if (!(error instanceof JournalUnavailable)) {
      log.warn("Cannot tell the detail {name} of readiness: {error}", { name, error });
    }
    return null;
  }
}
