import { dim } from "@std/fmt/colors";
import { prettyJson } from "../terminal/pretty_json.ts";
import { printable } from "../terminal/format.ts";
import { contentOf } from "./content.ts";

/**
 * Shows bytes: JSON broken into lines, other text as it is. In colour when colours are on.
 *
 * @param bytes The bytes.
 * @returns Indented lines; none when there are no bytes.
 */
export function describeContent(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const { text, encoding } = contentOf(bytes);
  if (encoding === "base64") return [dim("  not a text in UTF-8; --json gives it in Base64")];
  const lines = printable(prettyJson(bytes) ?? text, "\n\t").split("\n");
  return lines.map((line) => `  ${line}`);
}
