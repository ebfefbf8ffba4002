/** storehook send: a document is sent as its platform does, with a key of the config. */
import * as z from "zod";
import { bold, green, red, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import type { ConfiguredEndpoint } from "../../config/schema.ts";
import { loadConfig } from "../../config/load.ts";
import { locateForLoading } from "../config/load.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import { readBody, type Terminal, UsageError } from "../terminal/terminal.ts";
import { connectionFailure, openConnection } from "../../util/connection.ts";
import { readKey } from "../signature.ts";
import { errorWords, programName } from "../terminal/format.ts";
import { needHandler } from "./kind.ts";
import { isSignatureFine, judgeAnswer, type Judged, type Played, playSender } from "./play.ts";

/** What the config says of an endpoint's caller. */
interface ConfiguredKey {
  /** As the platform's own setting has it: a key, a secret, or `user:password`. */
  readonly key: string;
  /** The address, with the path token where the endpoint has one and the address does not. */
  readonly url: string;
  /** Whether the endpoint asks nobody who they are. */
  readonly isAnybody: boolean;
}

const text = z.string().min(1);
const settingsSchema = z.object({
  signatureKeys: z.array(text).optional(),
  pathToken: text.optional(),
  auth: z.union([
    z.object({ secrets: z.array(text).min(1) }),
    z.object({ username: z.string(), password: text }),
    z.object({ type: z.literal("none") }),
  ]).optional(),
});

/** Sent where nobody is asked: what is sent for must be of the right form. */
const NOBODY = "nobody:nothing";

/**
 * Takes the key of what is to be sent from the config: that of the endpoint at the address, else of
 * the only endpoint of the kind.
 *
 * @param handler What is played.
 * @param url Where it is sent.
 * @param options The command's arguments, of which `--config` counts.
 * @param terminal Where the environment is.
 * @param kinds The kinds that endpoints may have.
 * @returns The first of the endpoint's keys, which is the newest.
 * @throws {UsageError} When the config can't be loaded, or has no such endpoint or key.
 */
export async function configuredKey(
  handler: Handler,
  url: string,
  options: Options,
  terminal: Terminal,
  kinds: readonly Handler[],
): Promise<ConfiguredKey> {
  const which = { config: options.text("config"), kinds };
  const loading = await locateForLoading(which, terminal);
  const loaded = await loadConfig(loading);
  const otherwise = "give --key K, --key-env NAME or another --config FILE";
  if ("mistakes" in loaded) {
    throw new UsageError(
      `The key is missing, and the config ${loading.file} can't be used: ` +
        `${loaded.mistakes[0]?.message ?? "it has mistakes"}; ${otherwise}`,
    );
  }
  const endpoint = endpointAt(loaded.config.endpoints, handler.kind, new URL(url).pathname);
  if (endpoint === undefined) {
    throw new UsageError(
      `The key is missing, and ${loading.file} has no endpoint of the kind "${handler.kind}" ` +
        `at that path; ${otherwise}`,
    );
  }
  const caller = callerOf(endpoint, url);
  if (caller === undefined) {
    throw new UsageError(`The key is missing, and ${endpoint.path} has none; ${otherwise}`);
  }
  return caller;
}

/**
 * Reads from an endpoint who may call it.
 *
 * @param endpoint The endpoint, opened.
 * @param url Its address.
 * @returns Its newest key; `undefined` where it has none.
 */
export function callerOf(
  { path, settings }: Pick<ConfiguredEndpoint, "path" | "settings">,
  url: string,
): ConfiguredKey | undefined {
  const { data } = settingsSchema.safeParse(settings);
  const key = data === undefined ? undefined : keyOf(data);
  if (key === undefined) return undefined;
  return { key, url: withToken(url, path, data?.pathToken), isAnybody: key === NOBODY };
}

function keyOf({ signatureKeys, auth }: z.output<typeof settingsSchema>): string | undefined {
  if (auth === undefined) return signatureKeys?.[0];
  if ("secrets" in auth) return auth.secrets[0];
  return "password" in auth ? `${auth.username}:${auth.password}` : NOBODY;
}

/** The one with the longest path, as the server chooses; a proxy may have put something before it. */
function endpointAt(
  endpoints: readonly ConfiguredEndpoint[],
  kind: string,
  pathname: string,
): ConfiguredEndpoint | undefined {
  const ofKind = endpoints.filter((one) => one.kind === kind)
    .toSorted((a, b) => b.path.length - a.path.length);
  const at = (isThere: (path: string) => boolean) => ofKind.find(({ path }) => isThere(path));
  return at((path) => pathname === path || pathname.startsWith(`${path}/`)) ??
    at((path) => `${pathname}/`.includes(`${path}/`)) ??
    (ofKind.length === 1 ? ofKind[0] : undefined);
}

function withToken(url: string, path: string, token: string | undefined): string {
  const address = new URL(url);
  if (token === undefined || !address.pathname.replace(/\/$/, "").endsWith(path)) return url;
  address.pathname = `${address.pathname.replace(/\/$/, "")}/${token}`;
  return address.href;
}

const ANSWER_TIMEOUT_MS = 30_000;

/**
 * `storehook send`: plays the store, or another platform.
 *
 * @param handlers The kinds that can be played.
 */
export function sendCommand(handlers: readonly Handler[]): RunCommand {
  return async (options, terminal) => {
    const handler = needHandler(handlers, options.words[0] ?? "");
    const { sender } = handler.sample;
    const to = needUrl(options.need("to"));
    const isKeyGiven = options.given.has("key") || options.given.has("key-env");
    const { key, url } = isKeyGiven
      ? { key: readKey(options, terminal), url: to }
      : await configuredKey(handler, to, options, terminal, handlers);
    const file = options.text("body");
    const body = file === undefined
      ? new TextEncoder().encode(JSON.stringify(handler.sample.request))
      : await readBody(file, terminal);
    const language = options.text("language") ?? "";
    let played: Played;
    try {
      played = await playSender({
        ...{ url, key, body, language, sender, isSample: file === undefined },
        timeoutMs: ANSWER_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
      return await reportFailure({ to, url }, error, options.flag("json"), terminal);
    }
    const judged = judgeAnswer(handler, played);
    const { shape, link } = judged;
    const isWanted = played.status === sender.status;
    const ok = isWanted && isSignatureFine(played) && shape === undefined;
    if (options.flag("json")) {
      const { text, location: _location, ...rest } = played;
      const line = {
        ok,
        kind: handler.kind,
        to,
        ...rest,
        shape: shape ?? "ok",
        answer: text,
        ...(link === undefined ? {} : { see: link }),
      };
      terminal.out(`${JSON.stringify(line)}\n`);
    } else {
      terminal.out(describe(played, { ...judged, isWanted }, terminal.colour));
    }
    return ok ? 0 : 1;
  };
}

function needUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(
      `Cannot send to "${text}": wanted a URL such as http://127.0.0.1:8080/path`,
    );
  }
  return text;
}

async function reportFailure(
  { to, url }: { readonly to: string; readonly url: string },
  error: unknown,
  json: boolean,
  terminal: Terminal,
): Promise<number> {
  const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
  const answering = isTimeout ? undefined : await answeringScheme(to);
  const message = isTimeout
    ? `No answer within ${ANSWER_TIMEOUT_MS / 1000} s`
    : answering === undefined
    // What was sent to may end with a secret of the config.
    ? failureWords(error).replaceAll(url, to)
    : `that port speaks ${
      answering.startsWith("https") ? "HTTPS" : "HTTP"
    }, write --to ${answering}`;
  if (json) terminal.out(`${JSON.stringify({ ok: false, to, error: message })}\n`);
  else terminal.err(`Cannot send to ${to}: ${message}\n`);
  return 1;
}

/** The runtime's own words where there are no plainer ones. */
function failureWords(error: unknown): string {
  const words = errorWords(error);
  if (/refused/i.test(words)) {
    return "the connection is refused, nothing listens there: start the server with " +
      `"${programName()} serve", or compare the port with the config's`;
  }
  // No config says by whom it is trusted; the runtime asks the environment.
  const plain = connectionFailure(error, "DENO_CERT=FILE");
  return plain === "the connection failed" ? words : plain;
}

interface Verdict extends Judged {
  /** Whether the status is the one of a good answer. */
  readonly isWanted: boolean;
}

function describe(played: Played, { isWanted, shape, link }: Verdict, colour: boolean): string {
  setColorEnabled(colour);
  const mark = (good: boolean, text: string) => good ? green(text) : red(text);
  return [
    `${bold("status")}      ${mark(isWanted, String(played.status))}`,
    `${bold("signature")}   ${mark(isSignatureFine(played), played.signature)}`,
    `${bold("shape")}       ${mark(shape === undefined, shape ?? "ok")}`,
    `${bold("time")}        ${played.durationMs.toFixed(1)} ms`,
    `${bold("request id")}  ${played.requestId}`,
    `${bold("answer")}      ${played.text}`,
    ...(link === undefined ? [] : [`${bold("see")}         ${link}`]),
    "",
  ].join("\n");
}

const PROBE_TIMEOUT_MS = 3000;

/**
 * Tells whether something answers at an address once `http` and `https` are changed for each other.
 *
 * @param url An address from which no answer came.
 * @returns The address that does answer; `undefined` when that one doesn't either.
 */
async function answeringScheme(url: string): Promise<string | undefined> {
  const other = new URL(url);
  other.protocol = other.protocol === "https:" ? "http:" : "https:";
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const { href } = new URL("/livez", other);
    const response = await openConnection({ url: href }).request({ signal });
    await response.body?.cancel();
    return other.href;
  } catch (error) {
    // Whoever shows a certificate speaks TLS, trusted or not.
    const words = error instanceof Error ? `${error.message} ${String(error.cause)}` : "";
    return other.protocol === "https:" && /certificate|UnknownIssuer/i.test(words)
      ? other.href
      : undefined;
  }
}
