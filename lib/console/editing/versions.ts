/** Versions of the config: their differences, who replaced them and when, and going back. */
import { listConfigVersions, readConfigFile, readConfigVersion } from "../../config/history.ts";
import { type DiffLine, diffLines } from "../../config/line_difference.ts";
import { Problem } from "../../http/problem/problem.ts";
import type { ConsoleContext, Viewer } from "../context.ts";
import { hideSecrets } from "../queries/shown_config.ts";
import { saveConfig, type SavedDraft } from "./trial.ts";

/** A version in a list. */
export interface ShownVersion {
  readonly id: string;
  /** When it was replaced, in ISO 8601. */
  readonly replacedAt: string;
  readonly by: string;
}

/** A version beside the config file as it is now. */
export interface ComparedVersion extends ShownVersion {
  /** From this version to the file of now, with secrets hidden. */
  readonly lines: readonly DiffLine[];
  /** Of the file of now. */
  readonly fingerprint: string;
}

/** Lists the versions that are kept, newest first. */
export async function versionsNow(
  { served }: Pick<ConsoleContext, "served">,
): Promise<readonly ShownVersion[]> {
  return (await listConfigVersions(served().file)).map(shown);
}

function shown({ id, replacedAt, by }: { id: string; replacedAt: number; by: string }) {
  return { id, replacedAt: new Date(replacedAt).toISOString(), by };
}

/**
 * Compares a version with the config file of now.
 *
 * @throws {Problem} `not_found` where there is no such version.
 */
export async function compareVersion(
  { served }: Pick<ConsoleContext, "served">,
  id: string,
): Promise<ComparedVersion> {
  const { file, secrets } = served();
  const version = (await listConfigVersions(file)).find((one) => one.id === id);
  const text = await readConfigVersion(file, id);
  if (version === undefined || text === undefined) throw new Problem("not_found");
  const now = await readConfigFile(file);
  const [before, after] = [text, now.text].map((one) => hideSecrets(one, secrets));
  return {
    ...shown(version),
    lines: diffLines(before ?? "", after ?? ""),
    fingerprint: now.fingerprint,
  };
}

/**
 * Goes back to a version, where it still is a config without mistakes.
 *
 * @throws {ConsoleError} `not_possible` where it is none, or the file was changed meanwhile.
 */
export async function restoreVersion(
  context: Pick<ConsoleContext, "served" | "drafts" | "now">,
  viewer: Pick<Viewer, "name">,
  id: string,
  fingerprint: string,
): Promise<SavedDraft> {
  const text = await readConfigVersion(context.served().file, id);
  if (text === undefined) throw new Problem("not_found");
  return await saveConfig(context, viewer, text, fingerprint);
}
