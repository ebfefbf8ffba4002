/** The console: one function from a request to its answer. */
import * as z from "zod";
import type { AuditEntry } from "../journal/console.ts";
import { Problem } from "../http/problem/problem.ts";
import { chooseLanguage } from "../http/negotiation.ts";
import { LANGUAGES } from "../http/problem/problem_answer.ts";
import { type ClientAddress, createClientAddress } from "../http/context.ts";
import { requestUrlOf } from "../http/request.ts";
import { memoize } from "../util/memory.ts";
import { explainError, html, redirect } from "./answers.ts";
import { changingRoutes } from "./api/changing.ts";
import { forwardingRoutes } from "./api/forwarding.ts";
import { recordRoutes } from "./api/records.ts";
import { runningRoutes } from "./api/running.ts";
import { describeApi } from "./api/openapi.ts";
import {
  API_PATH,
  type ConsoleRoute,
  createFinder,
  type FoundRoute,
  route,
  type RouteTools,
} from "./api/route.ts";
import { readInput } from "./body.ts";
import { askAgain, pageInPlaceOf } from "./detours.ts";
import { type ConsoleContext, mayDo, type Viewer } from "./context.ts";
import { ConsoleError } from "./errors.ts";
import { guarded, isOfNobody, placeOf, refuseForeign } from "./guard.ts";
import { answerAsset } from "./assets.ts";
import { isDocs, readDocs } from "./docs/docs.ts";
import type { PageData, PagePlace } from "./pages/page_data.ts";
import { renderPage } from "./pages/render.tsx";
import { surroundingsOf } from "./pages/surroundings.ts";
import { createLive } from "./live.ts";
import { plain } from "./privacy/policy.ts";
import { createEntrance, isEntrance, placeWithin } from "./session/entrance.ts";
import { findKnown, type Known } from "./session/sessions.ts";

/** The console. */
export interface Console {
  /** Answers a request. The name to which it was sent is checked by who listens. */
  answer(request: Request, peer: { readonly remoteAddress: string }): Promise<Response>;
  /** Ends what would be answered for ever. */
  stop(): void;
}

/** Everything that the console does. */
export const CONSOLE_ROUTES: readonly ConsoleRoute[] = [
  ...recordRoutes,
  ...forwardingRoutes,
  ...runningRoutes,
  ...changingRoutes,
  route({
    method: "GET",
    path: "/openapi.json",
    role: "viewer",
    summary: "This description",
    input: z.object({}),
    forViewers: plain,
    run: ({ context }) => Promise.resolve(description(context.version)),
  }),
];

/** It is the same as long as the program runs, and takes a while to be made. */
const description = memoize((version: string) => describeApi(CONSOLE_ROUTES, version));

const findApi = createFinder(CONSOLE_ROUTES, ({ path }) => path);
const findPage = createFinder(
  CONSOLE_ROUTES,
  // What is changed can be changed by a form, too.
  ({ page, pagePath, path, method }) =>
    page === undefined && method === "GET" ? undefined : pagePath ?? path,
);

/** A longer page is written for so long that others wait. */
const MOST_ROWS = 100;

/** Scripts may read longer parts of a list than a page shows. */
function withShortPages(
  input: Readonly<Record<string, unknown>>,
  isApi: boolean,
): Readonly<Record<string, unknown>> {
  return isApi || !(Number(input["limit"]) > MOST_ROWS) ? input : { ...input, limit: MOST_ROWS };
}

/** A request on its way through the console. */
interface Visit {
  readonly request: Request;
  readonly address: string;
  /** The path and the query below the console's own path. */
  readonly at: URL;
  /** Who looks, as far as that is known by then. */
  place: PagePlace;
  readonly isApi: boolean;
}

/**
 * Makes the console.
 *
 * @param context What it is given.
 */
export function createConsole(context: ConsoleContext): Console {
  const entrance = createEntrance(context, note);
  const live = createLive(context);
  let proxies:
    | { readonly trusted: readonly string[]; readonly addressOf: ClientAddress }
    | undefined;

  async function note(entry: Omit<AuditEntry, "at">): Promise<void> {
    const entries = [{ at: context.now(), ...entry }];
    await context.journal.console.change({ kind: "audit", entries });
  }

  /** Who sends a request, by the config as it is now. */
  function knownBy(headers: Headers): Promise<Known | undefined> {
    const { console: settings } = context.served().config;
    return findKnown(headers, settings, context.journal.console, context.now());
  }

  async function answer(visit: Visit): Promise<Response> {
    const { request, address, at, place } = visit;
    const { console: settings } = context.served().config;
    const hasToken = request.headers.has("authorization");
    const found = visit.isApi ? findApi(at.pathname.slice(API_PATH.length)) : findPage(at.pathname);
    const isSomething = found.length > 0 || visit.isApi || isDocs(at.pathname) ||
      isEntrance(at.pathname);
    // A store that was given this listener's port is told so, not taken for a page of another site.
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isSomething && !isRead) throw new Problem("not_found");
    if (!isRead && !isEntrance(at.pathname) && isOfNobody(request.headers)) {
      throw new ConsoleError("sign_in_needed");
    }
    refuseForeign(request, settings.publicUrl, hasToken);
    const own = await entrance.answer(visit);
    if (own !== undefined) return own;
    if (isDocs(at.pathname)) return await answerDocs(visit);
    const known = await knownBy(request.headers);
    if (known === undefined) {
      if (visit.isApi || hasToken || found.length === 0) throw new ConsoleError("sign_in_needed");
      if (!isRead) return await askAgain(visit, found);
      const to = `${at.pathname}${at.search}`;
      return redirect(
        `${place.viewer.base}/login${to === "/" ? "" : `?to=${encodeURIComponent(to)}`}`,
      );
    }
    const { session, ...who } = known;
    const viewer: Viewer = { ...place.viewer, ...who };
    visit.place = { ...place, viewer };
    const page = visit.isApi || !isRead ? undefined : pageInPlaceOf(at.pathname, findPage);
    if (page !== undefined) return redirect(`${place.viewer.base}${page}`);
    const { route, variables } = chooseRoute(found, request.method);
    if (!mayDo(viewer.role, route.role)) {
      throw new ConsoleError("role_too_low", { role: route.role });
    }
    const tools: RouteTools = {
      ...{ context, viewer, request, at, session },
      watch: () =>
        live.watch(viewer, async () => {
          const still = await knownBy(request.headers);
          return still?.role === viewer.role && still.name === viewer.name;
        }),
      audit: (action, target, result) =>
        note({ who: viewer.name, by: viewer.by, address, action, target, result }),
    };
    const input = withShortPages(await readInput(request, at, route), visit.isApi);
    const data = await route.run(tools, { ...input, ...variables });
    if (data instanceof Response) return request.method === "HEAD" ? headOf(data) : data;
    return visit.isApi ? Response.json(data) : shown(route, data, input, { ...place, viewer });
  }

  /** The documentation is for everybody; who is signed in sees all pages around it. */
  async function answerDocs({ request, at, place }: Visit): Promise<Response> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new Problem("method_not_allowed", { headers: { Allow: "GET, HEAD" } });
    }
    const viewer = { ...place.viewer, ...await knownBy(request.headers) };
    const shown = await readDocs(at, viewer.base);
    if (shown === undefined) throw new Problem("not_found");
    if ("place" in shown) return redirect(`${viewer.base}${shown.place}`);
    return html(
      "html" in shown
        ? renderPage("doc", shown, { ...place, viewer })
        : renderPage("docs", shown, { ...place, viewer }),
    );
  }

  /** Proxies are believed as on the public listener: who tries passwords is slowed by the address. */
  function addressBehind(trusted: readonly string[], remote: string, headers: Headers): string {
    if (proxies?.trusted !== trusted) {
      proxies = { trusted, addressOf: createClientAddress(trusted) };
    }
    return proxies.addressOf(remote, headers);
  }

  async function answerOrExplain(
    request: Request,
    { remoteAddress }: { readonly remoteAddress: string },
  ): Promise<Response> {
    const url = requestUrlOf(request.url);
    const { publicUrl } = context.served().config.console;
    const { pathname, base } = placeOf(url.pathname, request.headers, publicUrl);
    const at = new URL(url);
    at.pathname = pathname;
    const asset = answerAsset(pathname);
    if (asset !== undefined) return guarded(asset);
    const language = chooseLanguage(request.headers, LANGUAGES);
    const { trustedProxies } = context.served().config.server;
    const visit: Visit = {
      ...{ request, at, address: addressBehind(trustedProxies, remoteAddress, request.headers) },
      place: { viewer: { language, base }, at, around: await surroundingsOf(context) },
      isApi: pathname === API_PATH || pathname.startsWith(`${API_PATH}/`),
    };
    try {
      return guarded(await answer(visit));
    } catch (error) {
      return guarded(explainError(error, visit));
    }
  }

  return { answer: answerOrExplain, stop: live.stop };
}

/**
 * Shows what a route gave to who has no script: its page, a question before many things are
 * changed, or the page from which it came, which says what was done.
 */
function shown(
  { page, path }: ConsoleRoute,
  data: unknown,
  input: Readonly<Record<string, unknown>>,
  place: PagePlace & { readonly viewer: Viewer },
): Response {
  // A route gives what its page shows: `page` of each route says so.
  if (page !== undefined) return html(renderPage(page, data as never, place));
  const back = placeWithin(typeof input["back"] === "string" ? input["back"] : "/");
  if (isCounted(data)) return html(renderPage("confirm", { action: path, back, ...data }, place));
  const to = new URL(back, place.at);
  to.searchParams.set("done", path);
  for (const [name, value] of Object.entries(Object(data))) {
    if (typeof value !== "object" && name !== "done") {
      to.searchParams.set(name, String(value).slice(0, 200));
    }
  }
  return redirect(`${place.viewer.base}${to.pathname}${to.search}`);
}

/** What would be read for ever is read by nobody then. */
function headOf(response: Response): Response {
  response.body?.cancel().catch(() => undefined);
  return new Response(null, response);
}

function isCounted(
  data: unknown,
): data is Omit<PageData["confirm"], "action" | "back"> {
  return typeof data === "object" && data !== null && "selection" in data;
}

function chooseRoute(found: readonly FoundRoute[], method: string): FoundRoute {
  const wanted = method === "HEAD" ? "GET" : method;
  const [first] = found;
  if (first === undefined) throw new Problem("not_found");
  const one = found.find(({ route }) => route.method === wanted);
  if (one !== undefined) return one;
  const allowed = [...new Set(found.map(({ route }) => route.method))];
  const Allow = allowed.flatMap((name) => name === "GET" ? ["GET", "HEAD"] : [name]).join(", ");
  throw new Problem("method_not_allowed", { headers: { Allow } });
}
