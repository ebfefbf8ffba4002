import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";
import type { Journal } from "../../journal/journal.ts";
import { startProgress, type Terminal } from "../terminal/terminal.ts";
import { findByBeginning, isBeginning, type ReadPage, walkPages } from "../records/show.ts";
import { findJournal, lookInto, type WhichJournal } from "../records/open_journal.ts";
import { describeTable } from "./list.ts";

/** The delivery that was meant, or why none is. */
type Found =
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
export async function findDelivery(
  journal: Journal,
  name: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
): Promise<Found> {
  const id = name.toLowerCase();
  const exact = await journal.get(id);
  if (exact !== undefined) return { delivery: exact };
  const near = isBeginning(id) ? await findByBeginning(pagesOf(journal), id) : [];
  const candidates = near.length > 0 ? near : await lookEverywhere(journal, name, terminal);
  const [only, ...others] = candidates;
  // Retention may have removed it meanwhile.
  const delivery = only === undefined || others.length > 0 ? undefined : await journal.get(only.id);
  return delivery === undefined ? { candidates } : { delivery };
}

/**
 * Finds a delivery in the journal of a config, to decide it again.
 *
 * @param name An id, the beginning of one, or a request id.
 * @param which Which config.
 * @param terminal Where it is told when there is none, or none with a body.
 * @returns The delivery, or the exit code.
 */
export async function readDelivery(
  name: string,
  which: WhichJournal,
  terminal: Terminal,
): Promise<StoredDelivery | number> {
  const section = await findJournal(which, terminal);
  if (section === undefined) return 2;
  let delivery: StoredDelivery | undefined;
  const code = await lookInto(section, terminal, async (journal) => {
    const found = await findDelivery(journal, name, terminal);
    delivery = found.delivery;
    const { erasedAt = null, body, bodyBytes = 0 } = delivery ?? {};
    const complaint = found.delivery === undefined
      ? describeNone(name, found.candidates)
      : erasedAt !== null
      ? `Cannot decide delivery ${found.delivery.id} again: it was erased\n`
      : bodyBytes > (body?.length ?? 0)
      ? `Cannot decide delivery ${found.delivery.id} again: only part of its body was kept\n`
      : undefined;
    if (complaint === undefined) return 0;
    terminal.err(complaint);
    return 1;
  });
  return code === 0 && delivery !== undefined ? delivery : code;
}

/**
 * Says that a name means no delivery, or more than one.
 *
 * @param name What it was called.
 * @param candidates Those whose ids begin so.
 * @returns What is told, with a line break at its end.
 */
export function describeNone(name: string, candidates: readonly DeliverySummary[]): string {
  if (candidates.length === 0) return `There is no delivery "${name}"\n`;
  const table = describeTable(candidates).join("\n");
  return `More than one delivery begins with "${name}":\n\n${table}\n`;
}

/** The newest delivery with this request id, else those whose ids begin so. */
async function lookEverywhere(
  journal: Journal,
  name: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
): Promise<readonly DeliverySummary[]> {
  const beginning = name.toLowerCase();
  const canBegin = isBeginning(beginning);
  const candidates: DeliverySummary[] = [];
  const progress = startProgress("Deliveries looked through", terminal);
  let seen = 0;
  try {
    for await (const one of walkPages(pagesOf(journal))) {
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
  return async (part) => {
    const { deliveries, next } = await journal.list(part);
    return { rows: deliveries, next };
  };
}
