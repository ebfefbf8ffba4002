import type { OwnKind } from "../observe/meters/requests.ts";
import { nameRequest } from "../observe/trace.ts";
import { isLoopback } from "./addresses/loopback.ts";
import type { Endpoint } from "./endpoint.ts";
import { answerHealth } from "./health.ts";
import { type LineTools, walkLine } from "./line.ts";
import { Problem } from "./problem/problem.ts";
import { refuse } from "./problem/refuse.ts";
import type { Readiness } from "./readiness.ts";
import type { Sender } from "./request/sender.ts";
import { urlOf, writtenPathOf } from "./request/url.ts";

/** What the server answers by itself, in the words of traces. */
const ROUTES = { health: "/readyz", exports: "/exports/{token}", unknown: "/*" } as const;

/** Answers the paths that are its own, and leaves every other one. */
export type OwnRoutes = (request: Request, pathname: string) => Response | undefined;

/** What the public listener serves. */
export interface RoutesOptions {
  readonly endpoints: readonly Endpoint[];
  /** What the line of every endpoint works with. */
  readonly tools: LineTools;
  /** What shows exported lists. */
  readonly exports: OwnRoutes;
  readonly readiness: () => Readiness;
}

/**
 * The whole public listener as one function: the configured endpoints, the exported lists and the
 * health checks.
 *
 * @param options What it serves.
 * @returns A function that a test can call without a socket.
 */
export function createRoutes(
  { endpoints, tools, exports, readiness }: RoutesOptions,
): (request: Request, sender: Sender) => Promise<Response> {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  const above = endpoints.filter(({ intake }) => intake?.below === true);
  tools.meter?.prepare(endpoints);
  return (request, sender) => {
    const known = byPath.get(writtenPathOf(request.url));
    if (known !== undefined) return walkLine(known, request, sender, tools);
    const { pathname } = urlOf(request.url);
    const endpoint = byPath.get(pathname) ??
      above.find((one) => pathname.startsWith(`${one.path}/`));
    return endpoint === undefined
      ? answerOther(request, pathname, sender)
      : walkLine(endpoint, request, sender, tools);
  };

  async function answerOther(
    request: Request,
    pathname: string,
    sender: Sender,
  ): Promise<Response> {
    const startedAt = performance.now();
    const { kind, response } = await readUnwanted(request, sender) ??
      answerItself(request, pathname, sender.address);
    nameRequest(`${request.method} ${ROUTES[kind]}`, () => ({ "http.route": ROUTES[kind] }));
    tools.meter?.answeredItself(kind, response.status, performance.now() - startedAt);
    return response;
  }

  /** Unwanted, but a connection whose body is left unread can't carry another request. */
  async function readUnwanted(request: Request, sender: Sender): Promise<OwnAnswer | undefined> {
    if (request.method === "GET" || request.method === "HEAD") return undefined;
    try {
      await tools.readBody(request, sender);
    } catch (error) {
      if (error instanceof Problem) return { kind: "unknown", response: refuse(request, error) };
    }
    sender.arrival?.release();
    return undefined;
  }

  function answerItself(request: Request, pathname: string, remoteAddress: string): OwnAnswer {
    const told = isNear(request, remoteAddress) ? readiness : () => withoutDetails(readiness());
    const healthy = answerHealth(request, pathname, told);
    if (healthy !== undefined) return { kind: "health", response: healthy };
    const page = exports(request, pathname);
    if (page !== undefined) return { kind: "exports", response: page };
    return { kind: "unknown", response: refuse(request, new Problem("not_found")) };
  }
}

/** Whether a request comes from this machine, and not through a proxy that stands on it. */
function isNear(request: Request, remoteAddress: string): boolean {
  return isLoopback(remoteAddress) && !request.headers.has("X-Forwarded-For");
}

/** The names of destinations and how much waits for them are nobody else's business. */
function withoutDetails({ ready, reason }: Readiness): Readiness {
  return { ready, ...(reason === undefined ? {} : { reason }) };
}

interface OwnAnswer {
  readonly kind: OwnKind;
  readonly response: Response;
}
