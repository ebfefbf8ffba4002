import type { ValueWithOrigins } from "./secrets.ts";
import { type ConfigPath, formatPath, isObject, type Mistake, withValueAt } from "./mistake.ts";
import type { Override } from "./environment.ts";
import { describeReadFailure } from "../util/files.ts";

/** A config with everything from outside the file in it. */
export interface FilledIn extends ValueWithOrigins {
  /** What could not be filled in. */
  readonly mistakes: readonly Mistake[];
}

/** Takes the place of what could not be filled in, so that the rest can be judged all the same. */
const STAND_IN = "1";

/**
 * Puts flags and the environment over the file's settings and fills in every `${…}`.
 *
 * @param value The config as its file says it.
 * @param overrides Flags and environment, the stronger ones last. They are taken as they are.
 * @param lookup Where the values of `${…}` come from.
 * @returns The config, and where each value from outside came from.
 */
export async function fillIn(
  value: unknown,
  overrides: readonly Override[],
  lookup: Lookup,
): Promise<FilledIn> {
  const origins = new Map(overrides.map(({ path, from }) => [formatPath(path), from]));
  const mistakes: Mistake[] = [];

  async function visit(here: unknown, path: ConfigPath): Promise<unknown> {
    if (Array.isArray(here)) {
      return await Promise.all(here.map((item, index) => visit(item, [...path, index])));
    }
    if (isObject(here)) {
      const entries = Object.entries(here).map(async ([key, item]) =>
        [key, await visit(item, [...path, key])] as const
      );
      return Object.fromEntries(await Promise.all(entries));
    }
    return typeof here === "string" ? await visitText(here, path) : here;
  }

  async function visitText(text: string, path: ConfigPath): Promise<string> {
    if (origins.has(formatPath(path))) return text;
    const filled = await interpolate(text, lookup);
    if (filled.from.length > 0) origins.set(formatPath(path), filled.from.join(" and "));
    mistakes.push(...filled.problems.map((problem) => ({ path, ...problem })));
    return filled.problems.length > 0 ? STAND_IN : filled.text;
  }

  const overridden = overrides.reduce<unknown>(
    (whole, { path, value }) => withValueAt(whole, path, value),
    value,
  );
  return { value: await visit(overridden, []), origins, mistakes };
}

/** Where the values of `${…}` come from. */
export interface Lookup {
  /** An environment variable, `undefined` when unset. */
  env(name: string): string | undefined;
  /** The text of a file; rejects when it can't be read. */
  file(path: string): Promise<string>;
}

/** A text with everything filled in. */
export interface Interpolated {
  readonly text: string;
  /** What was filled in, e.g. `${PORT}`, without its default; empty when nothing was. */
  readonly from: readonly string[];
  /** What could not be filled in; the text is then not usable. */
  readonly problems: readonly Problem[];
}

interface Problem {
  readonly message: string;
  readonly hint?: string;
}

type Part =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "variable"; readonly name: string; readonly otherwise?: string }
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "problem"; readonly problem: Problem };

type Filled = { readonly text: string } | { readonly problem: Problem };

/**
 * Fills in `${NAME}`, `${NAME:-default}` and `${file:PATH}`; `$${` stands for `${` itself.
 *
 * What is filled in is taken as it is: a `${` inside it is not looked at again.
 *
 * @param text The text of one setting.
 * @param lookup Where the values come from.
 * @returns The filled text, or every reason why it can't be had.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lookup = { env: (name: string) => ({ HOST: "erp" })[name], file: () => Promise.resolve("") };
 * const { text } = await interpolate("http://${HOST}:${PORT:-80}/$${HOST}", lookup);
 * assertEquals(text, "http://erp:80/${HOST}");
 * ```
 */
export async function interpolate(text: string, lookup: Lookup): Promise<Interpolated> {
  const parts = split(text);
  const filled = await Promise.all(parts.map((part) => fill(part, lookup)));
  return {
    text: filled.map((one) => "text" in one ? one.text : "").join(""),
    from: parts.flatMap(origin),
    problems: filled.flatMap((one) => "problem" in one ? [one.problem] : []),
  };
}

/** The escape first: in `$${`, the second dollar sign opens nothing. */
const PIECE = /\$\$\{|\$\{([^}]*)(\}?)/g;

function split(text: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    parts.push({ type: "text", text: text.slice(end, match.index) });
    const [whole, inside, close] = match;
    if (inside === undefined) parts.push({ type: "text", text: "${" });
    else if (close === "") parts.push(malformed("found ${ without its closing }"));
    else parts.push(readInside(inside));
    end = match.index + whole.length;
  }
  return [...parts, { type: "text", text: text.slice(end) }];
}

function readInside(inside: string): Part {
  if (inside.includes("${")) return malformed("found ${…} inside another ${…}, wanted plain text");
  if (inside.startsWith("file:")) {
    const path = inside.slice("file:".length);
    return path.trim() === ""
      ? malformed("found ${file:} without the path of a file")
      : { type: "file", path };
  }
  const [, name, otherwise] = /^([A-Za-z_]\w*)(?::-([^]*))?$/.exec(inside) ?? [];
  if (name === undefined) return malformed("found ${…} without the name of a variable");
  return { type: "variable", name, ...(otherwise !== undefined && { otherwise }) };
}

function malformed(message: string): Part {
  const hint = "Write ${NAME}, ${NAME:-default} or ${file:PATH}; $${ stands for a literal ${";
  return { type: "problem", problem: { message, hint } };
}

async function fill(part: Part, lookup: Lookup): Promise<Filled> {
  switch (part.type) {
    case "text":
      return part;
    case "problem":
      return part;
    case "variable":
      return fillVariable(part.name, part.otherwise, lookup);
    case "file":
      return await fillFile(part.path, lookup);
  }
}

/** As in a POSIX shell, the default of `:-` also stands in for an empty variable. */
function fillVariable(name: string, otherwise: string | undefined, lookup: Lookup): Filled {
  const value = lookup.env(name);
  if (otherwise !== undefined) {
    return { text: value === undefined || value === "" ? otherwise : value };
  }
  if (value !== undefined) return { text: value };
  return {
    problem: {
      message: `found no environment variable ${JSON.stringify(name)}, wanted it to be set`,
      hint: `Set ${name}, or give a default: \${${name}:-default}`,
    },
  };
}

async function fillFile(path: string, lookup: Lookup): Promise<Filled> {
  try {
    const text = await lookup.file(path);
    return { text: text.replace(/^\uFEFF/, "").replace(/\r?\n$/, "") };
  } catch (error) {
    return { problem: describeUnread(JSON.stringify(path), error) };
  }
}

function describeUnread(name: string, error: unknown): Problem {
  // Thrown by decoding: the file is there, and its bytes are no text of the wanted encoding.
  if (error instanceof TypeError) {
    return {
      message: `found the file ${name} in another encoding, such as an ANSI code page or UTF-16 ` +
        "without its mark, wanted UTF-8",
      hint: "In Notepad: Save as, Encoding UTF-8",
    };
  }
  const isMissing = error instanceof Deno.errors.NotFound;
  return {
    message: isMissing
      ? `found no file ${name}, wanted its text`
      : `found the file ${name}, which can't be read: ${describeReadFailure(error)}`,
    hint: isMissing
      ? "A relative path starts at the folder of the config file"
      : "Let the account of the program read it, or name another file",
  };
}

function origin(part: Part): readonly string[] {
  if (part.type === "variable") return [`\${${part.name}}`];
  if (part.type === "file") return [`\${file:${part.path}}`];
  return [];
}
