import {
  configureSync,
  getAnsiColorFormatter,
  getConsoleSink,
  getJsonLinesFormatter,
  getLogger,
  type Logger,
  type LogLevel,
} from "@logtape/logtape";

/** How log lines look: JSON lines for machines, text for people. */
export type LogFormat = "json" | "text";

/** The program's logger. Before {@linkcode startLog} it says nothing. */
export const log: Logger = getLogger(["storehook"]);

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
  const toStandardError = {
    debug: "error",
    info: "error",
    warning: "error",
    error: "error",
  } as const;
  configureSync({
    reset: true,
    sinks: {
      stderr: getConsoleSink({
        formatter,
        levelMap: { ...toStandardError, trace: "error", fatal: "error" },
      }),
    },
    loggers: [
      { category: ["storehook"], lowestLevel: level, sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
}
