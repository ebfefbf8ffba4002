import { resolve } from "@std/path";
import {
  describeValidity,
  type ReadFile,
  readTlsPair,
  TlsFileError,
  type TlsFiles,
  type TlsPair,
} from "../http/listen/tls.ts";
import type { Mistake } from "./mistake.ts";

/** What was found about the certificate. */
export interface CheckedTls {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
  /** The certificate and its key, when there are any that can be used. */
  readonly pair?: TlsPair;
}

/**
 * Finds the files of a certificate.
 *
 * @param files As the config names them.
 * @param folder The folder of the config.
 * @returns Their absolute paths.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isAbsolute } from "@std/path";
 *
 * const { certificate } = resolveTls({ certificate: "tls.crt", key: "tls.key" }, ".");
 * assertEquals(isAbsolute(certificate), true);
 * ```
 */
export function resolveTls({ certificate, key }: TlsFiles, folder: string): TlsFiles {
  return { certificate: resolve(folder, certificate), key: resolve(folder, key) };
}

/**
 * Checks that the certificate and its key can be used.
 *
 * @param files As the config names them, `undefined` when it does not.
 * @param folder The folder of the config.
 * @param readFile Reads them.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns What is wrong, and what is odd.
 */
export async function checkTls(
  files: TlsFiles | undefined,
  folder: string,
  readFile: ReadFile,
  now: number,
): Promise<CheckedTls> {
  if (files === undefined) return { mistakes: [], warnings: [] };
  try {
    const pair = await readTlsPair(resolveTls(files, folder), readFile);
    const validity = describeValidity(pair, now);
    const path = ["server", "tls", "certificate"];
    return {
      pair,
      mistakes: [],
      warnings: validity === undefined ? [] : [{ path, message: validity }],
    };
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    const { file, message, hint } = error;
    return {
      mistakes: [{
        path: ["server", "tls", file],
        message,
        ...(hint === undefined ? {} : { hint }),
      }],
      warnings: [],
    };
  }
}
