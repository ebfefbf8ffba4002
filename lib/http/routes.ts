import { readBody } from "./request/body.ts";
import type { Endpoint } from "./endpoint.ts";
import { type LineTools, walkLine } from "./line.ts";
import { Problem } from "./problem/problem.ts";
import { problemAnswer } from "./problem/problem_body.ts";
import type { Readiness } from "./readiness.ts";
import { requestIdOf } from "./request/request_id.ts";
import { urlOf } from "./request/url.ts";

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
): (request: Request, remoteAddress: string) => Promise<Response> {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  const above = endpoints.filter(({ intake }) => intake?.below === true);
  return (request, remoteAddress) => {
    const { pathname } = urlOf(request.url);
    const endpoint = byPath.get(pathname) ??
      above.find((one) => pathname.startsWith(`${one.path}/`));
    return endpoint === undefined
      ? answerOther(request, pathname)
      : walkLine(endpoint, request, remoteAddress, tools);
  };

  async function answerOther(request: Request, pathname: string): Promise<Response> {
    // Unwanted, but a connection whose body is left unread can't carry another request.
    await readBody(request, tools.limits).catch(() => undefined);
    if (pathname === "/livez") return health(request, { ready: true });
    if (pathname === "/readyz" || pathname === "/healthz") return health(request, readiness());
    return exports(request, pathname) ?? refuse(request, new Problem("not_found"));
  }
}

function health(request: Request, { ready, reason, details }: Readiness): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(request, new Problem("method_not_allowed", { headers: { Allow: "GET, HEAD" } }));
  }
  const status = ready ? { status: "ok" } : { status: "unavailable", reason };
  return Response.json({ ...status, ...(details === undefined ? {} : { details }) }, {
    status: ready ? 200 : 503,
    headers: { "Cache-Control": "no-store", ...(ready ? {} : { "Retry-After": "5" }) },
  });
}

function refuse(request: Request, problem: Problem): Response {
  const requestId = requestIdOf(request.headers);
  const { status, body, headers } = problemAnswer(problem, request.headers, requestId);
  return new Response(body, {
    status,
    headers: { ...headers, "X-Request-Id": requestId, "Cache-Control": "no-store" },
  });
}
