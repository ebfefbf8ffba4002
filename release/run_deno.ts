/**
 * Runs the Deno that runs this.
 *
 * @param args Its arguments.
 * @param env Its whole environment.
 * @returns What it wrote to standard output.
 * @throws {Error} When it fails; the message is its own reason.
 */
export async function runDeno(
  args: readonly string[],
  env: Readonly<Record<string, string>> = Deno.env.toObject(),
): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    clearEnv: true,
    // A closed network may have a certificate authority of its own.
    env: { DENO_TLS_CA_STORE: "mozilla,system", ...env, NO_COLOR: "1" },
    stdin: "null",
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(reasonOf(decoder.decode(stderr)));
  return decoder.decode(stdout);
}

/**
 * Finds the reason in what a failed Deno wrote.
 *
 * @param stderr What it wrote to standard error.
 * @returns The cause that names a URL, else the error and the last of its causes; one line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reasonOf } from "./run_deno.ts";
 *
 * const head = "Download x\nerror: Writing y\n\nCaused by:\n    0: Setting up.\n";
 * assertEquals(reasonOf(`${head}    1: No url (https://a): no host\n    2: No host\n`),
 *   "No url (https://a): no host");
 * assertEquals(reasonOf(`${head}    1: Disk full\n`), "Writing y: Disk full");
 * assertEquals(reasonOf(""), "it said nothing");
 * ```
 */
export function reasonOf(stderr: string): string {
  const [told = ""] = stderr.split("\nStack backtrace:");
  const [before = "", after = ""] = told.split("\nCaused by:\n");
  const causes = linesOf(after).map((line) => line.replace(/^\d+: /, ""));
  const errors = linesOf(before);
  const error = errors.find((line) => line.startsWith("error: "))?.slice("error: ".length) ??
    errors.at(-1) ?? "it said nothing";
  const withUrl = causes.find((cause) => cause.includes("url ("));
  return withUrl ?? [error, ...causes.slice(-1)].join(": ");
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}
