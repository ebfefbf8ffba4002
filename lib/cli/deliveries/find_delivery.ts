import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Terminal } from "../terminal/command.ts";
import { findByBeginning, isBeginning, type ReadPage, walkPages } from "../records/beginning.ts";
import { startProgress } from "../terminal/progress.ts";

/** The delivery that was meant, or why none is. */
export type Found =
  | { readonly delivery: StoredDelivery }
  | { readonly delivery?: undefined; readonly candidates: readonly DeliverySummary[] };

const MOST_CANDIDATES = 10;

/**
 * Finds a delivery by its id, the beginning of its id, or its request id: the newest one then.
 *
 * @param journal Where it is looked for.
 * @param name What it was called.
 * @param terminal Where progress is shown.
 * @returns The delivery; without one, those between which the beginning does not decide.
 */
export function findDelivery(
  journal: Journal,
  name: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
): Found {
  const id = name.toLowerCase();
  const exact = journal.get(id);
  if (exact !== undefined) return { delivery: exact };
  const near = isBeginning(id) ? findByBeginning(pagesOf(journal), id) : [];
  const candidates = near.length > 0 ? near : lookEverywhere(journal, name, terminal);
  const [only, ...others] = candidates;
  // Retention may have removed it meanwhile.
  const delivery = only === undefined || others.length > 0 ? undefined : journal.get(only.id);
  return delivery === undefined ? { candidates } : { delivery };
}

/** The newest delivery with this request id, else those whose ids begin so. */
function lookEverywhere(
  journal: Journal,
  name: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
): readonly DeliverySummary[] {
  const beginning = name.toLowerCase();
  const canBegin = isBeginning(beginning);
  const candidates: DeliverySummary[] = [];
  const progress = startProgress("Deliveries looked through", terminal);
  let seen = 0;
  try {
    for (const one of walkPages(pagesOf(journal))) {
      if (one.requestId === name) return [one];
      if (canBegin && one.id.startsWith(beginning)) candidates.push(one);
      progress.step(++seen);
    }
  } finally {
    progress.end();
  }
  return candidates.slice(0, MOST_CANDIDATES);
}

/** The time in an id is that of the answer, which follows what was received soon, as a rule. */
function pagesOf(journal: Journal): ReadPage<DeliverySummary> {
  return (part) => {
    const { deliveries, next } = journal.list(part);
    return { rows: deliveries, next };
  };
}
