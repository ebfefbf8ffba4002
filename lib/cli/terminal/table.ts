import type { Terminal } from "./terminal.ts";

/** What every option has. */
interface NamedOption {
  /** Its name without the dashes. */
  readonly name: string;
  /** What it does, for help and documentation. */
  readonly help: string;
}

/** What an option has that takes a value. */
interface ValuedOption extends NamedOption {
  /** What stands for its value in help, e.g. `FILE`. */
  readonly value: string;
  /** How a complaint about its value begins, `Cannot read --name` unless given. */
  readonly refuse?: string;
  /** What a complaint says is wanted. */
  readonly wanted?: string;
  /** What is said where it has to be given and is not, `--name VALUE is missing` unless given. */
  readonly missing?: string;
}

/** An option without a value. */
export interface FlagOption extends NamedOption {
  readonly kind: "flag";
}

/** An option whose value is text. */
export interface TextOption extends ValuedOption {
  readonly kind: "text";
  /** Whether it is the path of a file: shells complete it. */
  readonly isFile?: true;
  readonly mayBeEmpty?: true;
  /** What it has to look like; `wanted` says so in words. */
  readonly pattern?: RegExp;
  readonly preset?: string;
}

/** An option whose value is one of few words. */
export interface ChoiceOption extends ValuedOption {
  readonly kind: "one-of";
  readonly choices: readonly string[];
  readonly preset?: string;
}

/** An option whose value is a whole number within limits. */
interface NumberOption extends ValuedOption {
  readonly kind: "number";
  readonly min: number;
  readonly max: number;
  readonly preset?: number;
}

/**
 * An option whose value is a time in milliseconds since the epoch, how long something takes in
 * milliseconds, or a size in bytes.
 */
export interface QuantityOption extends ValuedOption {
  readonly kind: "time" | "duration" | "size";
}

/** An option of a command. */
export type OptionSpec = FlagOption | TextOption | ChoiceOption | NumberOption | QuantityOption;

/** A word that may stand in a place, with what it means. */
export type Listed = readonly [word: string, meaning: string];

/** A word beside the options. */
export interface WordSpec {
  /** What stands for it in help, e.g. `FILE`. */
  readonly name: string;
  readonly isFile?: true;
  /** Any number of them may be given. */
  readonly isRepeated?: true;
  /** Not wanted where this option is given. */
  readonly unless?: OptionSpec;
  /** What it may be; loaded for help and completions alone. */
  readonly values?: () => Promise<readonly Listed[]>;
  /** What stands above its values in the help, `NAME is one of` unless given. */
  readonly valuesHead?: string;
}

/**
 * A command as data. Parsing and its complaints, `--help`, completions and `docs/commands.md` are
 * all made of it, so that the name of an option stands once.
 */
export interface CommandSpec {
  /** One word or two. */
  readonly name: string;
  /** Whether it is meant where no command is named. */
  readonly isDefault?: true;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does: paragraphs with an empty line between them. */
  readonly about: string;
  readonly words?: readonly WordSpec[];
  /** The options, in the order of the help. */
  readonly options: readonly OptionSpec[];
  /** Which of them have to be given: one of each list. The command itself asks for them. */
  readonly needs?: readonly (readonly OptionSpec[])[];
  readonly examples?: readonly string[];
  /** What its exit codes mean. */
  readonly exits: Readonly<Record<0 | 2, string>> & { readonly 1?: string };
}

/** The arguments of a command, taken apart. Each name is one of the command's table. */
export interface Options {
  /** The value of an option, else its preset; `undefined` where there is neither. */
  text(name: string): string | undefined;
  /** The value of an option that has to be given; throws `UsageError` where it is not. */
  need(name: string): string;
  /** The number, time, duration or size that an option gives. */
  number(name: string): number | undefined;
  /** Whether a flag is given. */
  flag(name: string): boolean;
  /** The options that are given, in the order of the table: with their values, flags with `true`. */
  readonly given: ReadonlyMap<string, string | true>;
  /** The words beside the options, as many as the command takes. */
  readonly words: readonly string[];
}

/**
 * Runs a command.
 *
 * @returns The exit code: 0 fine, 1 the answer is no or it failed, 2 wrong usage or config.
 * @throws {UsageError} When the arguments are wrong; the caller prints it and exits 2.
 */
export type RunCommand = (options: Options, terminal: Terminal) => Promise<number>;

/** A command with its code, which is loaded when it is asked for: most of the program serves others. */
export interface CommandEntry extends CommandSpec {
  /** Whether it calls functions of Windows; no other command can. */
  readonly usesWindows?: true;
  load(): Promise<RunCommand>;
}
