import { testConsole } from "./contract_console.ts";
import { testDeliveries } from "./contract_deliveries.ts";
import { testErasure } from "./contract_erasure.ts";
import { testEventRetention } from "./contract_event_retention.ts";
import { testEvents } from "./contract_events.ts";
import { testExportsAndRemoval } from "./contract_exports.ts";
import { testOutboxView } from "./contract_outbox_view.ts";
import { testWorkerOutbox } from "./contract_outbox.ts";
import { testEventFilters } from "./event_filter_property.ts";
import { testFilters } from "./filter_property.ts";
import { testWholeness } from "./contract_wholeness.ts";
import { testRare } from "./contract_rare.ts";
import { testRepeats } from "./contract_repeats.ts";
import type { WithJournal } from "./samples.ts";

/**
 * What every store must do, in the words of the contract.
 *
 * @param store Its name, for the names of the tests.
 * @param withJournal Runs a test with an empty one.
 * @param numRuns How many examples a property is tried with; each needs an empty one.
 */
export function testContract(store: string, withJournal: WithJournal, numRuns = 60): void {
  testDeliveries(store, withJournal);
  testExportsAndRemoval(store, withJournal);
  testWholeness(store, withJournal);
  testFilters(store, withJournal, numRuns);
  testEvents(store, withJournal);
  testRare(store, withJournal);
  testRepeats(store, withJournal, numRuns);
  testEventFilters(store, withJournal, numRuns);
  testWorkerOutbox(store, withJournal, numRuns);
  testOutboxView(store, withJournal);
  testEventRetention(store, withJournal);
  testErasure(store, withJournal);
  testConsole(store, withJournal);
}
