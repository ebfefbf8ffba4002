import { X509Certificate } from "node:crypto";
import { describeReadFailure, readSmallFile } from "../../util/files.ts";
import { messageOf } from "../../util/words.ts";

/** Where a certificate and its key are. */
export interface TlsFiles {
  /** The certificate, followed by those that lead to a known one, in PEM form. */
  readonly certificate: string;
  /** Its private key, in PEM form. */
  readonly key: string;
}

/** A certificate and its key, which fit together. */
export interface TlsPair {
  readonly certificate: string;
  /** Secret. */
  readonly key: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** Something is wrong with one of the two files. */
export class TlsFileError extends Error {
  override readonly name = "TlsFileError";

  /**
   * @param file Which of them.
   * @param message What is wrong.
   * @param hint How to put it right.
   */
  constructor(readonly file: keyof TlsFiles, message: string, readonly hint?: string) {
    super(message);
  }
}

/** Reads a file. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Reads a certificate and its key, and checks that a server can use them.
 *
 * @param files Where they are.
 * @param readFile Reads them.
 * @returns Both.
 * @throws {TlsFileError} When one cannot be read or used, or they do not belong together.
 */
export async function readTlsPair(
  files: TlsFiles,
  readFile: ReadFile = readSmallFile,
): Promise<TlsPair> {
  const certificate = await readPem(files, "certificate", readFile);
  const key = await readPem(files, "key", readFile);
  const { validFromDate, validToDate } = parseCertificate(files, certificate);
  tryOut(files, certificate, key);
  return { certificate, key, validFrom: validFromDate, validTo: validToDate };
}

const PEM = {
  certificate: { label: /-----BEGIN CERTIFICATE-----/, what: "certificate" },
  key: { label: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, what: "private key" },
} as const;

async function readPem(
  files: TlsFiles,
  file: keyof TlsFiles,
  readFile: ReadFile,
): Promise<string> {
  const path = JSON.stringify(files[file]);
  const { label, what } = PEM[file];
  let text: string;
  try {
    text = new TextDecoder().decode(await readFile(files[file]));
  } catch (error) {
    throw new TlsFileError(file, `Cannot read ${path}: ${describeReadFailure(error)}`);
  }
  if (/ENCRYPTED/.test(text)) {
    const hint = "Take the password off with: openssl pkey -in FILE -out KEY";
    throw new TlsFileError(file, `Cannot use ${path}: it needs a password`, hint);
  }
  if (label.test(text)) return text;
  const hint = file === "certificate"
    ? "Take it out of a .pfx with: openssl pkcs12 -in FILE -nokeys -out CERTIFICATE"
    : "Take it out of a .pfx with: openssl pkcs12 -in FILE -nocerts -nodes -out KEY";
  throw new TlsFileError(file, `Cannot use ${path}: it holds no ${what} in PEM form`, hint);
}

/** The first one of a file, before which its key may stand: some programs want both in one file. */
const FIRST_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/;

function parseCertificate(files: TlsFiles, certificate: string): X509Certificate {
  try {
    return new X509Certificate(FIRST_CERTIFICATE.exec(certificate)?.[0] ?? certificate);
  } catch {
    const path = JSON.stringify(files.certificate);
    throw new TlsFileError("certificate", `Cannot use ${path}: its certificate is broken`);
  }
}

/** Whether the runtime takes them can only be tried: on a port that nobody knows, for a moment. */
function tryOut(files: TlsFiles, cert: string, key: string): void {
  try {
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key }).close();
  } catch (error) {
    const path = JSON.stringify(files.key);
    const reason = messageOf(error);
    throw /mismatch/i.test(reason)
      ? new TlsFileError("key", `Cannot use ${path}: it is the key of another certificate`)
      : new TlsFileError("key", `Cannot use ${path}: ${reason}`);
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_DAYS = 14;

/**
 * Says what is odd about the time that a certificate is good for.
 *
 * @param pair The certificate.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns What, or `undefined` when nothing is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const pair = { validFrom: new Date("2026-01-01"), validTo: new Date("2026-03-01") };
 * assertEquals(describeValidity(pair, Date.parse("2026-01-15")), undefined);
 * assertEquals(
 *   describeValidity(pair, Date.parse("2026-03-02")),
 *   "the certificate has expired on 2026-03-01",
 * );
 * ```
 */
export function describeValidity(
  { validFrom, validTo }: Pick<TlsPair, "validFrom" | "validTo">,
  now: number,
): string | undefined {
  if (now < validFrom.getTime()) {
    return `the certificate is not valid before ${dayOf(validFrom)}`;
  }
  if (now > validTo.getTime()) return `the certificate has expired on ${dayOf(validTo)}`;
  return validTo.getTime() - now < SOON_DAYS * DAY_MS
    ? `the certificate expires on ${dayOf(validTo)}`
    : undefined;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
