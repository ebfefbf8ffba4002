/** The log: what is told to those who run the server, and where the lines go. */
import { type BatchedWriter, createBatchedWriter, openRotatingFile } from "./log_file.ts";
import { createRedactor, type Redactor } from "./redactor.ts";
import { withoutSensitiveFields } from "./sensitive_fields.ts";
import type { LogLevel, LogSettings } from "./settings.ts";
import {
  configureSync,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type Logger,
  type LogRecord,
  type TextFormatter,
} from "@logtape/logtape";
import { messageOf } from "../util/words.ts";
import { writeAllSync } from "../util/files.ts";

/** The program's logger. Before {@linkcode configureLog} it says nothing. */
export const log: Logger = getLogger(["storehook"]);

/** Somewhere to which lines go. */
interface Output {
  readonly writer: BatchedWriter;
  readonly format: (record: LogRecord) => string;
}

/** The file of the log, while it is open. */
interface LogFile {
  readonly settings: Pick<LogSettings, "file" | "maxBytes" | "maxFiles">;
  readonly writer: BatchedWriter;
  close(): void;
}

const formatFlatJson = getJsonLinesFormatter({ properties: "flatten" });
const formatText = getTextFormatter({ timestamp: "rfc3339", level: "FULL" });
const formatColours = getAnsiColorFormatter({ timestamp: "time", level: "FULL" });

const stderr = createBatchedWriter((bytes) => {
  try {
    writeAllSync(Deno.stderr, bytes);
  } catch {
    // Nobody is left to be told, and the server goes on all the same.
  }
});
let file: LogFile | undefined;
/** Where lines go for which the settings name no file. */
let fallback: string | undefined;
let redactText: Redactor["text"] = (text) => text;
let outputs: readonly Output[] = [];
/** Secrets that were in use before a reload may still be in what is logged after it. */
const secrets = new Set<string>();

/**
 * Names a file for what is logged where the settings name none: nobody sees the standard error of a
 * service of Windows.
 *
 * @param path Its absolute path; its folder is made.
 */
export function setLogFallback(path: string): void {
  fallback = path;
}

/**
 * Sends log lines to standard error and, where one is set, to a file. Called again, it takes over
 * what has changed.
 *
 * Standard output stays free for what a command answers.
 *
 * @param settings The settings.
 * @param configSecrets What no line may show, beside those that an earlier call named.
 */
export function configureLog(settings: LogSettings, configSecrets: readonly string[]): void {
  for (const secret of configSecrets) secrets.add(secret);
  const redactor = createRedactor([...secrets]);
  redactText = redactor.text;
  const isTerminal = Deno.stderr.isTerminal();
  const { format } = settings;
  const text = isTerminal && !Deno.noColor ? formatColours : formatText;
  const asJson = redacted(formatJson, redactor.json);
  const onStderr = format === "json" || (format === "auto" && !isTerminal)
    ? asJson
    : redacted(text, redactor.text);
  const inFile = format === "text" ? redacted(formatText, redactor.text) : asJson;
  file = replaceFile(settings);
  outputs = [
    { writer: stderr, format: onStderr },
    ...(file === undefined ? [] : [{ writer: file.writer, format: inFile }]),
  ];
  setLogLevel(settings.level);
}

/**
 * Sets the lowest level that is written, from now on.
 *
 * @param level The level.
 */
export function setLogLevel(level: LogLevel): void {
  configureSync({
    reset: true,
    sinks: { outputs: write },
    loggers: [
      { category: ["storehook"], lowestLevel: level, sinks: ["outputs"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["outputs"] },
    ],
  });
}

/** Text and names in turn, by the template. */
const templates = new Map<string, readonly string[]>();

/**
 * Logs what is told of every request, as `log.info()` does, in half the time: LogTape copies each
 * record, and what it makes of a template is left behind (docs/architecture.md).
 *
 * @param template The message, with the names of properties in braces; there are few of them.
 * @param properties The properties.
 * @param level How much it matters.
 */
export function logOften(
  template: string,
  properties: Readonly<Record<string, unknown>>,
  level: "info" | "warning" = "info",
): void {
  if (!log.isEnabledFor(level)) return;
  let parts = templates.get(template);
  if (parts === undefined) templates.set(template, parts = template.split(/[{}]/));
  write({
    category: log.category,
    level,
    timestamp: Date.now(),
    // Text and values in turn.
    message: parts.map((part, index) => index % 2 === 0 ? part : properties[part]),
    rawMessage: template,
    properties,
  });
}

/**
 * Takes the secrets out of a text that does not go to the log.
 *
 * @param text The text.
 * @returns The same without them.
 */
export function withoutSecrets(text: string): string {
  return redactText(text);
}

/** Writes what was logged and is not written yet: to be called before the process ends. */
export function flushLog(): void {
  for (const { writer } of outputs) writer.flush();
}

function write(record: LogRecord): void {
  const safe = withoutSensitiveFields(record);
  let last: { readonly format: Output["format"]; readonly line: string } | undefined;
  for (const { writer, format } of outputs) {
    // As a rule all get the same line, which is written once.
    if (last?.format !== format) last = { format, line: format(safe) };
    writer.write(last.line);
  }
}

/** A terminal reads them as commands. */
const CONTROL = /[\u007f-\u009f]/;

/** Writes a record as LogTape does; one of plain values, as nearly all are, in a third of the time. */
function formatJson(record: LogRecord): string {
  const { properties, message, level, category, timestamp } = record;
  for (const name in properties) {
    const value = properties[name];
    if (typeof value !== "string" && typeof value !== "number") return formatAnyJson(record);
  }
  let text = "";
  let isValue = false;
  for (const part of message) {
    text += isValue ? JSON.stringify(part) : part;
    isValue = !isValue;
  }
  const line = JSON.stringify({
    "@timestamp": new Date(timestamp).toISOString(),
    level: level === "warning" ? "WARN" : level.toUpperCase(),
    message: text,
    logger: category.join("."),
    ...properties,
  });
  return CONTROL.test(line) ? formatAnyJson(record) : `${line}\n`;
}

/** In the message an error says what it says; what else is known of it stands beside that. */
function formatAnyJson(record: LogRecord): string {
  const message = record.message.map((part) => part instanceof Error ? messageOf(part) : part);
  return formatFlatJson({ ...record, message });
}

function redacted(format: TextFormatter, redact: Redactor["json"]): Output["format"] {
  return (record) => redact(format(record));
}

function replaceFile(settings: LogSettings): LogFile | undefined {
  const { file: path = fallback, maxBytes, maxFiles } = settings;
  const isOwn = settings.isOwn ?? path === fallback;
  const before = file?.settings;
  const isSame = before?.file === path && before?.maxBytes === maxBytes &&
    before?.maxFiles === maxFiles;
  if (isSame) return file;
  file?.writer.flush();
  file?.close();
  if (path === undefined) return undefined;
  const rotating = openRotatingFile({ path, isOwn, maxBytes, maxFiles }, {
    broken: (reason) =>
      log.error("Cannot write the log file {path}: {reason}; it is tried again", { path, reason }),
    recovered: () =>
      log.warn("The log file {path} can be written again; lines are missing", { path }),
    stuck: (reason) =>
      log.error("Cannot rotate the log file {path}, so it grows: {reason}", { path, reason }),
  });
  return {
    settings: { file: path, maxBytes, maxFiles },
    writer: createBatchedWriter(rotating.write),
    close: rotating.close,
  };
}

const UNFORESEEN = 1;

/**
 * Ends the process by an error that nobody caught with a line in the log, and writes what was
 * logged however the process ends. The runtime's own words would hold whatever the error holds.
 *
 * @param tell Who is told of such an error, too.
 */
export function tellLastWords(tell: (text: string) => void = () => {}): void {
  function end(error: unknown): never {
    log.fatal("Cannot go on: {error}", { error });
    tell(messageOf(error));
    flushLog();
    Deno.exit(UNFORESEEN);
  }
  globalThis.addEventListener("unload", flushLog);
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    end(event.error);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    end(event.reason);
  });
}
