import type { Terminal } from "../../../lib/cli/terminal/command.ts";

/** A terminal that keeps what is written to it. */
export interface FakeTerminal extends Terminal {
  /** All that was written to standard output. */
  output(): string;
  /** All that was written to standard error. */
  errors(): string;
}

/**
 * Makes a terminal for a test.
 *
 * @param world Its standard input and environment.
 */
export function fakeTerminal(
  world: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> } = {},
): FakeTerminal {
  const output: string[] = [];
  const errors: string[] = [];
  return {
    out: (text) => void output.push(text),
    outBytes: (bytes) => void output.push(new TextDecoder().decode(bytes)),
    err: (text) => void errors.push(text),
    stdin: () => Promise.resolve(new TextEncoder().encode(world.stdin ?? "")),
    env: (name) => world.env?.[name],
    colour: false,
    showsProgress: false,
    output: () => output.join(""),
    errors: () => errors.join(""),
  };
}
