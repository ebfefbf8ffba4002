import { UsageError } from "./command.ts";
import type { Options } from "./options.ts";

const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

/**
 * Reads the shopper's language that `--language` gives.
 *
 * @param options The command's arguments.
 * @param fallback The language when it is not given.
 * @throws {UsageError} When it is no language code.
 */
export function readLanguage(options: Pick<Options, "text">, fallback: string): string {
  const language = options.text("language") ?? fallback;
  if (LANGUAGE.test(language)) return language;
  throw new UsageError(`Cannot use language "${language}": wanted a code such as fr or de-AT`);
}
