/** Processes of a measurement. */

/** A process that tells something in lines, and ends when its input does. */
export interface LineProcess extends AsyncDisposable {
  readonly pid: number;
  /** The next line that it writes. */
  line(): Promise<string>;
}

/** Starts a script of this folder. */
export function startScript(script: string, args: readonly string[]): LineProcess {
  const path = new URL(script, import.meta.url).pathname;
  return startProcess(Deno.execPath(), ["run", "--allow-all", "--no-check", path, ...args]);
}

/** Starts a process. */
export function startProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): LineProcess {
  const child = new Deno.Command(command, {
    args: [...args],
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  async function line(): Promise<string> {
    while (!text.includes("\n")) {
      const { value, done } = await output.read();
      if (done) throw new Error(`Cannot measure: ${[command, ...args].join(" ")} ended`);
      text += value;
    }
    const [first = "", ...rest] = text.split("\n");
    text = rest.join("\n");
    return first;
  }
  return {
    pid: child.pid,
    line,
    async [Symbol.asyncDispose]() {
      await input.close();
      child.kill();
      await child.status;
      await output.cancel();
    },
  };
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}
