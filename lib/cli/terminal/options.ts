import { parseArgs } from "@std/cli/parse-args";
import { nearest } from "../../util/nearest.ts";
import { UsageError } from "./command.ts";
import { shellWord } from "./program.ts";

/** Which options a command takes, by name without the dashes. */
export interface OptionNames {
  /** Options with a value, e.g. `config` for `--config FILE`. */
  readonly text?: readonly string[];
  /** Those of `text` whose value may be empty. */
  readonly mayBeEmpty?: readonly string[];
  /** Options without one, e.g. `json`. */
  readonly flags?: readonly string[];
  /** What the words beside the options are, e.g. `["KIND"]`; exactly so many are wanted. */
  readonly words?: readonly string[];
  /** Whether any number of words may follow them. */
  readonly more?: boolean;
}

/** The arguments of a command, taken apart. */
export interface Options {
  /** The value of an option, `undefined` when it is not given. */
  text(name: string): string | undefined;
  /** Whether a flag is given. */
  flag(name: string): boolean;
  /** The words beside the options, as many as the command takes. */
  readonly words: readonly string[];
}

/**
 * Takes arguments apart.
 *
 * @param args What follows the command's name.
 * @param names What the command takes.
 * @throws {UsageError} When an option is unknown or lacks its value, or the words do not fit.
 */
export function parseOptions(args: readonly string[], names: OptionNames): Options {
  const { text = [], mayBeEmpty = [], flags = [], words = [], more: takesMore = false } = names;
  const known = [...text, ...flags].map((name) => `--${name}`);
  const parsed = parseArgs(joinValues(args, text), {
    string: [...text, "_"],
    boolean: flags,
    collect: text,
    unknown(arg, key) {
      if (key !== undefined) throw unknownOption(arg, known);
    },
  });
  const values = new Map<string, string>();
  for (const name of text) {
    const given = parsed[name];
    const [value, ...more] = Array.isArray(given) ? given.map(String) : [];
    const isEmptyOnPurpose = mayBeEmpty.includes(name) && givesEmpty(args, `--${name}`);
    if (value === "" && !isEmptyOnPurpose) throw new UsageError(`Option "--${name}" needs a value`);
    if (more.length > 0) throw new UsageError(`Option "--${name}" is given twice`);
    if (value !== undefined) values.set(name, value);
  }
  const found = parsed._.map(String);
  if (found.length < words.length) {
    throw new UsageError(`${words.slice(found.length).join(" ")} is missing`);
  }
  // What stands there may be a key that lost its option, so it is not repeated.
  if (found.length > words.length && !takesMore) {
    const last = found[words.length] ?? "";
    const isConfig = text.includes("config") && /^[^=]*\.jsonc?$/i.test(last);
    const hint = isConfig ? `; for a config write --config ${shellWord(last)}` : "";
    throw new UsageError(`One word too many, after ${words.join(" ") || "the options"}${hint}`);
  }
  return {
    text: (name) => values.get(name),
    flag: (name) => parsed[name] === true,
    words: found,
  };
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
