import { refuseMethod } from "./problem/refuse.ts";
import type { Readiness } from "./readiness.ts";

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
 * const notYet = () => ({ ready: false, reason: "draining" });
 * assertEquals(answerHealth(request, "/readyz", notYet)?.status, 503);
 * assertEquals(answerHealth(request, "/other", notYet), undefined);
 * ```
 */
export function answerHealth(
  request: Request,
  pathname: string,
  readiness: () => Readiness,
): Response | undefined {
  if (pathname === "/livez") return answer(request, { ready: true });
  if (isReadiness(pathname)) return answer(request, readiness());
  return undefined;
}

function answer(request: Request, { ready, reason, details }: Readiness): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuseMethod(request, "GET, HEAD");
  }
  const status = ready ? { status: "ok" } : { status: "unavailable", reason };
  return Response.json({ ...status, ...(details === undefined ? {} : { details }) }, {
    status: ready ? 200 : 503,
    headers: { "Cache-Control": "no-store", ...(ready ? {} : { "Retry-After": "5" }) },
  });
}
