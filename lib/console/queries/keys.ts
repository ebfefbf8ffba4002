/** The keys of every endpoint, by their fingerprints: when each was last used. */
import { waitAtMost } from "../../util/waiting.ts";
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
  /**
   * Back to when it was looked for that, in ISO 8601, where it was not found yet and there is more to
   * look through; `null` where all was.
   */
  readonly lookedBackTo: string | null;
}

/** When a key was used before the program ran, as far as it was looked. */
type PastUse = Pick<KeyOfEndpoint, "lastUsedAt" | "lookedBackTo">;

/** What was found is found once; of keys that nobody uses any more all there is is looked through. */
interface PastUses {
  /** `at` is when it was looked for. */
  readonly known: Map<string, PastUse & { readonly at: number }>;
  looking: Promise<void> | undefined;
}

const PAST_USES = new WeakMap<object, PastUses>();
/** Whoever opens the page sees it by then, as far as it was looked. */
const PATIENCE_MS = 50;
/** What came so long ago may be recorded only now. */
const LATE_MS = 60_000;

/**
 * Lists the keys of the config.
 *
 * @param context What the console is given.
 */
export async function keysNow(
  { served, reader, traffic, now }: Pick<ConsoleContext, "served" | "reader" | "traffic" | "now">,
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
  const uses: PastUses = PAST_USES.get(reader) ?? { known: new Map(), looking: undefined };
  PAST_USES.set(reader, uses);
  const unseen = keys.filter((key) =>
    traffic.keySeenAt(key.endpoint, key.fingerprint) === undefined
  );
  uses.looking ??= lookBack({ reader, now }, unseen, uses)
    .finally(() => uses.looking = undefined);
  // Whoever waits no longer is told the next time.
  uses.looking.catch(() => undefined);
  await waitAtMost(PATIENCE_MS, uses.looking);
  const notLooked: PastUse = { lastUsedAt: null, lookedBackTo: new Date(now()).toISOString() };
  return keys.map((key) => {
    const seen = traffic.keySeenAt(key.endpoint, key.fingerprint);
    if (seen !== undefined) {
      return { ...key, lastUsedAt: new Date(seen).toISOString(), lookedBackTo: null };
    }
    const { lastUsedAt, lookedBackTo } = uses.known.get(placeOf(key)) ?? notLooked;
    return { ...key, lastUsedAt, lookedBackTo };
  });
}

type KeyPlace = Pick<KeyOfEndpoint, "endpoint" | "fingerprint">;

function placeOf({ endpoint, fingerprint }: KeyPlace): string {
  return `${fingerprint} ${endpoint}`;
}

/** Goes on until all is looked through; others read in between. */
async function lookBack(
  { reader, now }: Pick<ConsoleContext, "reader" | "now">,
  keys: readonly KeyPlace[],
  { known }: PastUses,
): Promise<void> {
  for (const key of keys) {
    const { endpoint, fingerprint: verifiedBy } = key;
    const before = known.get(placeOf(key));
    // Of what was looked through, what came since is looked at: another server may have seen the key.
    const since = before?.lookedBackTo === null ? { since: before.at - LATE_MS } : {};
    const at = now();
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const part = cursor === undefined ? {} : { cursor };
      const found = await reader.deliveries({ endpoint, verifiedBy, limit: 1, ...since, ...part });
      const [last] = found.deliveries;
      cursor = last === undefined ? found.next : null;
      const lastUsedAt = last?.receivedAt ?? before?.lastUsedAt ?? null;
      const lookedBackTo = cursor === null ? null : found.lookedBackTo;
      known.set(placeOf(key), { lastUsedAt, lookedBackTo, at });
    }
  }
}
