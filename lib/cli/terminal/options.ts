// The runtime's std parser stays below the table: it loads in 1 ms, commander in 45 ms and citty in
// 77 ms. Both repeat what follows an unknown option, which may be a key, and take the name of an
// option for the value of another.
import { parseArgs } from "@std/cli/parse-args";
import { windowsNameTrouble } from "../../util/windows_names.ts";
import { nearest } from "../../util/words.ts";
import { UsageError } from "./terminal.ts";
import { parseSize, shellWord } from "./format.ts";
import type { CommandSpec, Options, OptionSpec, WordSpec } from "./table.ts";
import { parseDuration, parseTimestamp, TIMESTAMP_FORMS } from "../../util/timestamp.ts";

/**
 * Takes arguments apart.
 *
 * @param args What follows the command's name.
 * @param spec What the command takes.
 * @param now What counts as now, in milliseconds since the epoch.
 * @param os The system on which files are named.
 * @throws {UsageError} When an option is unknown or lacks its value, a value can't be read, or the
 * words do not fit.
 */
export function parseOptions(
  args: readonly string[],
  { options: specs, words = [] }: Pick<CommandSpec, "options" | "words">,
  now: number = Date.now(),
  os: typeof Deno.build.os = Deno.build.os,
): Options {
  const valued = specs.filter((spec) => spec.kind !== "flag");
  const names = valued.map(({ name }) => name);
  const known = specs.map(({ name }) => `--${name}`);
  const parsed = parseArgs(joinValues(args, names), {
    string: [...names, "_"],
    boolean: specs.filter(({ kind }) => kind === "flag").map(({ name }) => name),
    collect: names,
    unknown(arg, key) {
      if (key !== undefined) throw unknownOption(arg, known);
    },
  });
  const given = new Map<string, string | true>();
  for (const spec of specs) {
    const value = spec.kind === "flag" ? parsed[spec.name] === true : onlyValue(spec, parsed, args);
    if (value !== undefined && value !== false) given.set(spec.name, value);
  }
  const found = parsed._.map(String);
  if (!words.some(({ isRepeated }) => isRepeated)) {
    checkWords(found, words.filter(({ unless }) => !unless || !given.has(unless.name)), names);
  }
  if (os === "windows") checkFileNames(specs, words, given, found);
  const numbers = readNumbers(valued, given, now);
  return optionsOf(specs, given, numbers, found);
}

/** What the options say: a name that is not in the table is a mistake of the program. */
function optionsOf(
  specs: readonly OptionSpec[],
  given: ReadonlyMap<string, string | true>,
  numbers: ReadonlyMap<string, number>,
  words: readonly string[],
): Options {
  function specOf(name: string): OptionSpec {
    const spec = specs.find((one) => one.name === name);
    if (spec === undefined) throw new RangeError(`Option "${name}" is not in the command's table`);
    return spec;
  }

  function text(name: string): string | undefined {
    const spec = specOf(name);
    const value = given.get(name);
    return typeof value === "string" ? value : "preset" in spec ? String(spec.preset) : undefined;
  }

  return {
    text,
    need(name) {
      const value = text(name);
      if (value !== undefined) return value;
      const spec = specOf(name);
      const { value: holder, missing } = { missing: undefined, value: "", ...spec };
      throw new UsageError(missing ?? `--${name} ${holder} is missing`);
    },
    number: (name) => numbers.get(specOf(name).name),
    flag: (name) => given.get(specOf(name).name) === true,
    given,
    words,
  };
}

/** The value of an option, which may be given once. */
function onlyValue(
  spec: OptionSpec,
  parsed: Readonly<Record<string, unknown>>,
  args: readonly string[],
): string | undefined {
  const { name } = spec;
  const given = parsed[name];
  const [value, ...more] = Array.isArray(given) ? given.map(String) : [];
  const isEmptyOnPurpose = "mayBeEmpty" in spec && givesEmpty(args, `--${name}`);
  if (value === "" && !isEmptyOnPurpose) throw new UsageError(`Option "--${name}" needs a value`);
  if (more.length > 0) throw new UsageError(`Option "--${name}" is given twice`);
  return value;
}

function checkWords(
  found: readonly string[],
  words: readonly WordSpec[],
  options: readonly string[],
): void {
  if (found.length < words.length) {
    throw new UsageError(
      `${words.slice(found.length).map(({ name }) => name).join(" ")} is missing`,
    );
  }
  if (found.length === words.length) return;
  // What stands there may be a key that lost its option, so it is not repeated.
  const last = found[words.length] ?? "";
  const isConfig = options.includes("config") && /^[^=]*\.jsonc?$/i.test(last);
  const hint = isConfig ? `; for a config write --config ${shellWord(last)}` : "";
  const after = words.map(({ name }) => name).join(" ") || "the options";
  throw new UsageError(`One word too many, after ${after}${hint}`);
}

/** What is no name of a file but an address; a drive of Windows has one letter. */
export const ADDRESS = /^[a-z][a-z\d+.-]+:\/\//i;

/** A file of a name that Windows takes for something else is neither read nor written. */
function checkFileNames(
  specs: readonly OptionSpec[],
  words: readonly WordSpec[],
  given: ReadonlyMap<string, string | true>,
  found: readonly string[],
): void {
  const named = specs.flatMap((spec) => {
    const value = given.get(spec.name);
    const isFile = spec.kind === "text" && spec.isFile === true;
    return isFile && typeof value === "string" ? [[`--${spec.name}`, value] as const] : [];
  });
  const last = words.at(-1);
  const listed = found.flatMap((value, index) => {
    const spec = words[index] ?? (last?.isRepeated ? last : undefined);
    return spec?.isFile ? [[spec.name, value] as const] : [];
  });
  for (const [name, value] of [...named, ...listed]) {
    // Some take the address of a database, too.
    if (ADDRESS.test(value)) continue;
    const trouble = windowsNameTrouble(value);
    if (trouble === undefined) continue;
    const { message, hint } = trouble;
    throw new UsageError(`Cannot use ${name} ${JSON.stringify(value)}, ${message}. ${hint}`);
  }
}

/** Checks the values that are given, and reads those that are numbers. */
function readNumbers(
  specs: readonly OptionSpec[],
  given: ReadonlyMap<string, string | true>,
  now: number,
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const spec of specs) {
    const text = given.get(spec.name);
    if (spec.kind === "number" && text === undefined && spec.preset !== undefined) {
      numbers.set(spec.name, spec.preset);
    }
    if (typeof text !== "string") continue;
    const { value, wanted } = readValue(spec, text, now);
    if (value === undefined) throw unreadable(spec, text, wanted);
    if (typeof value === "number") numbers.set(spec.name, value);
  }
  return numbers;
}

interface ReadValue {
  /** `undefined` when it can't be read. */
  readonly value: string | number | undefined;
  readonly wanted: string;
}

function readValue(spec: OptionSpec, text: string, now: number): ReadValue {
  switch (spec.kind) {
    case "flag":
      return { value: text, wanted: "" };
    case "text":
      return { value: spec.pattern?.test(text) === false ? undefined : text, wanted: "" };
    case "one-of": {
      const { choices } = spec;
      const wanted = choices.join(choices.length === 2 ? " or " : ", ");
      return { value: choices.find((choice) => choice === text), wanted };
    }
    case "number": {
      const { min, max } = spec;
      const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
      const wanted = `a number from ${min} to ${max}`;
      return { value: value >= min && value <= max ? value : undefined, wanted };
    }
    case "time":
      return { value: parseTimestamp(text, now), wanted: `a time such as ${TIMESTAMP_FORMS}` };
    case "duration":
      return { value: parseDuration(text), wanted: "a time such as 30d or 12h" };
    case "size":
      return { value: parseSize(text), wanted: "a size such as 2GB or 500MB" };
  }
}

function unreadable(spec: OptionSpec, text: string, wanted: string): UsageError {
  const own = { refuse: `Cannot read --${spec.name}`, wanted, ...spec };
  return new UsageError(`${own.refuse} "${text}": wanted ${own.wanted}`);
}

/** Whether an empty value is given, which is not the same as none. */
function givesEmpty(args: readonly string[], option: string): boolean {
  return args.some((arg, index) =>
    arg === `${option}=` || (arg === option && args[index + 1] === "")
  );
}

/** The option's name alone: what follows its `=` may be a key. */
function unknownOption(arg: string, known: readonly string[]): UsageError {
  const [name = ""] = arg.split("=", 1);
  const near = nearest(name, known);
  const hint = near === undefined ? "" : `, did you mean "${near}"?`;
  return new UsageError(`Unknown option "${name}"${hint}`);
}

/**
 * Joins options to their values, so that a value may start with a dash: Base64 of either alphabet
 * and random keys do.
 *
 * @param args What follows the command's name.
 * @param names The options with a value, without dashes.
 * @returns The same with `--key VALUE` as `--key=VALUE`.
 */
function joinValues(args: readonly string[], names: readonly string[]): readonly string[] {
  const options = names.map((name) => `--${name}`);
  const isOption = (arg: string) =>
    options.some((option) => arg === option || arg.startsWith(`${option}=`));
  const joined: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") return [...joined, ...args.slice(index)];
    const value = args[index + 1];
    if (options.includes(arg) && value !== undefined && value !== "--" && !isOption(value)) {
      joined.push(`${arg}=${value}`);
      index++;
    } else joined.push(arg);
  }
  return joined;
}
