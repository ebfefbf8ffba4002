import type { StoredDelivery } from "../../journal/delivery.ts";
import type { ExportIdentity } from "../../journal/export.ts";
import type { Journal } from "../../journal/journal.ts";

/** 128 bits in base64url. */
const TOKEN_LENGTH = 22;
const RUNS = /[\w-]{22,}/g;

/** Gives the names under which the lists of recorded deliveries were exported. */
export type RecordedIdentities = (
  delivery: StoredDelivery,
  listKey: string,
  externalId: string | undefined,
) => Promise<ExportIdentity>;

/**
 * Finds the names of exported lists in what was answered, so that an answer of today has the same
 * ones. A list that has none there gets `new-id` and `new-token`.
 *
 * @param journal Where exports are known.
 * @returns What finds the names.
 */
export function recordedIdentities(journal: Pick<Journal, "findExport">): RecordedIdentities {
  const tokens = new Map<string, string>();

  async function tokenOf(
    { endpoint, answer }: StoredDelivery,
    listKey: string,
  ): Promise<string | undefined> {
    const list = `${endpoint}\0${listKey}`;
    const known = tokens.get(list);
    if (known !== undefined) return known;
    const runs = [...new Set(new TextDecoder().decode(answer).match(RUNS) ?? [])];
    const whole = runs.filter((run) => run.length === TOKEN_LENGTH);
    const isOfList = async (candidate: string) => {
      const found = await journal.findExport(candidate);
      return found?.endpoint === endpoint && found.listKey === listKey;
    };
    let [token] = whole;
    if (whole.length !== 1) {
      for (const candidate of runs.flatMap(windowsOf)) {
        if (!await isOfList(candidate)) continue;
        token = candidate;
        break;
      }
    }
    if (token !== undefined) tokens.set(list, token);
    return token;
  }

  return async (delivery, listKey, externalId) => ({
    externalId: externalIdIn(delivery) ?? externalId ?? "new-id",
    token: await tokenOf(delivery, listKey) ?? "new-token",
  });
}

/** A token may stand beside letters of the admin's: `/exports/list-{token}`. */
function windowsOf(run: string): readonly string[] {
  return Array.from(
    { length: run.length - TOKEN_LENGTH + 1 },
    (_, start) => run.slice(start, start + TOKEN_LENGTH),
  );
}

function externalIdIn({ status, answer }: StoredDelivery): string | undefined {
  if (status !== 200) return undefined;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(answer));
    if (typeof parsed !== "object" || parsed === null || !("externalID" in parsed)) {
      return undefined;
    }
    return typeof parsed.externalID === "string" ? parsed.externalID : undefined;
  } catch {
    return undefined;
  }
}
