import { bold, green, red, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../handlers/handler.ts";
import { judgeAnswer, type Judged } from "./answer_shape.ts";
import { readBody } from "./body_file.ts";
import { type Command, type Terminal, UsageError } from "./command.ts";
import { errorWords } from "./error_words.ts";
import { KEY_HELP, KEY_OPTIONS, readKey } from "./key.ts";
import { readLanguage } from "./language_option.ts";
import { parseOptions } from "./options.ts";
import { type Played, playStore } from "./play.ts";
import { listKinds, needHandler } from "./which_handler.ts";

const TIMEOUT_MS = 30_000;

/**
 * `storehook send`: plays the store.
 *
 * @param handlers The kinds that can be played.
 */
export function sendCommand(handlers: readonly Handler[]): Command {
  return {
    name: "send",
    summary: "play the store: send a signed sample and check the answer",
    help: `Usage: storehook send KIND --to URL (--key K | --key-env NAME) [options]

Sends a signed document as the store does, and checks the status, the signature and the shape of
the answer. Without --body it sends the vendor's own example.

KIND is one of:
${listKinds(handlers)}

Options:
  --to URL         the endpoint's URL
${KEY_HELP}  --body FILE      the document to send, byte by byte; "-" is standard input
  --language CODE  the shopper's language, for messages (default en-US)
  --json           the result as one line of JSON

Exit codes: 0 a good answer, 1 a refusal or a bad answer or none, 2 wrong usage
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["to", "body", "language", ...KEY_OPTIONS],
        flags: ["json"],
        words: ["KIND"],
      });
      const handler = needHandler(handlers, options.words[0] ?? "");
      const url = needUrl(options.text("to"));
      const key = readKey(options, terminal);
      const file = options.text("body");
      const body = file === undefined
        ? new TextEncoder().encode(JSON.stringify(handler.sample.request))
        : await readBody(file, terminal);
      const language = readLanguage(options, "en-US");
      let played: Played;
      try {
        played = await playStore({ url, key, body, language, timeoutMs: TIMEOUT_MS });
      } catch (error) {
        return reportFailure(url, error, options.flag("json"), terminal);
      }
      const judged = judgeAnswer(handler, played);
      const { shape, link } = judged;
      const ok = played.status === 200 && played.signature === "verified" && shape === undefined;
      if (options.flag("json")) {
        const { text, location: _location, ...rest } = played;
        const line = {
          ok,
          kind: handler.kind,
          to: url,
          ...rest,
          shape: shape ?? "ok",
          answer: text,
          ...(link === undefined ? {} : { see: link }),
        };
        terminal.out(`${JSON.stringify(line)}\n`);
      } else {
        terminal.out(describe(played, judged, terminal.colour));
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

function reportFailure(url: string, error: unknown, json: boolean, terminal: Terminal): number {
  const message = error instanceof DOMException && error.name === "TimeoutError"
    ? `No answer within ${TIMEOUT_MS / 1000} s`
    : errorWords(error);
  if (json) terminal.out(`${JSON.stringify({ ok: false, to: url, error: message })}\n`);
  else terminal.err(`Cannot send to ${url}: ${message}\n`);
  return 1;
}

function describe(played: Played, { shape, link }: Judged, colour: boolean): string {
  setColorEnabled(colour);
  const mark = (good: boolean, text: string) => good ? green(text) : red(text);
  return [
    `${bold("status")}      ${mark(played.status === 200, String(played.status))}`,
    `${bold("signature")}   ${mark(played.signature === "verified", played.signature)}`,
    `${bold("shape")}       ${mark(shape === undefined, shape ?? "ok")}`,
    `${bold("time")}        ${played.durationMs.toFixed(1)} ms`,
    `${bold("request id")}  ${played.requestId}`,
    `${bold("answer")}      ${played.text}`,
    ...(link === undefined ? [] : [`${bold("see")}         ${link}`]),
    "",
  ].join("\n");
}
