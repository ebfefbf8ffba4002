import { bold, green, red, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import { judgeAnswer, type Judged } from "./answer_shape.ts";
import { readBody } from "../explain/body_file.ts";
import { type Command, type Terminal, UsageError } from "../terminal/command.ts";
import { errorWords } from "../terminal/error_words.ts";
import { KEY_OPTIONS, readKey } from "../signature/key.ts";
import { readLanguage } from "../terminal/language_option.ts";
import { parseOptions } from "../terminal/options.ts";
import { configuredKey } from "./configured_key.ts";
import { answeringScheme } from "./other_scheme.ts";
import { isSignatureFine, type Played, playSender } from "./play.ts";
import { needHandler } from "../explain/which_handler.ts";

const TIMEOUT_MS = 30_000;

/**
 * `storehook send`: plays the store, or another platform.
 *
 * @param handlers The kinds that can be played.
 */
export function sendCommand(handlers: readonly Handler[]): Command {
  const width = Math.max(...handlers.map(({ kind }) => kind.length));
  return {
    name: "send",
    summary: "play the store or a platform: send a signed sample and check the answer",
    help: `Usage: storehook send KIND --to URL [--key K | --key-env NAME] [options]

Sends a signed document as the store does, or as the platform that events come from, and checks the
status, the signature and the shape of the answer. Without --body it sends the vendor's own example.

KIND is one of, with its key K:
${handlers.map(({ kind, sample }) => `  ${kind.padEnd(width)}   ${sample.sender.key}`).join("\n")}

An Emporix event's type belongs into the URL: --to https://hooks.example/emporix/cart.updated. That of
the example is added where the URL has none.

Options:
  --to URL         the endpoint's URL
  --key K          the key; without it, the first one that the config has for the
                   endpoint at this URL
  --key-env NAME   the environment variable that holds it: keeps it out of the shell's
                   history
  --config FILE    the config that the key is taken from, found as "serve" finds it
  --body FILE      the document to send, byte by byte; "-" is standard input
  --language CODE  the shopper's language, for messages (default en-US)
  --json           the result as one line of JSON

Exit codes: 0 a good answer, 1 a refusal or a bad answer or none, 2 wrong usage
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["to", "body", "language", "config", ...KEY_OPTIONS],
        flags: ["json"],
        words: ["KIND"],
      });
      const handler = needHandler(handlers, options.words[0] ?? "");
      const { sender } = handler.sample;
      const to = needUrl(options.text("to"));
      const isKeyGiven = KEY_OPTIONS.some((name) => options.text(name) !== undefined);
      const { key, url } = isKeyGiven
        ? { key: readKey(options, terminal), url: to }
        : await configuredKey(handler, to, options, terminal, handlers);
      const file = options.text("body");
      const body = file === undefined
        ? new TextEncoder().encode(JSON.stringify(handler.sample.request))
        : await readBody(file, terminal);
      const language = readLanguage(options, "en-US");
      let played: Played;
      try {
        played = await playSender({
          ...{ url, key, body, language, sender, isSample: file === undefined },
          timeoutMs: TIMEOUT_MS,
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
    },
  };
}

function needUrl(text: string | undefined): string {
  if (text === undefined) throw new UsageError("--to URL is missing");
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
  const message = isTimeout ? `No answer within ${TIMEOUT_MS / 1000} s` : answering === undefined
    // What was sent to may end with a secret of the config.
    ? errorWords(error).replaceAll(url, to)
    : `that port speaks ${
      answering.startsWith("https") ? "HTTPS" : "HTTP"
    }, write --to ${answering}`;
  if (json) terminal.out(`${JSON.stringify({ ok: false, to, error: message })}\n`);
  else terminal.err(`Cannot send to ${to}: ${message}\n`);
  return 1;
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
