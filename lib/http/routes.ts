import type { OwnKind } from "../observe/metrics/requests.ts";
import { nameRequest } from "../observe/trace.ts";
import type { HostCheck } from "./hosts.ts";
import { isLoopback } from "../util/addresses.ts";
import { type Endpoint, isReserved } from "./endpoint.ts";
import { answerHealth, isReadiness, type Readiness } from "./health.ts";
import { type PipelineTools, runPipeline } from "./pipeline.ts";
import { Problem } from "./problem/problem.ts";
import { refuse } from "./problem/problem_answer.ts";
import type { RequestSender } from "./context.ts";
import { isBelow, requestUrlOf, writtenPathOf } from "./request.ts";

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
