// @ts-types="@types/pg"
import type { ClientConfig } from "pg";
import { JournalNotOpened } from "../errors.ts";

/** Where the database is, and how it is reached. */
export interface DatabasePlace {
  /**
   * `postgres://user:password@host:port/database`; several hosts are divided by commas, and the one
   * that takes writes is found among them.
   */
  readonly url: string;
  /** The certificates, in PEM, by which the server is known; those of the system unless given. */
  readonly ca?: string;
  /** Gives the password for each new connection, in the place of the one in the URL. */
  readonly password?: () => string | Promise<string>;
  /** The schema in which the tables are; that of the connection unless given. */
  readonly schema?: string;
  /** After how long without an answer a connection is given up, in milliseconds. */
  readonly silenceMs?: number;
}

const CONNECT_TIMEOUT_MS = 5000;
/** From when on the system looks whether the other side of a silent connection is there. */
const KEEP_ALIVE_MS = 10_000;
const APPLICATION = "storehook";
const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** What a URL says. */
interface ReadUrl {
  readonly user: string;
  readonly password: string;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly database: string;
  readonly settings: URLSearchParams;
}

/**
 * Reads what is given for the connections to each host of a database.
 *
 * @param place Where the database is.
 * @returns The hosts, in their order.
 * @throws {JournalNotOpened} When the URL can't be read.
 */
export function readHosts(
  { url, ca, password, schema }: DatabasePlace,
): readonly ClientConfig[] {
  const read = readUrl(url);
  if (typeof read === "string") throw new JournalNotOpened(`Cannot use journal.url: ${read}`);
  const { settings } = read;
  const mode = settings.get("sslmode") ?? (ca === undefined ? "disable" : "verify-full");
  return read.hosts.map(({ host, port }) => ({
    ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }),
    host,
    port,
    database: read.database,
    user: read.user,
    password: password ?? read.password,
    ssl: sslOf(mode, ca),
    application_name: settings.get("application_name") ?? APPLICATION,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  }));
}

/**
 * Reads the password of the URL of a database, which all of its hosts have.
 *
 * @param url The URL.
 * @returns The password; empty where there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(passwordIn("postgres://ann:a%40b@db/x"), "a@b");
 * assertEquals(passwordIn("postgres://ann:9/x+y=@db/x"), "9/x+y=");
 * ```
 */
export function passwordIn(url: string): string {
  const read = readUrl(url);
  return typeof read === "string" ? "" : read.password;
}

/**
 * Says what is wrong with the URL of a database.
 *
 * @param url The URL.
 * @returns What is wanted, and what was found; `undefined` when nothing is wrong.
 */
export function mistakeInUrl(url: string): string | undefined {
  const read = readUrl(url);
  return typeof read === "string" ? read : undefined;
}

function readUrl(url: string): ReadUrl | string {
  const parts = partsOf(url);
  if (parts === undefined) return "wanted postgres://user:password@host:5432/database";
  const { credentials, hostList, path, query } = parts;
  const [, user = "", password = ""] = /^([^:]*):?(.*)$/s.exec(credentials) ?? [];
  const settings = new URLSearchParams(query);
  const mode = settings.get("sslmode");
  if (mode !== null && !SSL_MODES.some((known) => known === mode)) {
    return `wanted sslmode=${SSL_MODES.join("|")}, found "${mode}"`;
  }
  // The folder of a socket stands there, as for libpq.
  const named = hostList === "" ? settings.get("host") ?? "127.0.0.1" : hostList;
  const hosts = named.split(",").map((text) => {
    const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
    return { text, host: decoded(host).replace(/^\[|\]$/g, ""), port: Number(port ?? 5432) };
  });
  const wrong = hosts.find(({ host, port }) => host === "" || port < 1 || port > 65_535);
  if (wrong !== undefined) return `wanted a host and its port as db1:5432, found "${wrong.text}"`;
  return {
    user: decoded(user),
    password: decoded(password),
    hosts,
    database: decoded(path.slice(1)) || decoded(user),
    settings,
  };
}

const BEHIND = String.raw`(\/[^?#@]*)?(?:\?(.*))?$`;
const HOST = String.raw`(?:\[[^\]]*\]|[^:,@/?#[\]]*)(?::\d+)?`;
/** A password stands there as somebody chose it: what divides a URL elsewhere may stand in it. */
const FORMS = [
  new RegExp(String.raw`^(?:([^/?#]*)@)?(${HOST}(?:,${HOST})*)${BEHIND}`, "s"),
  new RegExp(String.raw`^(?:(.*?)@)(?=[^,/?])(${HOST}(?:,${HOST})*)${BEHIND}`, "s"),
  new RegExp(String.raw`^(?:([^/?#]*)@)?([^@/?#]*)${BEHIND}`, "s"),
];

function partsOf(url: string) {
  const [, rest] = /^postgres(?:ql)?:\/\/(.+)$/is.exec(url) ?? [];
  if (rest === undefined) return undefined;
  const form = FORMS.find((each) => each.test(rest));
  const [, credentials = "", hostList = "", path = "", query = ""] = form?.exec(rest) ?? [];
  return form === undefined ? undefined : { credentials, hostList, path, query };
}

/** What only looks like an escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As libpq does: `require` encrypts and asks for no proof, `verify-…` asks for it. */
function sslOf(mode: string, ca: string | undefined): NonNullable<ClientConfig["ssl"]> {
  if (mode === "disable" || mode === "allow" || mode === "prefer") return false;
  const authority = ca === undefined ? {} : { ca };
  if (mode === "verify-full") return { ...authority, rejectUnauthorized: true };
  if (mode === "verify-ca") {
    return { ...authority, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  }
  return { ...authority, rejectUnauthorized: ca !== undefined };
}
