import { describeReadFailure } from "../../util/files.ts";
import { type Terminal, UsageError } from "../terminal/command.ts";

/**
 * Reads the exact bytes of a file, or of standard input.
 *
 * @param path The file, or `-` for standard input.
 * @param terminal Where standard input is.
 * @throws {UsageError} When the file can't be read.
 */
export async function readBody(
  path: string,
  terminal: Pick<Terminal, "stdin">,
): Promise<Uint8Array<ArrayBuffer>> {
  if (path === "-") return await terminal.stdin();
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read "${path}": ${describeReadFailure(error)}`, { cause: error });
  }
}
