import { openConnection } from "../../util/connection.ts";

const TIMEOUT_MS = 3000;

/**
 * Tells whether something answers at an address once `http` and `https` are changed for each other.
 *
 * @param url An address from which no answer came.
 * @returns The address that does answer; `undefined` when that one doesn't either.
 */
export async function answeringScheme(url: string): Promise<string | undefined> {
  const other = new URL(url);
  other.protocol = other.protocol === "https:" ? "http:" : "https:";
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { href } = new URL("/livez", other);
    const response = await openConnection({ url: href }).request({ signal });
    await response.body?.cancel();
    return other.href;
  } catch (error) {
    // Whoever shows a certificate speaks TLS, trusted or not.
    const words = error instanceof Error ? `${error.message} ${String(error.cause)}` : "";
    return other.protocol === "https:" && /certificate|UnknownIssuer/i.test(words)
      ? other.href
      : undefined;
  }
}
