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
/** Enough to show that a prefix is too short. */
const MOST_CANDIDATES = 10;
/** The first digits of an id are the time; so many of them make about a minute. */
const PREFIX = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/;
const TIME_DIGITS = 12;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

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
  const candidates = PREFIX.test(id) ? startingWith(journal, id) : [];
  const [only] = candidates;
  if (only === undefined) {
    return found(journal, byRequestId(journal, name, terminal)) ?? { candidates };
  }
  return candidates.length > 1 ? { candidates } : found(journal, only) ?? { candidates };
}

function found(journal: Journal, summary: DeliverySummary | undefined): Found | undefined {
  // Retention may have removed it meanwhile.
  const delivery = summary === undefined ? undefined : journal.get(summary.id);
  return delivery === undefined ? undefined : { delivery };
}

/** An id's time is that of the answer, which follows what was received soon, as a rule. */
function startingWith(journal: Journal, prefix: string): readonly DeliverySummary[] {
  const digits = prefix.replaceAll("-", "").slice(0, TIME_DIGITS);
  const first = parseInt(digits.padEnd(TIME_DIGITS, "0"), 16);
  const last = parseInt(digits.padEnd(TIME_DIGITS, "f"), 16);
  for (const slackMs of [MINUTE_MS, HOUR_MS]) {
    const candidates: DeliverySummary[] = [];
    for (const one of walk(journal, { since: first - slackMs, until: last + slackMs })) {
      if (one.id.startsWith(prefix)) candidates.push(one);
      if (candidates.length === MOST_CANDIDATES) break;
    }
    if (candidates.length > 0) return candidates;
  }
  return [];
}

function byRequestId(
  journal: Journal,
  requestId: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
): DeliverySummary | undefined {
  const progress = startProgress("Looking for the request id", terminal);
  let seen = 0;
  try {
    for (const one of walk(journal, {})) {
      if (one.requestId === requestId) return one;
      progress.step(++seen);
    }
    return undefined;
  } finally {
    progress.end();
  }
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
