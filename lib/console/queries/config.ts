/** The config: its file as it may be shown, what is wrong with it, and what is served of it. */
import { type ConfigFile, readConfigFile } from "../../config/history.ts";
import { formatPath, type LocatedMistake } from "../../config/mistake.ts";
import type { ConsoleContext } from "../context.ts";
import { hideSecrets } from "./shown_config.ts";

/** A mistake or a warning, as `check --json` tells it. */
export interface ShownMistake {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string | null;
}

/** The config as it is shown. */
export interface ShownConfig {
  /** The path of its file. */
  readonly file: string;
  /** The file with its secrets hidden; `null` where it cannot be read. */
  readonly text: string | null;
  /** A hash of the file as it stands there now: whoever changes it says which one was meant. */
  readonly fingerprint: string | null;
  /** Since when the config is served, in ISO 8601. */
  readonly servedSince: string;
  /** What is wrong with the file where it is not served as it is. */
  readonly notServed: { readonly message: string; readonly since: string } | null;
  readonly mistakes: readonly ShownMistake[];
  readonly warnings: readonly ShownMistake[];
}

/**
 * Shows the config.
 *
 * @param context What the console is given.
 */
export async function configNow(context: ConsoleContext): Promise<ShownConfig> {
  const { served, notServed, mistakes } = context;
  const { file, since, secrets, warnings } = served();
  const read = await readOrNone(file);
  return {
    file,
    text: read === undefined ? null : hideSecrets(read.text, secrets),
    fingerprint: read === undefined ? null : read.fingerprint,
    servedSince: new Date(since).toISOString(),
    notServed: notServed() ?? null,
    mistakes: mistakes().map(shownMistake),
    warnings: warnings.map(shownMistake),
  };
}

async function readOrNone(file: string): Promise<ConfigFile | undefined> {
  try {
    return await readConfigFile(file);
  } catch {
    // That it is gone, or no text, stands among the mistakes.
    return undefined;
  }
}

/** A mistake as it is shown. */
export function shownMistake({ path, position, message, hint }: LocatedMistake): ShownMistake {
  return {
    path: formatPath(path),
    line: position?.line ?? null,
    column: position?.column ?? null,
    message,
    hint: hint ?? null,
  };
}
