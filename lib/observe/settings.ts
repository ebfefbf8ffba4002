/** The settings of the log, with their bounds, defaults and descriptions. */
import * as z from "zod";
import { filePath } from "../util/settings.ts";

/** `log`: what the program tells those who run it. */
export const logSettings = z.strictObject({
  level: z.enum(["trace", "debug", "info", "warning", "error", "fatal"]).default("info").meta({
    description: "The lowest level that is written.",
  }),
  format: z.enum(["auto", "json", "text"]).default("auto").meta({
    description: "Lines of JSON, or text for people. auto is text on a terminal, else JSON.",
  }),
  file: filePath.optional().meta({
    description: "A file to which every line goes too. A relative path starts at the folder of " +
      "the config. Without it: standard error alone.",
  }),
  maxBytes: z.int().min(10_000).max(10_737_418_240).default(100_000_000).meta({
    description: "The size from which a new file is begun, in bytes.",
  }),
  maxFiles: z.int().min(2).max(1000).default(10).meta({
    description: "How many files are kept, the one that is written among them.",
  }),
});

/** The settings of the log. */
export type LogSettings = z.output<typeof logSettings> & {
  /** Whether the file's path is a relative one, below the folder of the config. */
  readonly isOwn?: boolean | undefined;
};

/** The least that a record must matter to be written. */
export type LogLevel = LogSettings["level"];
