import { encodeBase64 } from "@std/encoding/base64";
import { formatPath, isObject } from "../file/config_path.ts";
import type { ConfigPath } from "../mistake.ts";
import type { FilledIn } from "./fill_in.ts";
import { isSecret, type Origins } from "./secrets.ts";

/** What a secret of Standard Webhooks begins with; what follows is a secret by itself. */
const PREFIX = /^wh(?:sec|sk)_/;
/** A shorter parameter of a URL is a word as `format=json`. */
const SHORTEST_PARAMETER = 8;

/**
 * Collects what a running server may never show of its config: what stands below the key of a
 * secret, what of it travels in other forms, and credentials within URLs.
 *
 * Other values from the environment, as a port or a host name, are no secrets.
 *
 * @param filled The config.
 * @returns Every such text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const value = { services: { tax: { url: "https://me:pass-word@host/?code=a1b2c3d4", key: "abc" } } };
 * assertEquals(
 *   secretsToHide({ value, origins: new Map() }),
 *   ["pass-word", "a1b2c3d4", "abc"],
 * );
 * ```
 */
export function secretsToHide({ value, origins }: Pick<FilledIn, "value" | "origins">): string[] {
  const secrets = new Set<string>();
  function visit(here: unknown, path: ConfigPath): void {
    if (Array.isArray(here)) here.forEach((item, index) => visit(item, [...path, index]));
    else if (isObject(here)) {
      for (const text of basicCredentials(here)) secrets.add(text);
      for (const [key, item] of Object.entries(here)) visit(item, [...path, key]);
    } else if (typeof here === "string") {
      for (const text of secretsOf(here, path, origins)) secrets.add(text);
    }
  }
  visit(value, []);
  secrets.delete("");
  return [...secrets];
}

function secretsOf(text: string, path: ConfigPath, origins: Origins): readonly string[] {
  if (isSecret(path)) return [text, text.replace(PREFIX, "")];
  const url = URL.parse(text);
  if (url === null || !/^(?:https?|socks5h?):$/.test(url.protocol)) return [];
  const parameters = [...url.searchParams.values()].filter((one) =>
    one.length >= SHORTEST_PARAMETER
  );
  // A URL that does not stand in the file is kept out of it as a whole.
  const isKeptOut = path[0] !== "server" && origins.has(formatPath(path));
  return [...(isKeptOut ? [text, url.href] : []), decoded(url.password), ...parameters];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function basicCredentials(section: Readonly<Record<string, unknown>>): readonly string[] {
  const { username, password } = section;
  if (typeof username !== "string" || typeof password !== "string") return [];
  return [encodeBase64(new TextEncoder().encode(`${username}:${password}`))];
}
