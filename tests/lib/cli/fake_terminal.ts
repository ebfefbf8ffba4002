import type { Terminal } from "../../../lib/cli/terminal/terminal.ts";

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
  world: {
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    /** What whoever sits before it answers to each question; nobody does unless given. */
    readonly confirms?: boolean;
    /** What is typed as an answer to each question; after the last one the input ends. */
    readonly answers?: readonly string[];
  } = {},
): FakeTerminal {
  const output: string[] = [];
  const errors: string[] = [];
  const { confirms } = world;
  const confirm = (question: string) => {
    errors.push(`${question}\n`);
    return confirms === true;
  };
  const answers = world.answers?.values();
  const ask = (question: string) => {
    errors.push(question, "\n");
    return Promise.resolve(answers?.next().value);
  };
  return {
    out: (text) => void output.push(text),
    outBytes: (bytes) => void output.push(new TextDecoder().decode(bytes)),
    err: (text) => void errors.push(text),
    stdin: () => Promise.resolve(new TextEncoder().encode(world.stdin ?? "")),
    env: (name) => world.env?.[name],
    colour: false,
    showsProgress: false,
    ...(confirms === undefined ? {} : { confirm }),
    ...(answers === undefined ? {} : { ask }),
    output: () => output.join(""),
    errors: () => errors.join(""),
  };
}
