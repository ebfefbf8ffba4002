/**
 * Runs a program of this folder and kills it.
 *
 * @param args The program and its arguments.
 * @param enough After how many lines of output.
 * @returns The whole lines that it printed.
 */
export async function runUntilKilled(
  args: readonly string[],
  enough: number,
): Promise<readonly string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "-A", ...args],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let printed = "";
  let lines = 0;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    lines += text.split("\n").length - 1;
    if (lines >= enough) {
      child.kill("SIGKILL");
      lines = -Infinity;
    }
  }
  await child.status;
  // The last line may have been cut by the kill.
  return printed.split("\n").slice(0, -1);
}
