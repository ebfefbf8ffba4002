import { log } from "../observe/log.ts";
import { TEXT_FORMAT } from "../observe/metrics/registry.ts";
import { nameRequest } from "../observe/trace.ts";
import { waitAtMost } from "../util/waiting.ts";
import { answerHealth, type Readiness } from "./health.ts";
import { createHostCheck, type HostCheck } from "./hosts.ts";
import type { ConnectionLimits } from "./listen/connections.ts";
import { openListener } from "./listen/listener.ts";
import { Problem } from "./problem/problem.ts";
import { refuse, refuseMethod } from "./problem/problem_answer.ts";
import { requestUrlOf } from "./request.ts";

/** Where the listener for the people who run the server listens. */
export interface AdminSettings {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Further names under which it is asked. */
  readonly allowedHosts: readonly string[];
  /** How others reach the public listener; it may be asked under this name too. */
  readonly publicUrl?: string;
}

/** What it serves. */
export interface AdminServed {
  /** Finds what is wrong with the name that was called. */
  readonly checkHost: HostCheck;
  /** Reads the metrics, in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  readonly readiness: () => Readiness;
}

/** The listener for the people who run the server. */
export interface AdminServer {
  /** Where it listens, e.g. `http://127.0.0.1:8081`. */
  readonly url: string;
  /** Closes it; who is being answered gets a moment. */
  stop(): Promise<void>;
}

/** How long an answer may take to be written. */
const GRACE_MS = 1000;
/** Beyond loopback: few ask, and none of them is slow. */
const LIMITS: ConnectionLimits = {
  headTimeoutMs: 10_000,
  idleTimeoutMs: 120_000,
  maxConnections: 100,
};

/**
 * Starts the listener for the people who run the server.
 *
 * @param settings Where it listens, and under which names.
 * @param served What it serves.
 * @returns The listener; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function startAdmin(
  { hostname, port, allowedHosts, publicUrl }: AdminSettings,
  served: Omit<AdminServed, "checkHost">,
): AdminServer {
  const names = { hostname, publicUrl, allowedHosts, setting: "admin.allowedHosts" };
  const checkHost = createHostCheck(names);
  const listener = openListener(
    { hostname, port, ...LIMITS, isProxy: () => false },
    (request) => answerAdmin(request, { ...served, checkHost }),
  );
  return {
    url: listener.url,
    async stop() {
      await waitAtMost(GRACE_MS, listener.shutdown());
    },
  };
}

/**
 * Answers a request to the listener for the people who run the server.
 *
 * @param request The request.
 * @param served What is served.
 * @returns The answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const served = {
 *   checkHost: () => undefined,
 *   metrics: () => Promise.resolve("up 1\n"),
 *   readiness: () => ({ ready: true }),
 * };
 * const response = await answerAdmin(new Request("http://host/metrics"), served);
 * assertEquals(await response.text(), "up 1\n");
 * ```
 */
export async function answerAdmin(
  request: Request,
  { checkHost, metrics, readiness }: AdminServed,
): Promise<Response> {
  const { pathname } = requestUrlOf(request.url);
  const route = pathname === "/metrics" ? pathname : "/*";
  nameRequest(`${request.method} ${route}`, () => ({ "http.route": route }));
  const problem = checkHost(request);
  if (problem !== undefined) return refuse(request, problem);
  const health = answerHealth(request, pathname, readiness);
  if (health !== undefined) return health;
  if (pathname !== "/metrics") return refuse(request, new Problem("not_found"));
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuseMethod(request, "GET, HEAD");
  }
  try {
    return new Response(await metrics(), {
      headers: { "Content-Type": TEXT_FORMAT, "Cache-Control": "no-store" },
    });
  } catch (error) {
    log.error("Cannot read the metrics: {error}", { error });
    return refuse(request, new Problem("internal_error"));
  }
}
