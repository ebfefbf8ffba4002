import type { Forward } from "../../forward/outbox.ts";
import type { ExportIdentity, UncountedVersion } from "../export.ts";
import type { JournalOutbox } from "../forwards.ts";
import type { Journal } from "../journal.ts";
import type { EncodedDelivery } from "./deliveries/delivery_row.ts";
import type { EncodedEvent } from "./events/event_row.ts";
import { changeForwards } from "./forwards/change_forwards.ts";
import type { GroupCommit } from "./group_commit.ts";
import { erase } from "./upkeep/erase.ts";
import type { Keeper } from "./upkeep/keeper.ts";
import { prune } from "./upkeep/prune.ts";

/**
 * All that changes the file, in values that can be sent to another thread.
 *
 * Each rejects with `JournalUnavailable` when the file can't be written.
 */
export interface Changes extends
  Pick<Journal, "prune" | "erase">,
  Pick<
    JournalOutbox,
    "lease" | "settle" | "release" | "retry" | "cancel" | "disable" | "enable"
  > {
  /**
   * Stores a delivery and what follows from it, all of it or nothing.
   *
   * @returns The ids of the events that are kept though the sender's id was known.
   */
  record(
    delivery: EncodedDelivery,
    events: readonly EncodedEvent[],
    exported?: UncountedVersion,
  ): Promise<readonly string[]>;
  /** Gives a list this identity unless it has one, and returns the one that it has now. */
  assignExport(
    endpoint: string,
    listKey: string,
    identity: ExportIdentity,
  ): Promise<ExportIdentity>;
}

/**
 * Changes the file in this thread.
 *
 * @param keeper Gives the session.
 * @param commits Commits together what belongs to one turn.
 * @returns The changes.
 */
export function createChanges(keeper: Keeper, commits: GroupCommit): Changes {
  return {
    // Each an async function, so that what is thrown becomes a rejection.
    async record(delivery, events, exported) {
      let contradicting: readonly string[] = [];
      await commits.submit(({ writer, eventWriter, exports }) => {
        writer.insert(delivery);
        contradicting = eventWriter.insert(delivery, events);
        if (exported !== undefined) exports.save(exported);
      });
      return contradicting;
    },
    async assignExport(endpoint, listKey, wanted) {
      let identity = wanted;
      await commits.submit(({ exports }) => {
        identity = exports.assign(endpoint, listKey, wanted);
      });
      return identity;
    },
    async lease(options) {
      let leased: readonly Forward[] = [];
      await commits.submit(({ forwardWriter }) => {
        leased = forwardWriter.lease(options);
      });
      return leased;
    },
    settle: (id, attempt, settlement) =>
      commits.submit(({ forwardWriter }) => forwardWriter.settle(id, attempt, settlement)),
    release: (ids) => commits.submit(({ forwardWriter }) => ids.forEach(forwardWriter.release)),
    disable: (destination, entry) =>
      commits.submit(({ disabled }) => disabled.insert(destination, entry)),
    async enable(destination) {
      let wasDisabled = false;
      await commits.submit(({ disabled }) => {
        wasDisabled = disabled.remove(destination);
      });
      return wasDisabled;
    },
    retry: (selection, now = Date.now()) =>
      changeForwards(keeper, selection, (writer, id) => writer.retry(id, now)),
    cancel: (selection) => changeForwards(keeper, selection, (writer, id) => writer.cancel(id)),
    prune: (options) => prune(keeper, options),
    erase: (email, options) => erase(keeper, email, options),
  };
}
