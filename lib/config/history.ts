/** The config file as it is changed by the program: never one that somebody else changed meanwhile. */
import { join, resolve } from "@std/path";
import { hash } from "../util/hash.ts";
import { readSmallFile, retryWhileBusy } from "../util/files.ts";
import { decodeText } from "./source.ts";

/** A version of the config file that is kept. */
export interface ConfigVersion {
  /** The name of its file, without the ending. */
  readonly id: string;
  /** When it was replaced, in milliseconds since the epoch. */
  readonly replacedAt: number;
  /** Who replaced it. */
  readonly by: string;
}

/** The file on disk is another one than was meant. */
export class ConfigChangedMeanwhile extends Error {
  override readonly name = "ConfigChangedMeanwhile";
}

/** The oldest of more go. */
const VERSIONS_KEPT = 100;

/**
 * Names the folder in which versions of a config are kept: they hold the same secrets, and stand
 * where the config stands.
 *
 * @param file The path of the config.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(versionsFolder("/etc/storehook/config.json"), "/etc/storehook/config.json-versions");
 * ```
 */
export function versionsFolder(file: string): string {
  return `${file}-versions`;
}

/**
 * Tells files apart: whoever changes one says which one was meant.
 *
 * @param bytes What stands in the file.
 */
export function fingerprintOfConfig(bytes: Uint8Array): string {
  return hash("sha256", bytes).toHex().slice(0, 16);
}

/** A config file as it was read. */
export interface ConfigFile {
  readonly text: string;
  readonly fingerprint: string;
}

/**
 * Reads the config file.
 *
 * @param file Its path.
 * @throws {Deno.errors.NotFound} When it is gone.
 */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const bytes = await readSmallFile(file);
  return { text: decodeText(bytes), fingerprint: fingerprintOfConfig(bytes) };
}

/**
 * Makes what reads files as they would be with another text in the config.
 *
 * @param file The path of the config.
 * @param text The text.
 * @returns What reads a file.
 */
export function readInPlaceOf(file: string, text: string) {
  const bytes = new TextEncoder().encode(text);
  return (path: string): Promise<Uint8Array> =>
    resolve(path) === resolve(file) ? Promise.resolve(bytes) : readSmallFile(path);
}

/** What is written in the place of what. */
export interface ConfigChange {
  readonly file: string;
  readonly text: string;
  /** The fingerprint of the file that is meant to be replaced. */
  readonly replaces: string;
  /** Who does it. */
  readonly by: string;
  /** In milliseconds since the epoch. */
  readonly now: number;
}

/** One at a time: of two who mean the same file, the second one is told that it is another. */
let replacing: Promise<unknown> = Promise.resolve();

/** What was kept, and what stands there now. */
export interface ReplacedConfig {
  readonly kept: ConfigVersion;
  readonly fingerprint: string;
}

/**
 * Replaces the config file, whole or not at all, and keeps the version before.
 *
 * @param change What is written in the place of what.
 * @returns The version that was kept, and the fingerprint of the new one.
 * @throws {ConfigChangedMeanwhile} When another file stands there: nothing is written.
 * @throws {Error} When the disk refuses it, or the file is read-only: the old one stays.
 */
export async function replaceConfig(change: ConfigChange): Promise<ReplacedConfig> {
  const replaced = replacing.then(() => replaceNow(change));
  replacing = replaced.catch(() => undefined);
  return await replaced;
}

async function replaceNow(
  { file: named, text, replaces, by, now }: ConfigChange,
): Promise<ReplacedConfig> {
  // A link stays one: what it leads to is replaced. Versions stand where the config is looked for.
  const file = await Deno.realPath(named);
  const before = await readSmallFile(file);
  if (fingerprintOfConfig(before) !== replaces) throw changed(named);
  const bytes = new TextEncoder().encode(hasMark(before) ? `\ufeff${text}` : text);
  const { mode } = await Deno.stat(file);
  // Whoever may write to its folder could replace it all the same; somebody meant that nobody does.
  if (mode !== null && (mode & 0o222) === 0) {
    throw new Deno.errors.PermissionDenied(`Cannot replace ${named}: it is read-only`);
  }
  const partial = `${file}.partial`;
  let kept: ConfigVersion | undefined;
  try {
    await writeSynced(partial, bytes, mode ?? 0o600);
    kept = await keepVersion(named, before, by, now);
    // Once more, as late as can be: an editor may have saved in between.
    if (fingerprintOfConfig(await readSmallFile(file)) !== replaces) throw changed(named);
    await retryWhileBusy(() => Deno.rename(partial, file));
  } catch (error) {
    await Deno.remove(partial).catch(() => undefined);
    if (kept !== undefined) await removeVersion(named, kept.id);
    throw error;
  }
  for (const old of (await listConfigVersions(named)).slice(VERSIONS_KEPT)) {
    await removeVersion(named, old.id);
  }
  return { kept, fingerprint: fingerprintOfConfig(bytes) };
}

function changed(file: string): ConfigChangedMeanwhile {
  return new ConfigChangedMeanwhile(`Cannot replace ${file}: it was changed meanwhile`);
}

/** A byte order mark, which is no part of the text that is edited. */
function hasMark([first, second, third]: Uint8Array): boolean {
  return first === 0xef && second === 0xbb && third === 0xbf;
}

async function keepVersion(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  by: string,
  now: number,
): Promise<ConfigVersion> {
  const folder = versionsFolder(file);
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const name = by.slice(0, LONGEST_NAME).toWellFormed().trim() || "console";
  // Versions stand in the order of their making, however fast they come or the clock is set back.
  const [newest] = await listConfigVersions(file);
  const replacedAt = Math.max(now, (newest?.replacedAt ?? 0) + 1);
  const id = `${new Date(replacedAt).toISOString().replaceAll(":", "-")} ${escaped(name)}`;
  await writeSynced(join(folder, `${id}.json`), bytes, 0o600);
  return { id, replacedAt, by: name };
}

const LONGEST_NAME = 60;

/** A name as it may stand in that of a file, on Windows too. */
function escaped(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N} _-]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return code < 0x80 ? `%${code.toString(16).padStart(2, "0")}` : "_";
  });
}

function unescaped(name: string): string {
  return name.replaceAll(/%([\da-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

async function removeVersion(file: string, id: string): Promise<void> {
  await Deno.remove(join(versionsFolder(file), `${id}.json`)).catch(() => undefined);
}

async function writeSynced(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true, mode });
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}

const VERSION_NAME = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z) (.+)\.json$/;

/**
 * Lists the versions of a config that are kept, the newest first.
 *
 * @param file The path of the config.
 */
export async function listConfigVersions(file: string): Promise<readonly ConfigVersion[]> {
  const versions: ConfigVersion[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(versionsFolder(file))) {
      const [, time = "", by = ""] = VERSION_NAME.exec(name) ?? [];
      if (!isFile || time === "") continue;
      const iso = time.replace(/T(\d\d)-(\d\d)-/, "T$1:$2:");
      const id = name.slice(0, -".json".length);
      versions.push({ id, replacedAt: Date.parse(iso), by: unescaped(by) });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return versions.sort((a, b) => a.id < b.id ? 1 : -1);
}

/**
 * Reads a version that is kept.
 *
 * @param file The path of the config.
 * @param id The version, as the list names it.
 * @returns Its text; `undefined` when there is none of this name.
 */
export async function readConfigVersion(file: string, id: string): Promise<string | undefined> {
  const found = (await listConfigVersions(file)).find((version) => version.id === id);
  if (found === undefined) return undefined;
  return decodeText(await readSmallFile(join(versionsFolder(file), `${found.id}.json`)));
}
