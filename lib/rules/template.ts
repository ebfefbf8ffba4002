import { nearest } from "../util/words.ts";

/** The one value that is inserted as it is: it is a URL already. */
const RAW_NAME = "publicUrl";

type Part = { readonly text: string } | { readonly name: string };

/** What stands between two slashes of a path; a query is one segment with all its slashes. */
interface Segment {
  readonly parts: readonly Part[];
  /** Whether a value might turn it into `.` or `..`. */
  readonly inPath: boolean;
}

/** A URL with gaps to fill. */
export interface Template {
  readonly segments: readonly Segment[];
}

/** What is wrong with a template. */
export interface TemplateMistake {
  readonly message: string;
  /** Counted from 1. */
  readonly column: number;
  readonly hint?: string;
}

/**
 * Reads a URL template, e.g. `{publicUrl}/exports/{token}?list={list.id}`.
 *
 * @param text The template; an empty one gives an empty URL.
 * @param names What may stand in braces; case does not count.
 * @returns The template, or what is wrong with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(compileTemplate("/exports/{tokn}", ["token"]), {
 *   message: "Unknown name {tokn}",
 *   column: 10,
 *   hint: "Did you mean {token}?",
 * });
 * ```
 */
export function compileTemplate(
  text: string,
  names: readonly string[],
): Template | TemplateMistake {
  const parts = cut(text, names);
  return "message" in parts ? parts : { segments: segmentsOf(parts) };
}

/** Cuts a text into literal pieces and names in braces. */
function cut(text: string, names: readonly string[]): readonly Part[] | TemplateMistake {
  const parts: Part[] = [];
  for (const match of text.matchAll(/\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    const [piece, written] = match;
    const column = match.index + 1;
    if (piece === "{") return { message: 'The "{" has no closing "}"', column };
    if (piece === "}") return { message: 'The "}" has no opening "{"', column };
    if (written === undefined) {
      parts.push({ text: piece });
      continue;
    }
    const name = findName(written, names, column);
    if (typeof name !== "string") return name;
    parts.push({ name });
  }
  return parts;
}

function findName(
  written: string,
  names: readonly string[],
  column: number,
): string | TemplateMistake {
  const wanted = written.trim().toLowerCase();
  const name = names.find((candidate) => candidate.toLowerCase() === wanted);
  if (name !== undefined) return name;
  const near = nearest(written.trim(), names);
  return {
    message: `Unknown name {${written}}`,
    column,
    hint: near === undefined
      ? `A template may name ${names.map((known) => `{${known}}`).join(", ")}`
      : `Did you mean {${near}}?`,
  };
}

/** Cuts parts at the slashes of their literal pieces, up to the query. */
function segmentsOf(parts: readonly Part[]): readonly Segment[] {
  const segments: Segment[] = [];
  let current: Part[] = [];
  let inPath = true;
  function finish(): void {
    segments.push({ parts: current, inPath });
    current = [];
  }
  for (const part of parts) {
    for (const text of "text" in part ? part.text.split(/(?<=[/?#])|(?=[/?#])/) : []) {
      if (!inPath || !/^[/?#]$/.test(text)) {
        current.push({ text });
        continue;
      }
      finish();
      current.push({ text });
      inPath = text === "/";
      if (inPath) finish();
    }
    if ("name" in part) current.push(part);
  }
  finish();
  return segments;
}

/**
 * Fills a URL template.
 *
 * @param template The template.
 * @param valueOf Gives the value of a name; it is asked for those that the template holds. Each
 * value is encoded, except `publicUrl`.
 * @returns The URL. No value can leave its place in it, not even `..` as a segment of the path.
 * @throws {TypeError} When a value is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const template = compileTemplate("{publicUrl}/exports?list={list.id}", ["publicUrl", "list.id"]);
 * const values = new Map([["publicUrl", "https://shop.example"], ["list.id", "7 & 8"]]);
 * assertEquals(
 *   "segments" in template && fillTemplate(template, (name) => values.get(name)),
 *   "https://shop.example/exports?list=7%20%26%208",
 * );
 * ```
 */
export function fillTemplate(template: Template, valueOf: ValueOf): string {
  return template.segments.map((segment) => fillSegment(segment, valueOf)).join("");
}

/** Gives the value of a name; `undefined` when there is none. */
type ValueOf = (name: string) => string | undefined;

function fillSegment({ parts, inPath }: Segment, valueOf: ValueOf): string {
  const text = parts.map((part) => fillPart(part, valueOf)).join("");
  const hasValue = parts.some((part) => "name" in part && part.name !== RAW_NAME);
  // URL parsers take "%2E" for a dot too, so the dots of a value are encoded twice.
  return inPath && hasValue && /^\.{1,2}$/.test(text) ? text.replaceAll(".", "%252E") : text;
}

function fillPart(part: Part, valueOf: ValueOf): string {
  if ("text" in part) return part.text;
  const value = valueOf(part.name);
  if (value === undefined) throw new TypeError(`Cannot fill template: no value for {${part.name}}`);
  return part.name === RAW_NAME ? value : encode(value);
}

/** Encodes all but the unreserved characters of RFC 3986. */
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
