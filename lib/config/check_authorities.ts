import { resolve } from "@std/path";
import { X509Certificate } from "node:crypto";
import { describeReadFailure } from "../util/files.ts";
import type { ReadFile } from "../http/listen/tls.ts";
import { isObject, valueAt } from "./file/config_path.ts";
import type { Mistake } from "./mistake.ts";

/** What was found in the files that name authorities. */
export interface CheckedAuthorities {
  readonly mistakes: readonly Mistake[];
  /** The certificates of a `caFile`, by its text in the config. */
  readonly byFile: ReadonlyMap<string, string>;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Reads the certificates of authorities that services and destinations trust.
 *
 * @param value The config.
 * @param folder Its folder.
 * @param readFile Reads them.
 * @returns What was found; a file that can't be used is a mistake.
 */
export async function checkAuthorities(
  value: unknown,
  folder: string,
  readFile: ReadFile,
): Promise<CheckedAuthorities> {
  const mistakes: Mistake[] = [];
  const byFile = new Map<string, string>();
  for (const section of ["services", "destinations"]) {
    const named = valueAt(value, [section]);
    for (const [name, settings] of Object.entries(isObject(named) ? named : {})) {
      const file = isObject(settings) ? settings.caFile : undefined;
      if (typeof file !== "string" || file === "") continue;
      const read = await readAuthority(file, folder, readFile);
      if ("certificates" in read) byFile.set(file, read.certificates);
      else mistakes.push({ path: [section, name, "caFile"], ...read });
    }
  }
  return { mistakes, byFile };
}

async function readAuthority(
  file: string,
  folder: string,
  readFile: ReadFile,
): Promise<{ readonly certificates: string } | Pick<Mistake, "message" | "hint">> {
  const name = JSON.stringify(file);
  let text: string;
  try {
    text = new TextDecoder().decode(await readFile(resolve(folder, file)));
  } catch (error) {
    return { message: `Cannot read ${name}: ${describeReadFailure(error)}` };
  }
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0) {
    const hint = "Make it of a .cer or .der with: openssl x509 -inform der -in FILE -out ca.pem";
    return { message: `Cannot use ${name}: it holds no certificate in PEM form`, hint };
  }
  try {
    for (const certificate of found) new X509Certificate(certificate);
  } catch {
    return { message: `Cannot use ${name}: a certificate in it is broken` };
  }
  return { certificates: found.join("\n") };
}
