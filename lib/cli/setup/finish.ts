/** What `storehook setup` does with what was answered: it writes the config, and tries it. */
import { dirname, join } from "@std/path";
import type { Handler } from "../../../handlers/handler.ts";
import type { Loaded, LoadOptions } from "../../config/load.ts";
import { readSource } from "../../config/source.ts";
import { journalSection } from "../../journal/settings.ts";
import { isLoopback, localUrl } from "../../util/addresses.ts";
import { retryWhileBusy, writeAllSync } from "../../util/files.ts";
import { callerOf } from "../send/send.ts";
import { formatDemo, playConfig } from "../send/demo.ts";
import { sendEntry } from "../table/store.ts";
import { parseOptions } from "../terminal/options.ts";
import type { CommandEntry } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { encodeAs, loadDraft, type Original } from "./draft.ts";

/** The file cannot be written: why, in one sentence. */
export class NotWritten extends Error {
  override readonly name = "NotWritten";
}

const OWNER_ONLY = 0o600;

/**
 * Writes the config, into the file that is there: its owner and its rights stay. The version before
 * is kept beside it.
 *
 * @param original The config before.
 * @param text The config now.
 * @returns The file that keeps the version before; `undefined` where there was none.
 * @throws {NotWritten} When it was changed meanwhile, or cannot be written; then it is as it was.
 */
export async function writeConfig(
  { file, bytes }: Original,
  text: string,
): Promise<string | undefined> {
  const written = encodeAs(text, bytes);
  try {
    if (bytes === undefined) {
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeFile(file, written, { createNew: true, mode: OWNER_ONLY });
      return undefined;
    }
    if (!isSame(await Deno.readFile(file), bytes)) {
      throw new NotWritten(
        `"${file}" was changed meanwhile, and is left as it is: run setup again`,
      );
    }
    const kept = `${file}.before`;
    await retryWhileBusy(() => Deno.writeFile(kept, bytes, { mode: OWNER_ONLY }));
    await retryWhileBusy(() => Promise.resolve().then(() => replaceContent(file, written, bytes)));
    return kept;
  } catch (error) {
    if (error instanceof NotWritten) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotWritten(`Cannot write "${file}": ${reason}`, { cause: error });
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** On a full disk there is still room for what was there. */
function replaceContent(file: string, content: Uint8Array, before: Uint8Array): void {
  using opened = Deno.openSync(file, { read: true, write: true });
  const write = (bytes: Uint8Array) => {
    opened.seekSync(0, Deno.SeekMode.Start);
    writeAllSync(opened, bytes);
    opened.truncateSync(bytes.length);
    opened.syncSync();
  };
  try {
    write(content);
  } catch (error) {
    write(before);
    throw error;
  }
}

/**
 * Plays every platform against a config, in this process and with a journal that goes afterwards:
 * nothing is kept, and nothing is handed on.
 *
 * @param text The config.
 * @param loading How its file is loaded.
 * @param handlers The kinds that can be played.
 * @param terminal Where the answers are shown.
 * @returns Whether all of them are as wanted.
 */
export async function tryConfig(
  text: string,
  loading: LoadOptions,
  handlers: readonly Handler[],
  terminal: Terminal,
): Promise<boolean> {
  const folder = await Deno.makeTempDir({ prefix: "storehook-setup-" });
  try {
    const loaded = await loadDraft(text, loading);
    if ("mistakes" in loaded) return false;
    // Also where its own is a database.
    const journal = journalSection.parse({ path: join(folder, "journal.db") });
    const played = { ...loaded, config: { ...loaded.config, journal } };
    const { url, rows } = await playConfig(played, handlers, (endpoint) => {
      const caller = callerOf(endpoint, `http://127.0.0.1${endpoint.path}`);
      const { key = "", isAnybody = false } = caller ?? {};
      const path = caller === undefined ? endpoint.path : new URL(caller.url).pathname;
      return { key, path, isAnybody };
    });
    terminal.out(formatDemo(url, rows, terminal.colour));
    return rows.every(({ complaint }) => complaint === undefined);
  } finally {
    await retryWhileBusy(() => Deno.remove(folder, { recursive: true }));
  }
}

/**
 * Plays the store against a server that runs: what only events would bring is left out, since they
 * would be handed on.
 *
 * @param loaded The config.
 * @param file Its path.
 * @param url Where the server listens.
 * @param handlers The kinds.
 * @param terminal Where the answers are shown.
 * @returns Whether all of them are as wanted.
 */
export async function sendToServer(
  { config }: Loaded,
  file: string,
  url: string,
  handlers: readonly Handler[],
  terminal: Terminal,
): Promise<boolean> {
  let isFine = true;
  for (const { kind, path } of config.endpoints) {
    if (handlers.find((handler) => handler.kind === kind)?.hasEvents !== false) continue;
    terminal.out(`${path}\n`);
    const code = await runEntry(
      sendEntry,
      [kind, "--to", `${url}${path}`, "--config", file],
      terminal,
    );
    isFine &&= code === 0;
  }
  return isFine;
}

/**
 * Runs another command.
 *
 * @param entry The command.
 * @param args What follows its name.
 * @param terminal Where it writes.
 * @returns Its exit code.
 */
export async function runEntry(
  entry: CommandEntry,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const run = await entry.load();
  return await run(parseOptions(args, entry), terminal);
}

/**
 * Tells where each URL is entered, and where its key stands: the keys themselves are not shown.
 *
 * @param loaded The config.
 * @param text Its text.
 * @returns Lines.
 */
export function describePasting({ config }: Loaded, text: string): readonly string[] {
  const source = readSource(text);
  const { publicUrl, hostname, port, tls } = config.server;
  // uStore is on the same machine where nobody else could reach it.
  const own = isLoopback(hostname)
    ? localUrl(hostname, port, tls === undefined ? "http" : "https")
    : publicUrl;
  const urls = config.endpoints.map(({ kind, path }) =>
    `${kind.startsWith("ustore.") ? own : publicUrl}${path}`
  );
  const width = Math.max(0, ...urls.map((url) => url.length));
  return urls.map((url, index) => {
    const lines = ["auth", "signatureKeys"].map((name) =>
      source.position(["endpoints", index, name]).line
    );
    return `  ${url.padEnd(width)}   key: line ${Math.max(...lines)} of the config`;
  });
}
