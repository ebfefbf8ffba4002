import { log } from "../observe/log.ts";
import { TEXT_FORMAT } from "../observe/metrics/registry.ts";
import { nameRequest } from "../observe/trace.ts";
import { localUrl } from "../util/addresses.ts";
import type { Pages } from "../util/doc_pages.ts";
import { memoize } from "../util/memory.ts";
import { waitAtMost } from "../util/waiting.ts";
import { answerHealth, type Readiness } from "./routes.ts";
import { createHostCheck, type HostCheck, requestUrlOf } from "./request.ts";
import type { ConnectionLimits } from "./listen/connections.ts";
import { openListener, type Peer } from "./listen/listener.ts";
import { Problem } from "./problem/problem.ts";
import { refuse, refuseMethod } from "./problem/problem_answer.ts";

/** Where the listener for the people who run the server listens. */
export interface AdminSettings {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Further names under which it is asked. */
  readonly allowedHosts: readonly string[];
  /** How others reach the public listener now; it may be asked under this name too. */
  readonly publicUrl?: () => string | undefined;
  /** How browsers reach the console now; it may be asked under this name too. */
  readonly consoleUrl?: () => string | undefined;
}

/** What it serves. */
export interface AdminServed {
  /** Finds what is wrong with the name that was called. */
  readonly checkHost: HostCheck;
  /** Reads the metrics, in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  readonly readiness: () => Promise<Readiness>;
  /** Reads the pages of the documentation. */
  readonly pages: () => Promise<Pages>;
  /** Answers what nothing else here does; nothing is there unless given. */
  readonly console?: (
    request: Request,
    peer: Pick<Peer, "remoteAddress">,
  ) => Promise<Response>;
}

/** The listener for the people who run the server. */
export interface AdminServer {
  /** Where it listens, e.g. `http://127.0.0.1:8081`. */
  readonly url: string;
  /** Where it serves the documentation, as this machine reaches it. */
  readonly docsUrl: string;
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
  {
    hostname,
    port,
    allowedHosts,
    publicUrl = () => undefined,
    consoleUrl = () => undefined,
  }: AdminSettings,
  served: Omit<AdminServed, "checkHost">,
): AdminServer {
  const setting = "admin.allowedHosts";
  const checkWithin = memoize((names: string) =>
    createHostCheck({ hostname, setting, allowedHosts: [...allowedHosts, ...names.split(" ")] })
  );
  const checkHost: HostCheck = (request) => {
    // A config that is loaded again may give them other names.
    const urls = [publicUrl(), consoleUrl()].map((url) => URL.parse(url ?? "")?.hostname);
    return checkWithin(urls.filter((name) => name !== undefined).join(" "))(request);
  };
  const listener = openListener(
    { hostname, port, ...LIMITS, isProxy: () => false },
    (request, peer) => answerAdmin(request, { ...served, checkHost }, peer),
  );
  const { port: taken } = new URL(listener.url);
  return {
    url: listener.url,
    docsUrl: `${localUrl(hostname, Number(taken))}/docs`,
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
 * @param peer Who asks; only the console wants to know.
 * @returns The answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const served = {
 *   checkHost: () => undefined,
 *   metrics: () => Promise.resolve("up 1\n"),
 *   readiness: () => Promise.resolve({ ready: true }),
 *   pages: () => Promise.resolve(new Map([["errors", "# Errors\n"]])),
 * };
 * const response = await answerAdmin(new Request("http://host/metrics"), served);
 * assertEquals(await response.text(), "up 1\n");
 * const page = await answerAdmin(new Request("http://host/docs/errors"), served);
 * assertEquals(await page.text(), "# Errors\n");
 * ```
 */
export async function answerAdmin(
  request: Request,
  { checkHost, metrics, readiness, pages, console }: AdminServed,
  peer: Pick<Peer, "remoteAddress"> = { remoteAddress: "" },
): Promise<Response> {
  const { pathname } = requestUrlOf(request.url);
  const page = pageOf(pathname);
  const route = pathname === "/metrics" ? pathname : page === undefined ? "/*" : "/docs/{page}";
  nameRequest(`${request.method} ${route}`, () => ({ "http.route": route }));
  const problem = checkHost(request);
  if (problem !== undefined) return refuse(request, problem);
  const health = answerHealth(request, pathname, readiness);
  if (health !== undefined) return await health;
  const isConsoles = route === "/*" ||
    (page !== undefined && console !== undefined && wantsHtml(request, pathname));
  if (isConsoles) {
    return console === undefined
      ? refuse(request, new Problem("not_found"))
      : await console(request, peer);
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuseMethod(request, "GET, HEAD");
  }
  try {
    if (page === undefined) return text(await metrics(), TEXT_FORMAT);
    const markdown = textOf(page, await pages());
    return markdown === undefined
      ? refuse(request, new Problem("not_found"))
      : text(markdown, "text/plain; charset=utf-8");
  } catch (error) {
    log.error("Cannot read what {path} shows: {error}", { path: pathname, error });
    return refuse(request, new Problem("internal_error"));
  }
}

/** The name of a page of the documentation, empty for the list of all; links name its file. */
function pageOf(pathname: string): string | undefined {
  const [, name] = /^\/docs(?:\/([\w-]*)(?:\.md)?)?$/.exec(pathname) ?? [];
  return name ?? (pathname === "/docs" ? "" : undefined);
}

/** Whoever asks for the file itself gets it, as do programs that take anything. */
function wantsHtml({ headers }: Request, pathname: string): boolean {
  return !pathname.endsWith(".md") && (headers.get("accept") ?? "").includes("text/html");
}

function textOf(page: string, pages: Pages): string | undefined {
  if (page !== "") return pages.get(page);
  return [...pages.keys()].map((name) => `/docs/${name}\n`).join("");
}

function text(content: string, type: string): Response {
  return new Response(content, {
    headers: { "Content-Type": type, "Cache-Control": "no-store" },
  });
}
