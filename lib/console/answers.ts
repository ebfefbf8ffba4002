/** What the console answers with: a page, another place, or what went wrong. */
import * as z from "zod";
import { Problem } from "../http/problem/problem.ts";
import { problemText } from "../http/problem/problem_answer.ts";
import { requestIdOf } from "../http/context.ts";
import { JournalUnavailable } from "../journal/errors.ts";
import { log } from "../observe/log.ts";
import { ConsoleError, describeConsoleError } from "./errors.ts";
import type { PagePlace } from "./pages/page_data.ts";
import { renderPage } from "./pages/render.tsx";

/**
 * Makes the answer of what went wrong: JSON for the API, a page for who looks.
 *
 * @param error What was thrown.
 * @param visit What was asked, by whom and where.
 */
export function explainError(
  error: unknown,
  { request, place, isApi }: {
    readonly request: Request;
    readonly place: PagePlace;
    readonly isApi: boolean;
  },
): Response {
  const requestId = requestIdOf(request.headers);
  const { status, code, message, headers } = toldOf(error, request, place);
  // What is refused on purpose is no mistake: whoever asks again and again fills no log.
  const isMeant = error instanceof Problem && error.cause === undefined;
  if (status >= 500 && !isMeant) {
    log.error("The console cannot answer: {error}", { error, requestId });
  }
  const more = { ...headers, "X-Request-Id": requestId };
  if (isApi) {
    const authenticate = status === 401 ? { "WWW-Authenticate": "Bearer" } : {};
    return Response.json({ message, code, requestId }, {
      status,
      headers: { ...more, ...authenticate },
    });
  }
  return html(renderPage("error", { status, code, message }, place), status, more);
}

interface ToldError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

function toldOf(error: unknown, { headers }: Request, { viewer }: PagePlace): ToldError {
  const own = consoleErrorOf(error);
  if (own !== undefined) {
    const { status, code } = own;
    return {
      status,
      code,
      message: describeConsoleError(own, viewer.language),
      headers: own.headers,
    };
  }
  const problem = error instanceof Problem
    ? error
    : new Problem(error instanceof JournalUnavailable ? "unavailable" : "internal_error");
  const { status, code } = problem;
  return { status, code, message: problemText(problem, headers).text, headers: problem.headers };
}

function consoleErrorOf(error: unknown): ConsoleError | undefined {
  if (error instanceof ConsoleError) return error;
  if (error instanceof SyntaxError) {
    return new ConsoleError("wrong_input", {
      path: "cursor",
      reason: "it must be copied from a list",
    });
  }
  if (!(error instanceof z.ZodError)) return undefined;
  const [issue] = error.issues;
  const path = issue?.path.join(".") ?? "";
  return new ConsoleError("wrong_input", { path, reason: issue?.message ?? "it has a wrong form" });
}

/**
 * Sends a browser elsewhere.
 *
 * @param to The path.
 * @param headers Further headers.
 */
export function redirect(to: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 303, headers: { ...headers, Location: to } });
}

/**
 * Answers with a page.
 *
 * @param text Its HTML.
 * @param status The status.
 * @param headers Further headers.
 */
export function html(
  text: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(text, {
    status,
    headers: { ...headers, "Content-Type": "text/html; charset=utf-8" },
  });
}
