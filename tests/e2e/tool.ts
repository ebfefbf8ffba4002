/** Other programs of the machine, which know HTTP and HMAC by themselves. */

/** A program of the machine. */
export interface Tool {
  /** Its name when this machine lacks it. */
  readonly missing?: string;
  /**
   * Runs it.
   *
   * @param args Its arguments.
   * @param stdin Its standard input.
   * @returns Its standard output.
   * @throws {Error} When it fails.
   */
  run(args: readonly string[], stdin?: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Finds a program.
 *
 * @param name Its name, e.g. `curl`.
 * @param versionOption What makes it print its version.
 * @param feature A word of that text, for what not every build of it can do.
 */
export function findTool(name: string, versionOption: string, feature = ""): Tool {
  const missing = feature === "" ? name : `${name} with ${feature}`;
  return {
    ...(answers(name, versionOption, feature) ? {} : { missing }),
    async run(args, stdin = new Uint8Array(0)) {
      const child = new Deno.Command(name, {
        args: [...args],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(stdin);
      await writer.close();
      const { success, stdout, stderr } = await child.output();
      if (!success) throw new Error(`${name} failed: ${new TextDecoder().decode(stderr)}`);
      return stdout;
    },
  };
}

function answers(name: string, versionOption: string, feature: string): boolean {
  try {
    const { success, stdout } = new Deno.Command(name, {
      args: [versionOption],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).outputSync();
    return success && new TextDecoder().decode(stdout).includes(feature);
  } catch {
    return false;
  }
}
