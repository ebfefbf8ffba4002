import { createHmac } from "node:crypto";
import { join } from "@std/path";

/** The key of every server. The development key is refused beyond this machine. */
export const KEY = "measured-with-this-key";

/** A body in a file, as `wrk` reads it, with its signature. */
export interface SignedBody {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its signature, in the form that a server expects. */
  readonly signature: Readonly<Record<SignatureForm, string>>;
}

/** How a signature is written: uStore has Base64. */
export type SignatureForm = "base64" | "hex";

/**
 * Signs a document and writes it into a file.
 *
 * @param folder Where.
 * @param name The file's name.
 * @param document What is sent as JSON.
 */
export async function writeSigned(
  folder: string,
  name: string,
  document: unknown,
): Promise<SignedBody> {
  const file = join(folder, `${name}.json`);
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  await Deno.writeFile(file, bytes);
  const digest = createHmac("sha512", KEY).update(bytes).digest();
  return {
    file,
    bytes,
    signature: { base64: digest.toString("base64"), hex: digest.toString("hex") },
  };
}

/** The headers of such a body. */
export function headersOf(
  { signature }: Pick<SignedBody, "signature">,
  form: SignatureForm = "base64",
): Readonly<Record<string, string>> {
  return { "Content-Type": "application/json", "X-Signature": signature[form] };
}
