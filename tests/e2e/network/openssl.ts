/** Certificates for tests, made by the machine's OpenSSL. */
import { join } from "@std/path";
import { findTool, type Tool } from "../tool.ts";

/** The machine's OpenSSL. */
export const openssl: Tool = findTool("openssl", "version");

/** An authority, and what it signs. */
export interface Authority {
  /** The file of its certificate. */
  readonly certificate: string;
  /**
   * Signs a certificate for this machine.
   *
   * @param name What it and its key are called: `NAME.crt` and `NAME.key`.
   * @param options Further options of `openssl x509`, e.g. for how long it is good.
   */
  sign(name: string, options?: readonly string[]): Promise<void>;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * Makes an authority.
 *
 * @param folder Where its files and those of what it signs are.
 */
export async function createAuthority(folder: string): Promise<Authority> {
  const at = (name: string) => join(folder, name);
  const certificate = at("authority.crt");
  const key = at("authority.key");
  const subject = ["-subj", "/CN=Storehook Test Authority"];
  await openssl.run(["req", "-x509", ...NEW_KEY, "-keyout", key, "-out", certificate, ...subject]);
  return {
    certificate,
    async sign(name, options = ["-days", "90"]) {
      const [request, extensions] = [at(`${name}.csr`), at(`${name}.ext`)];
      await Deno.writeTextFile(
        extensions,
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
      );
      const own = ["-keyout", at(`${name}.key`), "-out", request, "-subj", "/CN=localhost"];
      await openssl.run(["req", ...NEW_KEY, ...own]);
      const by = ["-CA", certificate, "-CAkey", key, "-CAcreateserial", "-extfile", extensions];
      const out = ["-in", request, "-out", at(`${name}.crt`)];
      await openssl.run(["x509", "-req", ...by, ...out, ...options]);
    },
  };
}
