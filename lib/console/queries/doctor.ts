/** The doctor of signatures: why one is not right. */
import { describeRefusal } from "../../auth/refusals.ts";
import { Problem } from "../../http/problem/problem.ts";
import type { ConsoleContext } from "../context.ts";
import { ConsoleError } from "../errors.ts";
import { keysOf, type SignatureFinding } from "./signature_finding.ts";

/** What was found out about a signature. */
export interface ExaminedSignature {
  readonly endpoint: string;
  /** Whether it is right. */
  readonly matches: boolean;
  /** By which key it is right. */
  readonly verifiedBy: string | null;
  /** What is wrong with it. */
  readonly finding: SignatureFinding | null;
}

/**
 * Finds out what is wrong with a signature.
 *
 * @param context What the console is given.
 * @param given What was sent, and with which signature.
 * @throws {Problem} `not_found` where the config has no such endpoint.
 * @throws {ConsoleError} `wrong_input` where the body is no Base64.
 */
export async function examineSignature(
  { served, reader }: Pick<ConsoleContext, "served" | "reader">,
  given: {
    readonly endpoint: string;
    readonly body: string;
    readonly bodyEncoding: "utf-8" | "base64";
    readonly signature: string;
    readonly headers: string;
  },
): Promise<ExaminedSignature> {
  const { endpoint: path, signature } = given;
  const endpoint = served().endpoints.find((one) => one.path === path);
  if (endpoint === undefined) throw new Problem("not_found");
  const body = bytesOf(given.body, given.bodyEncoding);
  const headers = headersOf(given.headers);
  const isPlain = endpoint.auth.scheme === "x-signature";
  if (isPlain && signature !== "") headers.set("X-Signature", signature);
  const url = () => new URL(path, served().config.server.publicUrl);
  const verified = await endpoint.auth.verify(headers, body, { remoteAddress: "127.0.0.1", url });
  if ("keyIndex" in verified) {
    return { endpoint: path, matches: true, verifiedBy: verified.by, finding: null };
  }
  const keys = keysOf(served().config, path);
  const finding = isPlain && keys.length > 0
    ? await reader.examine(signature, body, keys)
    : { what: describeRefusal(verified) };
  return { endpoint: path, matches: false, verifiedBy: null, finding };
}

function bytesOf(text: string, encoding: "utf-8" | "base64"): Uint8Array<ArrayBuffer> {
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    throw new ConsoleError("wrong_input", { path: "body", reason: "wanted Base64" });
  }
}

/** Lines that are no headers are left out: they were copied along. */
function headersOf(text: string): Headers {
  const headers = new Headers();
  for (const line of text.split(/\r?\n/)) {
    const [, name = "", value = ""] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    try {
      if (name !== "") headers.append(name, value);
    } catch {
      // No request could have carried it.
    }
  }
  return headers;
}
