import {
  configureSync,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  type Logger,
  type LogLevel,
} from "@logtape/logtape";
import { createBatchedWriter } from "./batched_writer.ts";

/** How log lines look: JSON lines for machines, text for people. */
export type LogFormat = "json" | "text";

/** The program's logger. Before {@linkcode startLog} it says nothing. */
export const log: Logger = getLogger(["storehook"]);

const writer = createBatchedWriter((bytes) => Deno.stderr.writeSync(bytes));

/**
 * Sends log lines to standard error.
 *
 * Standard output stays free for what a command answers.
 *
 * @param format JSON lines or text.
 * @param level The lowest level that is written.
 */
export function startLog(format: LogFormat, level: LogLevel): void {
  const formatter = format === "json"
    ? getJsonLinesFormatter({ properties: "flatten" })
    : getAnsiColorFormatter({ timestamp: "time", level: "FULL" });
  configureSync({
    reset: true,
    sinks: { stderr: (record) => writer.write(formatter(record)) },
    loggers: [
      { category: ["storehook"], lowestLevel: level, sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
}

/** Writes what was logged and is not written yet: to be called before the process ends. */
export function flushLog(): void {
  writer.flush();
}
