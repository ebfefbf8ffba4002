/** The text of a config while `storehook setup` changes it: its comments and all else stay. */
import * as jsonc from "jsonc-parser";
import { resolve } from "@std/path";
import { loadConfig, type Loaded, type LoadOptions, type NotLoaded } from "../../config/load.ts";
import {
  type ConfigPath,
  formatPath,
  isWithin,
  type Mistake,
  valueAt,
} from "../../config/mistake.ts";
import { decodeText, readSource } from "../../config/source.ts";
import { readSmallFile } from "../../util/files.ts";
import { withLineEnds } from "../terminal/format.ts";

/** What a new config begins with. */
const NEW = `{
  "$schema": "./config.schema.json",

  // Where Storehook listens. uStore must reach it: beside uStore, loopback is right.
  "server": {
    "hostname": "127.0.0.1",
    "port": 8080
  },

  "endpoints": []
}
`;

/** A config before it is changed. */
export interface Original {
  readonly file: string;
  /** The bytes of the file; `undefined` where there is none. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly text: string;
}

/**
 * Reads the config that is set up.
 *
 * @param file Its path.
 * @returns What it holds; where there is none, what a new one begins with.
 * @throws {Error} When it is there and cannot be read.
 */
export async function readOriginal(file: string): Promise<Original> {
  try {
    const bytes = await readSmallFile(file);
    const text = decodeText(bytes);
    return { file, bytes, text: text.trim() === "" ? withLineEnds(NEW) : text };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { file, bytes: undefined, text: withLineEnds(NEW) };
  }
}

/**
 * Writes a text as an editor wrote the one before: with its encoding and its mark of byte order.
 *
 * @param text The text.
 * @param before The bytes of the one before; UTF-8 where there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeAs("{}", new Uint8Array([0xff, 0xfe, 0x7b, 0])), new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]));
 * assertEquals(encodeAs("{}", new Uint8Array([0xef, 0xbb, 0xbf, 0x7b])), new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));
 * assertEquals(encodeAs("{}", undefined), new Uint8Array([0x7b, 0x7d]));
 * ```
 */
export function encodeAs(
  text: string,
  before: Uint8Array | undefined,
): Uint8Array<ArrayBuffer> {
  const [first, second] = before ?? [];
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const isMarked = first === 0xff || first === 0xfe || first === 0xef;
  const marked = isMarked ? `\ufeff${text}` : text;
  if (before === undefined || (!isLittle && !isBig)) return new TextEncoder().encode(marked);
  const bytes = new Uint8Array(2 * marked.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < marked.length; index++) {
    view.setUint16(2 * index, marked.charCodeAt(index), isLittle);
  }
  return bytes;
}

/**
 * Reads a setting of a config as it is written, before anything is filled in.
 *
 * @param text The config.
 * @param path Where.
 */
export function settingOf(text: string, path: ConfigPath): unknown {
  return valueAt(readSource(text).value, path);
}

/**
 * Changes one setting in the text of a config.
 *
 * @param text The config.
 * @param path Where; what is missing on the way is made.
 * @param value What to write; `undefined` takes it out.
 * @param isInserted Whether a list gets it as a further item, at the position that ends the path.
 * @returns The text, all else in it as it was.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const text = '{\n  // the port\n  "server": { "port": 80 } // of old\n}\n';
 * assertEquals(changeSetting(text, ["server", "port"], 90), text.replace("80", "90"));
 * ```
 */
export function changeSetting(
  text: string,
  path: ConfigPath,
  value: unknown,
  isInserted = false,
): string {
  const isArrayInsertion = isInserted;
  return jsonc.applyEdits(
    text,
    jsonc.modify(text, [...path], value, { formattingOptions: formOf(text), isArrayInsertion }),
  );
}

const PLACEHOLDER = "storehook-setup-placeholder";

/**
 * Adds an item that is written out, with comments, at the end of a list.
 *
 * @param text The config.
 * @param path The list.
 * @param item The item's text, its lines without the indentation of the place.
 * @returns The text, all else in it as it was.
 */
export function appendWritten(text: string, path: ConfigPath, item: string): string {
  const list = settingOf(text, path);
  const index = Array.isArray(list) ? list.length : 0;
  const held = Array.isArray(list)
    ? changeSetting(text, [...path, index], PLACEHOLDER, true)
    : changeSetting(text, path, [PLACEHOLDER]);
  const { eol } = formOf(text);
  const [, indent = ""] = new RegExp(`^([ \\t]*)"${PLACEHOLDER}"`, "m").exec(held) ?? [];
  const lines = item.trimEnd().split("\n");
  return held.replace(`"${PLACEHOLDER}"`, () => lines.join(`${eol}${indent}`));
}

/** How the text is written, so that what is new looks like it. */
function formOf(text: string): { eol: string; insertSpaces: boolean; tabSize: number } {
  const [, indent = "  "] = /^([ \t]+)\S/m.exec(text) ?? [];
  return {
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    insertSpaces: !indent.includes("\t"),
    tabSize: indent.includes("\t") ? 4 : indent.length,
  };
}

/**
 * Loads a text as if it stood in the file.
 *
 * @param text The config.
 * @param loading How the file itself is loaded.
 */
export async function loadDraft(text: string, loading: LoadOptions): Promise<Loaded | NotLoaded> {
  const file = resolve(loading.file);
  return await loadConfig({
    ...loading,
    readFile: async (path) =>
      resolve(path) === file ? new TextEncoder().encode(text) : await readSmallFile(path),
  });
}

/** What a change does to a config. */
export interface Judgement {
  /** What it makes wrong, in the words of `check`, in lines. */
  readonly mistakes: readonly string[];
  /** What works and is hardly meant so. */
  readonly warnings: readonly string[];
}

/**
 * Judges a change as `check` does: what was wrong in other places before it is not its fault.
 *
 * @param before The config.
 * @param after The config with the change.
 * @param place What was changed.
 * @param loading How the file itself is loaded.
 */
export async function judgeChange(
  before: string,
  after: string,
  place: ConfigPath,
  loading: LoadOptions,
): Promise<Judgement> {
  const [old, changed] = [await loadDraft(before, loading), await loadDraft(after, loading)];
  return {
    mistakes: blamed(mistakesOf(old), mistakesOf(changed), place),
    warnings: blamed(old.warnings, changed.warnings, place),
  };
}

function mistakesOf(loaded: Loaded | NotLoaded): readonly Mistake[] {
  return "mistakes" in loaded ? loaded.mistakes : [];
}

function blamed(
  before: readonly Mistake[],
  after: readonly Mistake[],
  place: ConfigPath,
): readonly string[] {
  const known = new Set(before.map(({ path }) => formatPath(path)));
  return after.filter(({ path }) => isWithin(path, place) || !known.has(formatPath(path)))
    .map(inWords);
}

function inWords({ path, message, hint }: Mistake): string {
  const place = path.length === 0 ? "" : `${formatPath(path)}: `;
  return `${place}${message}${hint === undefined ? "" : `. ${hint}`}`;
}
