import type { Handler } from "../../../handlers/handler.ts";
import type { DeliveryFilter } from "../../journal/filter.ts";
import type { Journal } from "../../journal/journal.ts";
import { LIST_HELP, type Listing, type Part, runList } from "../records/paging.ts";
import type { Command } from "../terminal/command.ts";
import { type ListedDelivery, withBrief } from "./briefs.ts";
import { FILTER_HELP, FILTER_OPTIONS, readFilter } from "./filter_options.ts";
import { summaryRecord } from "./record.ts";
import { describeTable } from "./table.ts";

interface ListFilter extends DeliveryFilter {
  /** The number of an order or a cart, as the shopper or the store writes it. */
  readonly order?: string;
}

/**
 * Makes `storehook deliveries list`.
 *
 * @param handlers The kinds that endpoints may have.
 */
export function deliveriesListCommand(handlers: readonly Handler[]): Command {
  const listing: Listing<ListFilter, ListedDelivery> = {
    command: "deliveries list",
    kinds: handlers,
    options: { ...FILTER_OPTIONS, text: [...FILTER_OPTIONS.text, "order"] },
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
  return {
    name: "deliveries list",
    summary: "what was received and answered, newest first",
    help: `Usage: storehook deliveries list [options]

Lists the deliveries of the journal, newest first, with the order's number, its
total, the shopper and the answer. Works beside a running server.

Options:
  --order N         only of the order or the cart of this number
${FILTER_HELP}${LIST_HELP}  --follow          the newest last, and then each that comes, until Ctrl+C

Examples:
  storehook deliveries list --order 28604
  storehook deliveries list --status 4xx --since 2h
  storehook deliveries list --rule "large orders" --since yesterday --json
  storehook deliveries list --follow

Exit codes: 0 fine, 1 the journal can't be read, 2 wrong usage or config
`,
    run: (args, terminal) => runList(listing, args, terminal),
  };
}

/** A page; for the number of an order, as many pages as it takes to fill one. */
function readPage(
  journal: Journal,
  { order, ...wanted }: ListFilter & Part,
  handlers: readonly Handler[],
): { readonly rows: readonly ListedDelivery[]; readonly next: string | null } {
  // The number stands in the body, so the journal can leave out most of the others.
  const filter = order === undefined || wanted.text !== undefined
    ? wanted
    : { ...wanted, text: order };
  const rows: ListedDelivery[] = [];
  let cursor = wanted.cursor;
  while (true) {
    const limit = wanted.limit - rows.length;
    const page = journal.list({ ...filter, limit, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id } of page.deliveries) {
      const delivery = journal.get(id);
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
