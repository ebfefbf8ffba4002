import type { Terminal } from "../terminal/terminal.ts";
import { messageOf } from "../../util/error_message.ts";
import { writeAllSync } from "../../util/files.ts";

/** Where an export goes, piece by piece. */
interface Output {
  write(text: string): void;
  /** Writes what is pending. */
  finish(): void;
  /** Leaves no half of an export behind. */
  abandon(): void;
}

/** An export can't be written to its end: what is wrong, in one sentence. */
export class OutputFailed extends Error {
  override readonly name = "OutputFailed";
}

/** Enough for few system calls, little enough for memory. */
const CHUNK_CHARACTERS = 65_536;

/**
 * Opens a new file, or standard output.
 *
 * @param file The file; `undefined` is standard output.
 * @param terminal Where standard output is, and where a failure is told.
 * @returns The output, whose file throws {@linkcode OutputFailed} when it can't be written, or `undefined` when the file can't be made, which was told.
 */
export function openOutput(file: string | undefined, terminal: Terminal): Output | undefined {
  if (file === undefined) return { ...inChunks((text) => terminal.out(text)), abandon() {} };
  let opened: Deno.FsFile;
  try {
    // What it will hold is for its owner alone.
    opened = Deno.openSync(file, { write: true, createNew: true, mode: 0o600 });
  } catch (error) {
    terminal.err(`Cannot write "${file}": ${reasonOf(error)}\n`);
    return undefined;
  }
  const encoder = new TextEncoder();
  const chunks = inChunks((text) => {
    try {
      writeAllSync(opened, encoder.encode(text));
    } catch (error) {
      throw new OutputFailed(`Cannot write "${file}": ${reasonOf(error)}`, { cause: error });
    }
  });
  return {
    write: chunks.write,
    finish() {
      chunks.finish();
      opened.close();
    },
    abandon() {
      opened.close();
      Deno.removeSync(file);
    },
  };
}

function inChunks(flush: (text: string) => void): Pick<Output, "write" | "finish"> {
  let pending: string[] = [];
  let length = 0;
  function finish(): void {
    if (length > 0) flush(pending.join(""));
    pending = [];
    length = 0;
  }
  return {
    write(text) {
      pending.push(text);
      length += text.length;
      if (length >= CHUNK_CHARACTERS) finish();
    },
    finish,
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.AlreadyExists) return "it exists already, and is left as it is";
  if (error instanceof Deno.errors.NotFound) return "its folder is missing";
  return messageOf(error);
}
