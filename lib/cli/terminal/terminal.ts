import { OutputError, type Terminal } from "./command.ts";

const encoder = new TextEncoder();

/** The terminal around this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => print(encoder.encode(text)),
    outBytes: print,
    err: (text) => writeAll(Deno.stderr, encoder.encode(text)),
    stdin: async () => new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer()),
    env: (name) => Deno.env.get(name),
    colour: Deno.stdout.isTerminal() && (Deno.env.get("NO_COLOR") ?? "") === "",
    showsProgress: Deno.stderr.isTerminal(),
    ...(Deno.stdin.isTerminal() && Deno.stderr.isTerminal() ? { confirm } : {}),
  };
}

/** What is typed beyond the line stays for whoever reads next. */
function confirm(question: string): boolean {
  writeAll(Deno.stderr, encoder.encode(`${question} [y/N] `));
  const line = new Uint8Array(1024);
  const length = Deno.stdin.readSync(line) ?? 0;
  return /^\s*y(?:es)?\s*$/i.test(new TextDecoder().decode(line.subarray(0, length)));
}

function print(bytes: Uint8Array): void {
  try {
    writeAll(Deno.stdout, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OutputError(`Cannot write to standard output: ${reason}`, { cause: error });
  }
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
