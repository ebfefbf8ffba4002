/** Where those come who ask for what is no page, or are signed out as they send something. */
import { html } from "./answers.ts";
import type { FoundRoute } from "./api/route.ts";
import { isForm, readInput } from "./body.ts";
import { ConsoleError } from "./errors.ts";
import type { PagePlace } from "./pages/page_data.ts";
import { renderPage } from "./pages/render.tsx";

/**
 * As much as rules are: more is not written into a page, which anybody may ask for, and costs the
 * thread a moment.
 */
const MOST_BYTES = 262_144;

/**
 * Answers what is sent by a browser whose session has ended: what somebody wrote is in the page that
 * says so, and can be sent again from there.
 *
 * @param visit The request, and where.
 * @param found The routes there.
 * @throws {ConsoleError} `sign_in_needed` where it is sent to no page, or by a script, which has what
 * it sends.
 */
export async function askAgain(
  { request, at, place }: {
    readonly request: Request;
    readonly at: URL;
    readonly place: PagePlace;
  },
  found: readonly FoundRoute[],
): Promise<Response> {
  const route = found.find(({ route: { method } }) => method === request.method)?.route;
  const { headers } = request;
  const mode = headers.get("sec-fetch-mode") ?? "navigate";
  if (route === undefined || !isForm(headers) || mode !== "navigate") {
    throw new ConsoleError("sign_in_needed");
  }
  const most = route.maxBytes === undefined
    ? {}
    : { maxBytes: Math.min(route.maxBytes, MOST_BYTES) };
  const values = await readInput(request, at, most);
  const page = renderPage("signedOut", { action: `${at.pathname}${at.search}`, values }, place);
  return html(page, new ConsoleError("sign_in_needed").status);
}

/**
 * Finds the page for who opens the address of something that is only done, as from the history of a
 * browser: the one above it.
 *
 * @param pathname The path below the console's own.
 * @param find Finds the routes of pages.
 * @returns Its path; `undefined` where there is a page at this very address, or nothing at all.
 */
export function pageInPlaceOf(
  pathname: string,
  find: (pathname: string) => readonly FoundRoute[],
): string | undefined {
  if (!isOnlyDone(find(pathname))) return undefined;
  for (let path = pathname; path !== "";) {
    path = path.slice(0, path.lastIndexOf("/"));
    const found = find(path);
    if (found.length > 0 && !isOnlyDone(found)) return path;
  }
  return "/";
}

/** Of several routes the one with the fewest variables is meant: `retry` is no id. */
function isOnlyDone(found: readonly FoundRoute[]): boolean {
  const fewest = Math.min(...found.map(({ variables }) => Object.keys(variables).length));
  const meant = found.filter(({ variables }) => Object.keys(variables).length === fewest);
  return meant.length > 0 && meant.every(({ route: { method } }) => method === "POST");
}
