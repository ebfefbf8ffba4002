import { testDeliveries } from "./contract_deliveries.ts";
import { testExportsAndRemoval } from "./contract_exports.ts";
import { testFilters } from "./filter_property.ts";
import type { WithJournal } from "./samples.ts";

/** What every store must do, in the words of the contract. */
export function testContract(store: string, withJournal: WithJournal): void {
  testDeliveries(store, withJournal);
  testExportsAndRemoval(store, withJournal);
  testFilters(store, withJournal);
}
