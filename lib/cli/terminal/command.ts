/** What a command may touch of the world around the process, so that a test can stand in for it. */
export interface Terminal {
  /**
   * Writes to standard output; the caller ends its lines.
   *
   * @throws {OutputError} When it cannot be written, e.g. to a disk that is full.
   * @throws {Deno.errors.BrokenPipe} When whoever reads has gone.
   */
  out(text: string): void;
  /** Writes bytes to standard output as they are; throws as {@linkcode Terminal.out} does. */
  outBytes(bytes: Uint8Array): void;
  /** Writes to standard error; the caller ends its lines. */
  err(text: string): void;
  /** All bytes of standard input, to its end. */
  stdin(): Promise<Uint8Array<ArrayBuffer>>;
  /** An environment variable, `undefined` when unset. */
  env(name: string): string | undefined;
  /** Whether standard output shows colours: a terminal, and no `NO_COLOR`. */
  readonly colour: boolean;
  /**
   * Asks a question that is answered by yes or no, on standard error and input; missing where one of
   * them is no terminal and nobody can be asked.
   */
  readonly confirm?: (question: string) => boolean;
  /** Whether standard error shows how far long work has come: a terminal. */
  readonly showsProgress: boolean;
}

/** Standard output cannot be written: why, in one sentence for the user. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** Wrong arguments: what is wrong, in one sentence for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
