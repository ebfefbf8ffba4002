import type { Terminal } from "./command.ts";

const encoder = new TextEncoder();

/** The terminal around this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => writeAll(Deno.stdout, text),
    err: (text) => writeAll(Deno.stderr, text),
    stdin: async () => new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer()),
    env: (name) => Deno.env.get(name),
    colour: Deno.stdout.isTerminal() && (Deno.env.get("NO_COLOR") ?? "") === "",
    showsProgress: Deno.stderr.isTerminal(),
  };
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
