/** The files and folders that a config names: of certificates, of the journal, and what is written. */
import { dirname, isAbsolute, relative, resolve } from "@std/path";
import { X509Certificate } from "node:crypto";
import {
  describeValidity,
  type ReadFile,
  readTlsPair,
  TlsFileError,
  type TlsFiles,
  type TlsPair,
} from "../http/listen/tls.ts";
import { isObject, type Mistake, numberAt, valueAt } from "./mistake.ts";
import { describeReadFailure, folderTrouble, isFolder, isSameFile } from "../util/files.ts";
import { journalFiles } from "../journal/sqlite/files.ts";
import { type Config, configSchema } from "./schema.ts";
import type { FilledIn } from "./fill_in.ts";

/** What was found about the certificate. */
interface CheckedTls {
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

/** What was found in the files that name authorities. */
interface CheckedAuthorities {
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

const DEFAULTS = configSchema.shape.journal.parse({}, { jitless: true });

const HINT = "The journal needs a file that nothing else uses, nor those beside it that end in " +
  "-wal, -shm and -lock";

/**
 * Makes the paths of the journal absolute.
 *
 * @param journal What the config says of it.
 * @param folder Where relative paths start.
 * @returns The same, with absolute paths.
 */
export function resolveJournal(journal: Config["journal"], folder: string): Config["journal"] {
  const { path, spool, caFile } = journal;
  return {
    ...journal,
    path: resolve(folder, path),
    spool: resolve(folder, spool),
    ...(caFile === undefined ? {} : { caFile: resolve(folder, caFile) }),
  };
}

/**
 * Finds what else would use the files of the journal, and what contradicts itself. While a server
 * runs the former is worse than it looks: to close any descriptor of a file drops the locks of the
 * process on it, on Linux and macOS.
 *
 * @param filled The config, filled in.
 * @param folder Where relative paths start.
 * @param opened What was read to load the config, itself included.
 * @returns Every mistake.
 */
export function checkJournal(
  { value }: Pick<FilledIn, "value">,
  folder: string,
  opened: readonly string[],
): readonly Mistake[] {
  const path = valueAt(value, ["journal", "path"]) ?? DEFAULTS.path;
  if (typeof path !== "string" || path === "") return checkLimits(value);
  const files = journalFiles(resolve(folder, path));
  const isOfJournal = (file: string) => files.some((one) => isSameFile(one, resolve(folder, file)));
  const read = opened.find(isOfJournal);
  const logFile = valueAt(value, ["log", "file"]);
  return [
    ...checkLimits(value),
    ...(!isFolder(resolve(folder, path)) ? [] : [{
      path: ["journal", "path"],
      message: `found ${JSON.stringify(path)}, which is a folder, wanted a file`,
      hint: "Name a file in it, such as journal.db",
    }]),
    ...(read === undefined ? [] : [{
      path: ["journal", "path"],
      message: `found ${JSON.stringify(path)}, while the config reads ${JSON.stringify(read)}`,
      hint: HINT,
    }]),
    ...(typeof logFile !== "string" || !isOfJournal(logFile) ? [] : [{
      path: ["log", "file"],
      message: `found ${JSON.stringify(logFile)}, which is a file of the journal`,
      hint: HINT,
    }]),
  ];
}

/** What waits is a part of the journal. */
function checkLimits(value: unknown): readonly Mistake[] {
  const path = ["journal", "maxWaitingBytes"];
  const most = numberAt(value, ["journal", "maxBytes"], DEFAULTS.maxBytes);
  const waiting = numberAt(value, path, 0);
  return waiting > most
    ? [{
      path,
      message: `found ${waiting}, wanted no more than journal.maxBytes, which is ${most}`,
    }]
    : [];
}

/**
 * Finds folders that can't be: the server would go on without what stands there.
 *
 * @param config The config, with absolute paths.
 * @returns A warning for each.
 */
export async function checkFolders(
  { log, destinations }: Pick<Config, "log" | "destinations">,
): Promise<readonly Mistake[]> {
  const wanted = [
    ...(log.file === undefined ? [] : [{
      path: ["log", "file"],
      folder: dirname(log.file),
      isAlone: log.isOwn !== true,
      what: "nothing is logged there",
    }]),
    ...Object.entries(destinations).flatMap(([name, destination]) =>
      destination.type === "folder"
        ? [{
          path: ["destinations", name, "path"],
          folder: destination.path,
          isAlone: destination.isOwn !== true,
          what: "nothing arrives there",
        }]
        : []
    ),
  ];
  const found = await Promise.all(wanted.map(async ({ path, folder, isAlone, what }) => {
    const trouble = await folderTrouble(folder, isAlone);
    if (trouble === undefined) return [];
    const message = `found a folder that cannot be: ${trouble}, so ${what}`;
    return [{ path, message, hint: "Name a folder that is there, or one that can be made" }];
  }));
  return found.flat();
}

/**
 * Whether a path is one of a folder: a relative one that does not lead out of it. That of another
 * drive stays absolute.
 *
 * @param folder The folder.
 * @param path The path, as the config has it.
 */
export function isInFolder(folder: string, path: string): boolean {
  const from = relative(folder, resolve(folder, path));
  return !isAbsolute(path) && !isAbsolute(from) && !from.startsWith("..");
}
