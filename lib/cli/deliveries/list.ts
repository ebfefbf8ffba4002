import type { Handler } from "../../../handlers/handler.ts";
import type { DeliveryFilter } from "../../journal/filter.ts";
import type { Journal } from "../../journal/journal.ts";
import { type Listing, type Part, runList } from "../records/paging.ts";
import { type ListedDelivery, withBrief } from "./briefs.ts";
import { readFilter } from "./filter_options.ts";
import { summaryRecord } from "./record.ts";
import { describeTable } from "./table.ts";
import type { RunCommand } from "../terminal/table.ts";

interface ListFilter extends DeliveryFilter {
  /** The number of an order or a cart, as the shopper or the store writes it. */
  readonly order?: string;
}

/**
 * Makes `storehook deliveries list`.
 *
 * @param handlers The kinds that endpoints may have.
 */
export function deliveriesListCommand(handlers: readonly Handler[]): RunCommand {
  const listing: Listing<ListFilter, ListedDelivery> = {
    command: "deliveries list",
    kinds: handlers,
    readFilter(options) {
      const order = options.text("order");
      return { ...readFilter(options), ...(order === undefined ? {} : { order }) };
    },
    page: (journal, wanted) => readPage(journal, wanted, handlers),
    describe: describeTable,
    record: (row) => ({ ...summaryRecord(row), brief: row.brief }),
    none: "There is no such delivery.",
    follows: true,
  };
  return (options, terminal) => runList(listing, options, terminal);
}

/** A page; for the number of an order, as many pages as it takes to fill one. */
async function readPage(
  journal: Journal,
  { order, ...wanted }: ListFilter & Part,
  handlers: readonly Handler[],
): Promise<{ readonly rows: readonly ListedDelivery[]; readonly next: string | null }> {
  // The number stands in the body, so the journal can leave out most of the others.
  const filter = order === undefined || wanted.text !== undefined
    ? wanted
    : { ...wanted, text: order };
  const rows: ListedDelivery[] = [];
  let cursor = wanted.cursor;
  while (true) {
    const limit = wanted.limit - rows.length;
    const page = await journal.list({
      ...filter,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id } of page.deliveries) {
      const delivery = await journal.get(id);
      // Retention may have removed it meanwhile.
      if (delivery === undefined) continue;
      const row = withBrief(handlers, delivery);
      if (order === undefined || isOfOrder(row, order)) rows.push(row);
    }
    if (page.next === null || rows.length >= wanted.limit) return { rows, next: page.next };
    cursor = page.next;
  }
}

function isOfOrder({ brief }: ListedDelivery, order: string): boolean {
  return brief.orders?.some((number) => number.toLowerCase() === order.toLowerCase()) ?? false;
}
