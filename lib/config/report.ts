import { bold, cyan, red, yellow } from "@std/fmt/colors";
import { formatPath } from "./file/config_path.ts";
import type { LocatedMistake } from "./mistake_in_file.ts";

/** How a list of mistakes is shown. */
export interface ReportOptions {
  /** The config file, as the reader names it. */
  readonly file: string;
  readonly colour: boolean;
  /** What they are: mistakes stop the server, warnings don't, and notes say what is meant. */
  readonly as?: "mistake" | "warning" | "note";
}

/**
 * Shows mistakes as readable blocks, with their number.
 *
 * @param mistakes What was found.
 * @param options How to show it.
 * @returns The text with a line break at its end; empty text when there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reportMistakes } from "./report.ts";
 *
 * const position = { line: 2, column: 15 };
 * const mistake = { path: ["server", "port"], message: "found text, wanted a number", position };
 * assertEquals(
 *   reportMistakes([mistake], { file: "config.json", colour: false }),
 *   "config.json:2:15  server.port\n  found text, wanted a number\n\n1 mistake in config.json\n",
 * );
 * ```
 */
export function reportMistakes(
  mistakes: readonly LocatedMistake[],
  options: ReportOptions,
): string {
  if (mistakes.length === 0) return "";
  const { file, colour, as = "mistake" } = options;
  const tint = { mistake: red, warning: yellow, note: cyan }[as];
  const paint = (style: (text: string) => string, text: string) => colour ? style(text) : text;
  const blocks = mistakes.map(({ path, position, message, hint }) => {
    const place = position === undefined ? "" : `:${position.line}:${position.column}`;
    const name = path.length === 0 ? "" : `  ${paint(bold, formatPath(path))}`;
    const lines = [`${file}${place}${name}`, `  ${message}`];
    return [...lines, ...(hint === undefined ? [] : [`  ${hint}`])].join("\n");
  });
  const count = `${mistakes.length} ${as}${mistakes.length === 1 ? "" : "s"} in ${file}`;
  return `${[...blocks, paint(tint, count)].join("\n\n")}\n`;
}
