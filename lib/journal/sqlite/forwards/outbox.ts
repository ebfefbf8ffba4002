import type { Forward } from "../../../forward/outbox.ts";
import type { JournalOutbox } from "../../forwards.ts";
import type { Listeners } from "../../listeners.ts";
import { changeForwards } from "./change_forwards.ts";
import type { GroupCommit } from "../group_commit.ts";
import type { Keeper } from "../upkeep/keeper.ts";
import type { ReadSession } from "../session.ts";

/**
 * Fills the contract of the outbox.
 *
 * @param keeper Gives the session.
 * @param commits Commits what a worker writes together with what is recorded.
 * @param listeners Those who want to be told of changes.
 * @returns The outbox.
 */
export function createOutbox(
  keeper: Keeper,
  commits: GroupCommit,
  listeners: Listeners,
): JournalOutbox {
  return {
    ...readingOutbox(keeper.session),
    async lease(options) {
      let leased: readonly Forward[] = [];
      await commits.submit(({ forwardWriter }) => {
        leased = forwardWriter.lease(options);
      });
      return leased;
    },
    settle: (id, attempt, settlement) =>
      commits.submit(({ forwardWriter }) => forwardWriter.settle(id, attempt, settlement)),
    async release(ids) {
      await commits.submit(({ forwardWriter }) => ids.forEach(forwardWriter.release));
      listeners.announce();
    },
    disable: (destination, entry) =>
      commits.submit(({ disabled }) => disabled.insert(destination, entry)),
    async enable(destination) {
      let wasDisabled = false;
      await commits.submit(({ disabled }) => {
        wasDisabled = disabled.remove(destination);
      });
      listeners.announce();
      return wasDisabled;
    },
    onChange: listeners.add,
    async retry(selection, now = Date.now()) {
      const count = await changeForwards(keeper, selection, (writer, id) => writer.retry(id, now));
      listeners.announce();
      return count;
    },
    async cancel(selection) {
      const count = await changeForwards(keeper, selection, (writer, id) => writer.cancel(id));
      // What waited behind them for its turn may be due.
      listeners.announce();
      return count;
    },
  };
}

/**
 * Fills the part of the contract that changes nothing.
 *
 * @param session Gives the session to read with.
 * @returns That part.
 */
export function readingOutbox(
  session: () => ReadSession,
): Pick<JournalOutbox, "list" | "get" | "nextDueAt" | "disabled" | "counts" | "countsByState"> {
  return {
    list: (options = {}) => session().forwards.list(options),
    get: (id) => session().forwards.get(id),
    nextDueAt: (destination, ordered) => session().forwards.nextDueAt(destination, ordered),
    disabled: () => session().disabled.all(),
    counts: () => session().forwards.counts(),
    countsByState: () => session().forwards.countsByState(),
  };
}
