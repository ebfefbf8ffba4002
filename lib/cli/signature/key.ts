import { type Terminal, UsageError } from "../terminal/command.ts";
import type { Options } from "../terminal/options.ts";

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads the key that `--key` or `--key-env` gives.
 *
 * @param options The command's arguments.
 * @param terminal Where the environment is.
 * @returns The key, exactly as given.
 * @throws {UsageError} When neither or both are given, or the variable is unset or empty.
 */
export function readKey(options: Options, terminal: Pick<Terminal, "env">): string {
  const key = options.text("key");
  const name = options.text("key-env");
  if (key !== undefined && name !== undefined) {
    throw new UsageError("Cannot use both --key and --key-env: give one of them");
  }
  if (key !== undefined) return key;
  if (name === undefined) {
    throw new UsageError("The key is missing: give --key K, or --key-env NAME for a variable");
  }
  // What is no name may be the key itself (`--key-env $KEY`), so it is not repeated.
  if (!VARIABLE_NAME.test(name)) {
    throw new UsageError("--key-env wants the name of an environment variable, not its value");
  }
  const value = terminal.env(name);
  if (value === undefined || value === "") {
    const state = value === undefined ? "not set" : "empty";
    throw new UsageError(
      `Environment variable "${name}" is ${state}: set it to the signature key, or use --key K`,
    );
  }
  return value;
}
