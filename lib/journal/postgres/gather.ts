import { setImmediate } from "node:timers";
import { createFreeList } from "../../util/memory.ts";
import { createBatchSize } from "../batch_size.ts";

/** What comes of one item. */
export type Gathered<Result> = { readonly result: Result } | { readonly failure: unknown };

/** Handles items together that come at about the same time. */
export interface Gatherer<Item, Result> {
  readonly submit: (item: Item) => Promise<Result>;
  /** Resolves when nothing is under way any more. */
  readonly idle: () => Promise<void>;
}

/** How items are handled. */
export interface GatherOptions<Item, Result> {
  /** Handles some of them, and says what comes of each; what it throws comes of all. */
  readonly handle: (items: readonly Item[]) => Promise<readonly Gathered<Result>[]>;
  /** How many groups are under way at a time, where there is enough for more than one. */
  readonly groups: number;
  /** How many items a group has at most. */
  readonly mostAtOnce: number;
  /** How many bytes an item takes, where that differs much. */
  readonly bytesOf?: (item: Item) => number;
}

/** A group takes no more, unless one item does: what is sent to a database is held as a whole. */
const MOST_BYTES = 33_554_432;

/** The way to the database may be long: two that wait for it need not wait for another group. */
const LEAST_IN_GROUP = 2;

/**
 * Makes a gatherer: what comes while others are handled waits for the next group, because it is the
 * way to the database and its disk that costs.
 *
 * @param options How items are handled.
 * @returns The gatherer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { submit } = createGatherer<number, number>({
 *   handle: (items) => Promise.resolve(items.map(() => ({ result: items.length }))),
 *   groups: 1,
 *   mostAtOnce: 10,
 * });
 * assertEquals(await Promise.all([submit(1), submit(2)]), [2, 2]);
 * ```
 */
export function createGatherer<Item, Result>(
  { handle, groups, mostAtOnce, bytesOf = () => 0 }: GatherOptions<Item, Result>,
): Gatherer<Item, Result> {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
    readonly reject: (reason: unknown) => void;
  }
  const waiting: Waiting[] = [];
  const running = createFreeList<Promise<void>>();
  const size = createBatchSize(LEAST_IN_GROUP);
  /** Those that wait and those under way. */
  let pending = 0;
  let isPlanned = false;

  function isEnough(): boolean {
    return running.size() === 0 ? waiting.length > 0 : waiting.length >= size.full();
  }

  function plan(): void {
    if (isPlanned || running.size() >= groups || !isEnough()) return;
    isPlanned = true;
    // Where nobody else comes, there is nobody to wait for.
    (size.isLone() ? queueMicrotask : setImmediate)(() => {
      isPlanned = false;
      const group = waiting.splice(0, countTogether());
      size.sent(pending);
      const slot = running.add(
        handleGroup(group).finally(() => {
          pending -= group.length;
          running.take(slot);
          plan();
        }),
      );
      plan();
    });
  }

  function countTogether(): number {
    let bytes = 0;
    const next = waiting.slice(0, mostAtOnce);
    const found = next.findIndex(({ item }) => (bytes += bytesOf(item)) > MOST_BYTES);
    return found < 0 ? next.length : Math.max(1, found);
  }

  async function handleGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const gathered = await handle(group.map(({ item }) => item));
      for (const [index, { resolve, reject }] of group.entries()) {
        const one = gathered[index];
        if (one !== undefined && "result" in one) resolve(one.result);
        else reject(one?.failure);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return {
    submit(item) {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      waiting.push({ item, resolve, reject });
      size.hear(++pending);
      plan();
      return promise;
    },
    async idle() {
      while (waiting.length > 0 || running.size() > 0 || isPlanned) {
        await new Promise((resolve) => setImmediate(resolve));
        await Promise.all(running.values());
      }
    },
  };
}
