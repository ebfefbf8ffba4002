import { within } from "../../e2e/waits.ts";

/** What happens, in order, for a test to wait for; not for ever. */
export interface Queue<T> {
  push(item: T): void;
  /** The first that was not waited for yet. */
  next(): Promise<T>;
  /** The first ones that were not waited for yet. */
  take(count: number): Promise<readonly T[]>;
  /** How many were not waited for yet. */
  readonly size: number;
}

/** Makes an empty queue. */
export function createQueue<T>(): Queue<T> {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  let came = 0;
  function next(): Promise<T> {
    const [item] = items.splice(0, 1);
    return item === undefined
      ? within("the next in the queue", new Promise((resolve) => waiting.push(resolve)), {
        soFar: () => `${came} in all`,
      })
      : Promise.resolve(item);
  }
  return {
    push(item) {
      came++;
      const waiter = waiting.shift();
      if (waiter === undefined) items.push(item);
      else waiter(item);
    },
    next,
    async take(count) {
      const taken: T[] = [];
      while (taken.length < count) taken.push(await next());
      return taken;
    },
    get size() {
      return items.length;
    },
  };
}
