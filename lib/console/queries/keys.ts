/** The keys of every endpoint, by their fingerprints: when each was last used. */
import type { ConsoleContext } from "../context.ts";

/** A key of an endpoint. Never the key itself. */
export interface KeyOfEndpoint {
  readonly endpoint: string;
  readonly kind: string;
  /** How its caller is known, e.g. `x-signature`. */
  readonly scheme: string;
  /** Its place among the keys of the endpoint, from 1; the first one signs answers. */
  readonly place: number;
  readonly fingerprint: string;
  /** When it verified something for the last time, in ISO 8601, as far as the journal reaches. */
  readonly lastUsedAt: string | null;
}

/**
 * Lists the keys of the config.
 *
 * @param context What the console is given.
 */
export async function keysNow(
  { served, reader, traffic }: Pick<ConsoleContext, "served" | "reader" | "traffic">,
): Promise<readonly KeyOfEndpoint[]> {
  const keys = served().endpoints.flatMap(({ path, kind, auth }) =>
    auth.keyFingerprints.map((fingerprint, index) => ({
      endpoint: path,
      kind,
      scheme: auth.scheme,
      place: index + 1,
      fingerprint,
    }))
  );
  return await Promise.all(keys.map(async (key) => {
    const seen = traffic.keySeenAt(key.endpoint, key.fingerprint);
    if (seen !== undefined) return { ...key, lastUsedAt: new Date(seen).toISOString() };
    const { endpoint, fingerprint } = key;
    const { deliveries: [last] } = await reader.deliveries({
      endpoint,
      verifiedBy: fingerprint,
      limit: 1,
    });
    return { ...key, lastUsedAt: last?.receivedAt ?? null };
  }));
}
