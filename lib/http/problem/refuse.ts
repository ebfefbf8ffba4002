import { requestIdOf } from "../request/request_id.ts";
import { Problem } from "./problem.ts";
import { problemAnswer } from "./problem_body.ts";

/**
 * Answers a request that belongs to no endpoint with an error.
 *
 * @param request The request.
 * @param problem What is wrong with it.
 * @returns The answer, which is not signed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Problem } from "./problem.ts";
 *
 * assertEquals(refuse(new Request("http://host/a"), new Problem("not_found")).status, 404);
 * ```
 */
export function refuse(request: Request, problem: Problem): Response {
  const requestId = requestIdOf(request.headers);
  const { status, body, headers } = problemAnswer(problem, request.headers, requestId);
  return new Response(body, {
    status,
    headers: { ...headers, "X-Request-Id": requestId, "Cache-Control": "no-store" },
  });
}

/**
 * Answers a request whose method the path doesn't take.
 *
 * @param request The request.
 * @param allowed The methods that it takes, as `Allow` lists them.
 * @returns The answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://host/livez", { method: "PUT" });
 * assertEquals(refuseMethod(request, "GET, HEAD").headers.get("Allow"), "GET, HEAD");
 * ```
 */
export function refuseMethod(request: Request, allowed: string): Response {
  return refuse(request, new Problem("method_not_allowed", { headers: { Allow: allowed } }));
}
