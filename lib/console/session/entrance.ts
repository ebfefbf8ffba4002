/** Where people come in and go out: `/login` and `/logout`. */
import * as z from "zod";
import type { AuditEntry } from "../../journal/console.ts";
import { html, redirect } from "../answers.ts";
import { readInput } from "../body.ts";
import type { ConsoleContext } from "../context.ts";
import { ConsoleError, describeConsoleError } from "../errors.ts";
import { Problem } from "../../http/problem/problem.ts";
import type { PagePlace } from "../pages/page_data.ts";
import { renderPage } from "../pages/render.tsx";
import { beginSession, findKnown, sessionCookie, takeLink } from "./sessions.ts";
import { createPasswordDoor, findUser } from "./sign_in.ts";

/** A request to the entrance. */
interface EntranceVisit {
  readonly request: Request;
  readonly address: string;
  readonly at: URL;
  readonly place: PagePlace;
}

/** Answers at the entrance. */
export interface Entrance {
  /** Gives `undefined` where the request goes elsewhere. */
  answer(visit: EntranceVisit): Promise<Response | undefined>;
}

const form = z.object({
  name: z.string().default(""),
  password: z.string().default(""),
  to: z.string().default("/"),
});
const MAX_FORM_BYTES = 8192;
/** What was typed for a name may be a password, or name somebody: it is kept nowhere. */
const UNKNOWN_NAME = "an unknown name";

type Note = (entry: Omit<AuditEntry, "at">) => Promise<void>;

/**
 * Makes the entrance.
 *
 * @param context What the console is given.
 * @param note Notes in the audit who came, who went, and who was not let in.
 */
export function createEntrance(context: ConsoleContext, note: Note): Entrance {
  const door = createPasswordDoor();
  const { journal, served, now } = context;

  function page({ place }: EntranceVisit, to: string, error?: ConsoleError): Response {
    const { users } = served().config.console;
    const data = {
      to,
      hasUsers: users.length > 0,
      ...(error === undefined
        ? {}
        : { mistake: describeConsoleError(error, place.viewer.language) }),
    };
    return html(renderPage("login", data, place), error?.status, error?.headers);
  }

  function enter({ place, request }: EntranceVisit, secret: string, to: string): Response {
    const { base } = place.viewer;
    const { publicUrl } = served().config.console;
    const isSecure = isReachedBy(publicUrl, request.headers);
    return redirect(`${base}${to}`, {
      "Set-Cookie": sessionCookie(secret, { base, isSecure }),
    });
  }

  async function byLink(visit: EntranceVisit, secret: string): Promise<Response> {
    const { address } = visit;
    const entry = { by: "link", address, action: "sign in", target: "" } as const;
    const role = await takeLink(journal.console, secret, now());
    if (role === undefined) return page(visit, "/", new ConsoleError("link_used"));
    const session = await beginSession(journal.console, { role }, now());
    await note({ ...entry, who: "console", result: `as ${role}` });
    return enter(visit, session, "/");
  }

  async function byPassword(visit: EntranceVisit): Promise<Response> {
    const { request, address, at } = visit;
    const { name, password, to } = form.parse(
      await readInput(request, at, { maxBytes: MAX_FORM_BYTES }),
    );
    try {
      const user = await door.enter({ name, password }, address, served().config.console, now());
      const session = await beginSession(journal.console, user, now());
      const entry = { who: user.name, by: "password", address, action: "sign in" } as const;
      await note({ ...entry, target: "", result: `as ${user.role}` });
      return enter(visit, session, placeWithin(to));
    } catch (error) {
      if (!(error instanceof ConsoleError)) throw error;
      // Who is slowed down is not noted again and again.
      if (error.code === "wrong_credentials") {
        const entry = { who: "", by: "nothing", address, action: "sign in" } as const;
        const target = findUser(served().config.console, name)?.name ?? UNKNOWN_NAME;
        await note({ ...entry, target, result: "refused" });
      }
      return page(visit, placeWithin(to), error);
    }
  }

  async function leave({ request, place, address }: EntranceVisit): Promise<Response> {
    const known = await findKnown(request.headers, served().config.console, journal.console, now());
    if (known?.session !== undefined) {
      await journal.console.change({ kind: "end session", hash: known.session });
      const { name: who, by } = known;
      await note({ who, by, address, action: "sign out", target: "", result: "" });
    }
    const { base } = place.viewer;
    return redirect(`${base}/login`, {
      "Set-Cookie": sessionCookie(undefined, { base, isSecure: false }),
    });
  }

  return {
    async answer(visit) {
      const { request, at } = visit;
      if (at.pathname === "/logout") {
        if (request.method === "POST") return await leave(visit);
        throw new Problem("method_not_allowed", { headers: { Allow: "POST" } });
      }
      if (at.pathname !== "/login") return undefined;
      const link = at.searchParams.get("link");
      // Whoever only looks whether the page is there does not use up the link.
      if (request.method === "HEAD") return page(visit, "/");
      if (request.method === "GET" && link !== null) return await byLink(visit, link);
      if (request.method === "GET") {
        return page(visit, placeWithin(at.searchParams.get("to") ?? "/"));
      }
      if (request.method === "POST") return await byPassword(visit);
      throw new Problem("method_not_allowed", { headers: { Allow: "GET, HEAD, POST" } });
    },
  };
}

/** Whoever asks this listener itself speaks HTTP, and would not send back a cookie for HTTPS. */
function isReachedBy(publicUrl: string | undefined, headers: Headers): boolean {
  const url = publicUrl === undefined ? null : URL.parse(publicUrl);
  return url?.protocol === "https:" && headers.get("host")?.toLowerCase() === url.host;
}

/**
 * Keeps a path within the console: `//evil.example`, `/\evil.example` and, once it is resolved,
 * `/..//evil.example` lead elsewhere.
 *
 * @param to The path that was sent.
 * @returns The path, or `/`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeWithin("/deliveries?status=4xx"), "/deliveries?status=4xx");
 * assertEquals(placeWithin("//evil.example/"), "/");
 * assertEquals(placeWithin("/.//evil.example/"), "/");
 * ```
 */
export function placeWithin(to: string): string {
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(to)) return "/";
  const resolved = URL.parse(to, "http://console.invalid");
  return resolved === null || resolved.pathname.startsWith("//") ? "/" : to;
}

/** Whether a path is one of those where people come in and go out. */
export function isEntrance(pathname: string): boolean {
  return pathname === "/login" || pathname === "/logout";
}
