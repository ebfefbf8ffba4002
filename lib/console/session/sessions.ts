/** Who is signed in: sessions by a cookie, tokens by a header, and links that sign in once. */
import type { Config } from "../../config/schema.ts";
import type { ConsoleSession, JournalConsole, Role, SignInLink } from "../../journal/console.ts";
import type { Viewer } from "../context.ts";
import { digestOfSecret, newSecret } from "./credentials.ts";

/** How long a session lasts. */
export const SESSION_MS = 12 * 3_600_000;
/** How long a link can be used. */
export const LINK_MS = 60_000;

const COOKIE = "storehook_session";
/** What {@linkcode newSecret} makes. */
const SECRET = /^[\w-]{43}$/;
const BEARER = /^bearer +(\S+) *$/i;

/** Whoever signed in by a link. */
const LINK_NAME = "console";

/** Somebody who is known, without what a request says. */
export type Known = Pick<Viewer, "name" | "by" | "role"> & {
  /** The session's hash, to end it; absent for a token. */
  readonly session?: string;
};

type ConsoleUsers = Pick<Config["console"], "users" | "tokens">;

/**
 * Finds out who sends a request.
 *
 * @param headers The request's headers: a bearer token, else the cookie of a session.
 * @param settings Who may sign in by the config as it is now.
 * @param journal Where sessions are.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns Who it is; `undefined` where nobody is known: the session has run out or was ended, or
 * its user is gone or has another password.
 */
export async function findKnown(
  headers: Headers,
  settings: ConsoleUsers,
  journal: Pick<JournalConsole, "session">,
  now: number,
): Promise<Known | undefined> {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const [, token] = BEARER.exec(authorization) ?? [];
    return token === undefined ? undefined : findToken(token, settings);
  }
  const secret = cookieOf(headers);
  if (secret === undefined) return undefined;
  const session = await journal.session(digestOfSecret(secret));
  return session === undefined ? undefined : whoseSession(session, settings, now);
}

/**
 * Tells whose a session is.
 *
 * @param session The session.
 * @param settings Who may sign in by the config as it is now.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns Who it is, `undefined` where it has ended.
 */
export function whoseSession(
  session: ConsoleSession,
  { users }: ConsoleUsers,
  now: number,
): Known | undefined {
  const { hash, name, by, role, credential, expiresAt } = session;
  if (expiresAt <= now) return undefined;
  if (by === "link") return { name, by, role, session: hash };
  const user = users.find((one) => one.name === name);
  if (user === undefined || digestOfSecret(user.password) !== credential) return undefined;
  return { name, by, role: user.role, session: hash };
}

/** Compared by hashes: how long that takes tells nothing of a token. */
function findToken(token: string, { tokens }: ConsoleUsers): Known | undefined {
  const hash = digestOfSecret(token);
  const found = tokens.find((one) => one.hash.replace(/^sha256\$/, "").toLowerCase() === hash);
  return found === undefined ? undefined : { name: found.name, by: "token", role: found.role };
}

/**
 * Begins a session.
 *
 * @param journal Where it is kept.
 * @param who Whose it is; the hash of a user's password ends it when it is another one.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The value of its cookie, which is kept nowhere.
 */
export async function beginSession(
  journal: Pick<JournalConsole, "change">,
  who: { readonly name: string; readonly password: string } | { readonly role: Role },
  now: number,
): Promise<string> {
  const secret = newSecret();
  const common = { hash: digestOfSecret(secret), createdAt: now, expiresAt: now + SESSION_MS };
  const session: ConsoleSession = "name" in who
    ? {
      ...common,
      name: who.name,
      by: "password",
      role: "viewer",
      credential: digestOfSecret(who.password),
    }
    : { ...common, name: LINK_NAME, by: "link", role: who.role, credential: "" };
  await journal.change({ kind: "begin session", session });
  return secret;
}

/**
 * Offers a link that signs in once, within a minute.
 *
 * @param journal Where it is kept, as a hash.
 * @param consoleUrl Where the console is, without a slash at its end.
 * @param role What it gives.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The link.
 */
export async function offerLink(
  journal: Pick<JournalConsole, "change">,
  consoleUrl: string,
  role: Role,
  now: number,
): Promise<string> {
  const secret = newSecret();
  const link: SignInLink = { hash: digestOfSecret(secret), role, expiresAt: now + LINK_MS };
  await journal.change({ kind: "offer link", link, now });
  return `${consoleUrl}/login?link=${secret}`;
}

/**
 * Uses a link.
 *
 * @param journal Where it is kept.
 * @param secret What stands in it.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The role that it gives, `undefined` when it was used or has run out.
 */
export async function takeLink(
  journal: Pick<JournalConsole, "change" | "link">,
  secret: string,
  now: number,
): Promise<Role | undefined> {
  if (!SECRET.test(secret)) return undefined;
  const hash = digestOfSecret(secret);
  const link = await journal.link(hash);
  if (link === undefined) return undefined;
  return await journal.change({ kind: "use link", hash, now }) ? link.role : undefined;
}

/**
 * Writes the cookie of a session.
 *
 * @param secret Its value; `undefined` takes the cookie away.
 * @param place What the paths of the console begin with, and whether it is reached by HTTPS alone.
 */
export function sessionCookie(
  secret: string | undefined,
  { base, isSecure }: { readonly base: string; readonly isSecure: boolean },
): string {
  const age = secret === undefined ? 0 : SESSION_MS / 1000;
  const secure = isSecure ? "; Secure" : "";
  return `${COOKIE}=${secret ?? ""}; Path=${
    base || "/"
  }; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}

function cookieOf(headers: Headers): string | undefined {
  for (const part of headers.get("cookie")?.split(";") ?? []) {
    const [name, value = ""] = part.trim().split("=", 2);
    if (name === COOKIE && SECRET.test(value)) return value;
  }
  return undefined;
}
