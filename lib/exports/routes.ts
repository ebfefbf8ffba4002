import { EXPORTS_PREFIX } from "../http/endpoint.ts";
import {
  LANGUAGES,
  problemAnswer,
  problemText,
  type WrittenAnswer,
} from "../http/problem/problem_answer.ts";
import { type Language, Problem } from "../http/problem/problem.ts";
import { requestIdOf } from "../http/context.ts";
import { chooseLanguage, chooseMediaType } from "../http/negotiation.ts";
import { requestUrlOf } from "../http/request.ts";
import type { OwnRoutes } from "../http/routes.ts";
import type { StoredExport } from "../journal/export.ts";
import type { Journal } from "../journal/journal.ts";
import { log } from "../observe/log.ts";
import {
  createRenderings,
  type ExportFormat,
  formatOfType,
  MEDIA_TYPES,
  pageHeaders,
  type Renderings,
  writeExport,
} from "./formats.ts";
import { problemPage } from "./page.ts";
import { readExport } from "./exported_list.ts";

const encoder = new TextEncoder();

const PLACE = /^([\w-]{22})(?:\.(html|json|csv))?$/;
const VERSION = /^[1-9]\d{0,8}$/;

/** The address is the secret: nobody keeps it, passes it on or finds it. */
const COMMON_HEADERS = {
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "Vary": "Accept, Accept-Language",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex",
};

/**
 * Makes the part of the public listener that shows exported lists.
 *
 * @param journal Where they are found.
 * @param timeZone Gives the IANA name of the store's zone, in which times are shown.
 * @returns A function that a test can call without a socket.
 */
export function createExportRoutes(
  journal: Pick<Journal, "findExport">,
  timeZone: () => string,
): OwnRoutes {
  const renderings = createRenderings();
  return (request, pathname, address) => {
    if (!pathname.startsWith(EXPORTS_PREFIX)) return undefined;
    return respond({ request, pathname, address, journal, timeZone: timeZone(), renderings });
  };
}

/** A request for an export, and what it is answered with. */
interface Asked {
  readonly request: Request;
  readonly pathname: string;
  readonly address: string;
  readonly journal: Pick<Journal, "findExport">;
  readonly timeZone: string;
  readonly renderings: Renderings;
}

async function respond(asked: Asked): Promise<Response> {
  const { request } = asked;
  const requestId = requestIdOf(request.headers);
  const { status, body, headers } = await answer(asked, requestId);
  return new Response(request.method === "HEAD" ? null : body, {
    status,
    headers: {
      ...headers,
      ...COMMON_HEADERS,
      "Content-Length": String(body.byteLength),
      "X-Request-Id": requestId,
    },
  });
}

async function answer(asked: Asked, requestId: string): Promise<WrittenAnswer> {
  const { request, pathname, address, journal, timeZone, renderings } = asked;
  const language = chooseLanguage(request.headers, LANGUAGES);
  try {
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new Problem("method_not_allowed", { headers: { Allow: "GET, HEAD" } });
    }
    const place = parsePlace(pathname, requestUrlOf(request.url).searchParams);
    const stored = place && await find(journal, place, requestId);
    // What was asked wrongly is answered as what there isn't: nobody learns which it was.
    if (place === undefined || stored === undefined) throw new Problem("not_found");
    const format = place.format ?? formatOfType(chooseMediaType(request.headers, MEDIA_TYPES));
    const settings = { language, timeZone };
    const key = JSON.stringify([place.token, stored.deliveryId, stored.versions, format, settings]);
    const write = () => writeExport(readExport(stored), format, settings);
    return { status: 200, ...await renderings.get(key, address, write) };
  } catch (error) {
    return writeProblem(toProblem(error, requestId), request, requestId, language);
  }
}

function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  log.error("Cannot show an export, request {requestId}: {error}", { requestId, error });
  return new Problem("internal_error");
}

/** A page for people, and for programs that ask for something else what every error is. */
function writeProblem(
  problem: Problem,
  request: Request,
  requestId: string,
  language: Language,
): WrittenAnswer {
  const written = problemAnswer(problem, request.headers, requestId);
  const isFile = /\.(?:json|csv)$/.test(requestUrlOf(request.url).pathname);
  if (isFile || formatOfType(chooseMediaType(request.headers, MEDIA_TYPES)) !== "html") {
    return written;
  }
  const { text } = problemText(problem, request.headers);
  return {
    status: written.status,
    body: encoder.encode(problemPage(text, language)),
    headers: { ...written.headers, ...pageHeaders(language) },
  };
}

/** Which export is wanted. */
interface Place {
  readonly token: string;
  readonly version: number | undefined;
  readonly format: ExportFormat | undefined;
}

function parsePlace(pathname: string, query: URLSearchParams): Place | undefined {
  const [, token, suffix] = PLACE.exec(pathname.slice(EXPORTS_PREFIX.length)) ?? [];
  const versions = query.getAll("version");
  if (token === undefined || versions.length > 1) return undefined;
  const [version] = versions;
  if (version !== undefined && !VERSION.test(version)) return undefined;
  return {
    token,
    version: version === undefined ? undefined : Number(version),
    format: suffix === "html" || suffix === "json" || suffix === "csv" ? suffix : undefined,
  };
}

async function find(
  journal: Pick<Journal, "findExport">,
  { token, version }: Place,
  requestId: string,
): Promise<StoredExport | undefined> {
  try {
    return await journal.findExport(token, version);
  } catch (error) {
    log.error("Cannot read an export, request {requestId}: {error}", { requestId, error });
    throw new Problem("unavailable", { cause: error });
  }
}
