/**
 * Says in words why a file can't be read.
 *
 * @param error What reading it threw.
 * @returns The reason, to follow "Cannot read X: ".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeReadFailure } from "./read_failure.ts";
 *
 * assertEquals(describeReadFailure(new Deno.errors.NotFound()), "there is no such file");
 * ```
 */
export function describeReadFailure(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder, wanted a file";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "permission is denied";
  }
  return error instanceof Error ? error.message : String(error);
}
