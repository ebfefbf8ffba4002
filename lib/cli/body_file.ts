import { type Terminal, UsageError } from "./command.ts";

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
    throw new UsageError(`Cannot read "${path}": ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder, wanted a file";
  if (error instanceof Deno.errors.PermissionDenied) return "permission is denied";
  return error instanceof Error ? error.message : String(error);
}
