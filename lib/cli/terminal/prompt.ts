/** Lines that somebody types: shown, or hidden where they are secrets. */

/** Where they are typed: standard input, or what a test stands in with. */
export interface TypedInput {
  read(buffer: Uint8Array): Promise<number | null>;
  /** Whether each character comes as it is typed, unseen, or a line at a time. */
  setRaw(isRaw: boolean): void;
  /** Calls when Ctrl+C is pressed while lines are read; gives what ends that. */
  onInterrupt(act: () => void): () => void;
}

/**
 * Asks for a line.
 *
 * @param question What stands before the place where it is typed.
 * @param isHidden Whether nothing of it is shown.
 * @returns The line, without its end; `undefined` once the input has ended or Ctrl+C was pressed.
 */
export type AskForLine = (question: string, isHidden?: boolean) => Promise<string | undefined>;

const CHUNK_BYTES = 4096;
const [INTERRUPT, END_OF_TEXT, END_ON_WINDOWS, ERASE_LINE] = ["\x03", "\x04", "\x1a", "\x15"];
/** What an arrow or another key without a character sends. */
// deno-lint-ignore no-control-regex -- they begin with one
const KEY_SEQUENCE = /^\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|$)?/;

/**
 * Makes what asks for lines. What is typed or pasted beyond a line counts for the next question.
 *
 * @param input Where they are typed.
 * @param write Shows a question.
 */
export function createPrompter(input: TypedInput, write: (text: string) => void): AskForLine {
  const decoder = new TextDecoder();
  let typed = "";
  let isOver = false;

  let interrupted = Promise.withResolvers<null>();

  async function readMore(): Promise<void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const length = await Promise.race([input.read(buffer), interrupted.promise]);
    if (length === null || length === 0) isOver = true;
    else typed += decoder.decode(buffer.subarray(0, length), { stream: true });
  }

  /** Takes a line off what was typed; `undefined` where it has no end yet. */
  function takeLine(): string | undefined {
    const found = /\r\n|\r|\n/.exec(typed);
    if (found === null) return undefined;
    const line = typed.slice(0, found.index);
    typed = typed.slice(found.index + found[0].length);
    return line;
  }

  async function readShown(): Promise<string | undefined> {
    for (;;) {
      const line = takeLine();
      if (line !== undefined || isOver) return line;
      await readMore();
    }
  }

  /** The characters as they come: what the terminal does for a line that it shows is done here. */
  async function readHidden(): Promise<string | undefined> {
    let line = "";
    for (;;) {
      while (typed !== "") {
        const [sequence = ""] = KEY_SEQUENCE.exec(typed) ?? [];
        const character = sequence === "" ? String.fromCodePoint(typed.codePointAt(0) ?? 0) : "";
        if (character === "\r" || character === "\n") {
          takeLine();
          return line;
        }
        typed = typed.slice(sequence.length + character.length);
        const isEnd = character === END_OF_TEXT || character === END_ON_WINDOWS;
        if (character === INTERRUPT || (isEnd && line === "")) {
          isOver = true;
          return undefined;
        }
        if (character === "\b" || character === "\x7f") line = [...line].slice(0, -1).join("");
        else if (character === ERASE_LINE) line = "";
        else if (character >= " ") line += character;
      }
      if (isOver) return undefined;
      await readMore();
    }
  }

  return async (question, isHidden = false) => {
    if (isOver) return undefined;
    interrupted = Promise.withResolvers();
    // Before the question is shown: who reads it may press Ctrl+C at once.
    const release = input.onInterrupt(() => interrupted.resolve(null));
    if (isHidden) input.setRaw(true);
    try {
      write(question);
      return await (isHidden ? readHidden() : readShown());
    } finally {
      if (isHidden) {
        input.setRaw(false);
        write("\n");
      }
      release();
    }
  };
}

/**
 * Waits until any key is pressed.
 *
 * @param input The keyboard.
 * @param mostMs For how long at most.
 * @returns What was typed, e.g. `s`; empty text when nobody pressed anything.
 */
export async function readKeyPress(input: TypedInput, mostMs: number): Promise<string> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), mostMs);
  const release = input.onInterrupt(() => late.resolve(null));
  input.setRaw(true);
  try {
    const length = await Promise.race([input.read(buffer), late.promise]);
    return new TextDecoder().decode(buffer.subarray(0, length ?? 0));
  } finally {
    input.setRaw(false);
    release();
    clearTimeout(timer);
  }
}

/** The keyboard of this process. */
export const keyboard: TypedInput = {
  read: (buffer) => Deno.stdin.read(buffer),
  setRaw: (isRaw) => Deno.stdin.setRaw(isRaw),
  onInterrupt(act) {
    Deno.addSignalListener("SIGINT", act);
    return () => Deno.removeSignalListener("SIGINT", act);
  },
};
