import { bold, green, red, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import { connectionFailure, openConnection } from "../../util/connection.ts";
import { needHandler } from "./kind.ts";
import { readKey } from "../signature.ts";
import { errorWords, programName } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { readBody, type Terminal, UsageError } from "../terminal/terminal.ts";
import { isSignatureFine, judgeAnswer, type Judged, type Played, playSender } from "./play.ts";
import { configuredKey } from "./configured_key.ts";

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
  const plain = connectionFailure(error);
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
