/** Whether the server runs and can do its work, for those who ask. */
import { JournalUnavailable } from "../journal/errors.ts";
import { log } from "../observe/log.ts";
import { refuseMethod } from "./problem/problem_answer.ts";

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
