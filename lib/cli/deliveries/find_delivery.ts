import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";
import type { DeliveryFilter } from "../../journal/filter.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Terminal } from "../command.ts";
import { startProgress } from "../progress.ts";

/** The delivery that was meant, or why none is. */
export type Found =
  | { readonly delivery: StoredDelivery }
  | { readonly delivery?: undefined; readonly candidates: readonly DeliverySummary[] };

const PAGE = 1000;
/** Enough to show that a beginning is too short. */
const MOST_CANDIDATES = 10;
/** The first digits of an id are the time; so many of them make about a minute. */
const BEGINNING = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/;
const TIME_DIGITS = 12;
const MINUTE_MS = 60_000;

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
  const near = BEGINNING.test(id) ? beginningNear(journal, id) : [];
  const candidates = near.length > 0 ? near : lookEverywhere(journal, name, terminal);
  const [only, ...others] = candidates;
  // Retention may have removed it meanwhile.
  const delivery = only === undefined || others.length > 0 ? undefined : journal.get(only.id);
  return delivery === undefined ? { candidates } : { delivery };
}

/** The time in an id is that of the answer, which follows what was received soon, as a rule. */
function beginningNear(journal: Journal, beginning: string): readonly DeliverySummary[] {
  const digits = beginning.replaceAll("-", "").slice(0, TIME_DIGITS);
  const since = parseInt(digits.padEnd(TIME_DIGITS, "0"), 16) - MINUTE_MS;
  const until = parseInt(digits.padEnd(TIME_DIGITS, "f"), 16) + MINUTE_MS;
  const candidates: DeliverySummary[] = [];
  for (const one of walk(journal, { since, until })) {
    if (one.id.startsWith(beginning)) candidates.push(one);
    if (candidates.length === MOST_CANDIDATES) break;
  }
  return candidates;
}

/** The newest delivery with this request id, else those whose ids begin so. */
function lookEverywhere(
  journal: Journal,
  name: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
): readonly DeliverySummary[] {
  const beginning = name.toLowerCase();
  const isBeginning = BEGINNING.test(beginning);
  const candidates: DeliverySummary[] = [];
  const progress = startProgress("Deliveries looked through", terminal);
  let seen = 0;
  try {
    for (const one of walk(journal, {})) {
      if (one.requestId === name) return [one];
      if (isBeginning && one.id.startsWith(beginning)) candidates.push(one);
      progress.step(++seen);
    }
  } finally {
    progress.end();
  }
  return candidates.slice(0, MOST_CANDIDATES);
}

function* walk(journal: Journal, filter: DeliveryFilter): Generator<DeliverySummary> {
  let next: string | null | undefined;
  while (next !== null) {
    const page = journal.list({
      ...filter,
      limit: PAGE,
      ...(next === undefined ? {} : { cursor: next }),
    });
    yield* page.deliveries;
    next = page.next;
  }
}
